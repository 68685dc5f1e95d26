#include "pipeline/layered/order.h"
#include "pipeline/layered/spread.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Looks for an order with few crossings: spreads from several starts, sifts the best of them, then
/// leaves its hollow again and again, near by or far off, and goes down anew. What it may spend is
/// counted in steps, not in time, so that the result is the same on every machine.
class OrderSearch
{
public:
    explicit OrderSearch(const Ranked &ranked);
    [[nodiscard]] RankOrder::Ranks run();

private:
    struct Found
    {
        RankOrder::Ranks ranks;
        qint64 crossings = 0;
    };

    static constexpr double nearShare = 0.01; ///< how much Spread minds an even distribution
    static constexpr int startsByChance = 6;
    static constexpr int firstSifts = 3;
    static constexpr int nextSifts = 2;
    static constexpr int patience = 12;

    [[nodiscard]] Found found() const { return {m_order.ranks(), m_order.count()}; }
    [[nodiscard]] qint64 work() const { return m_order.work() + m_spreadWork; }
    [[nodiscard]] RankOrder::Ranks shuffled();
    [[nodiscard]] Found spread(const RankOrder::Ranks &from, int rounds, double towardsShare);
    [[nodiscard]] Found sifted(const Found &from, int passes);
    [[nodiscard]] std::vector<Found> starts();
    [[nodiscard]] Found kicked(const Found &best, int kick);

    const Ranked &m_ranked;
    const qint64 m_budget;
    const int m_startRounds;
    RankOrder m_order;
    qint64 m_spreadWork = 0;
    quint32 m_chance = 1;
};

/// Small graphs, and pipelines are small, get more for each piece; dense ones of any size must not
/// hold up who waits.
qint64 budgetOf(const Ranked &ranked)
{
    constexpr qint64 forEach = 2600;
    constexpr qint64 forEachOfTheFirst = 5400;
    constexpr qint64 first = 300;
    constexpr qint64 most = 80'000'000;
    const auto pieces = qint64(ranked.pieces.size());
    return std::min(most, forEach * pieces + forEachOfTheFirst * std::min(pieces, first));
}

/// Enough to come to rest, but no more than half the budget over all starts.
int startRoundsOf(const Ranked &ranked, qint64 budget)
{
    constexpr qint64 least = 5;
    constexpr qint64 most = 100;
    const qint64 affordable = budget / (qint64(ranked.pieces.size()) * 32 + 1);
    return int(std::clamp(std::min(qint64(ranked.vertices.size()), affordable), least, most));
}

OrderSearch::OrderSearch(const Ranked &ranked)
    : m_ranked(ranked), m_budget(budgetOf(ranked)), m_startRounds(startRoundsOf(ranked, m_budget)),
      m_order(ranked)
{}

/// By a generator of our own with a fixed seed: the same each time.
RankOrder::Ranks OrderSearch::shuffled()
{
    RankOrder::Ranks ranks = m_ranked.ranks;
    for (std::vector<int> &rank : ranks) {
        for (size_t left = rank.size(); left > 1; --left) {
            m_chance = m_chance * 1664525U + 1013904223U;
            std::swap(rank[left - 1], rank[(m_chance >> 8U) % left]);
        }
    }
    return ranks;
}

OrderSearch::Found OrderSearch::spread(const RankOrder::Ranks &from, int rounds,
                                       double towardsShare)
{
    m_order.restore(spreadRanks(m_ranked, from, rounds, towardsShare));
    m_spreadWork += qint64(rounds) * qint64(m_ranked.pieces.size()) * 4;
    return found();
}

OrderSearch::Found OrderSearch::sifted(const Found &from, int passes)
{
    m_order.restore(from.ranks);
    qint64 crossings = from.crossings;
    for (int pass = 0, idle = 0; pass < passes && idle < 2 && crossings > 0; ++pass, ++idle) {
        const qint64 gone = m_order.sift(
            pass % 2 == 0 ? RankOrder::Tie::Stays : RankOrder::Tie::Moves, m_budget * 2);
        crossings -= gone;
        if (gone > 0)
            idle = -1;
    }
    return {m_order.ranks(), crossings};
}

/// The least crossed first.
std::vector<OrderSearch::Found> OrderSearch::starts()
{
    std::vector<Found> all;
    for (const RankOrder::Start start : {RankOrder::Start::Sources, RankOrder::Start::Sinks}) {
        m_order.startByDepth(start);
        const Found first = found();
        all.push_back(first);
        if (first.crossings == 0)
            return all;
        all.push_back(spread(first.ranks, m_startRounds, nearShare));
    }
    // Spreading ends twisted about as often as not; one of several ends straight.
    for (int i = 0; i < startsByChance && work() < m_budget; ++i)
        all.push_back(spread(shuffled(), m_startRounds, nearShare));
    std::stable_sort(all.begin(), all.end(),
                     [](const Found &a, const Found &b) { return a.crossings < b.crossings; });
    return all;
}

OrderSearch::Found OrderSearch::kicked(const Found &best, int kick)
{
    constexpr int kinds = 6;
    switch (kick % kinds) {
    case 4:
        m_order.restore(best.ranks);
        for (int i = 0; i <= kick % 4; ++i)
            m_order.sweep((kick / kinds + i) % 2 == 0 ? RankOrder::Side::After
                                                      : RankOrder::Side::Before);
        return found();
    case 5:
        return spread(shuffled(), m_startRounds / 2, nearShare * 3);
    default:
        return spread(best.ranks, kinds + kick, nearShare * (kick % 2 == 0 ? 30 : 10));
    }
}

RankOrder::Ranks OrderSearch::run()
{
    const std::vector<Found> first = starts();
    Found best = first.front();
    if (best.crossings == 0)
        return best.ranks;
    const auto keepIfBetter = [&best](Found candidate) {
        if (candidate.crossings >= best.crossings)
            return false;
        best = std::move(candidate);
        return true;
    };
    for (size_t i = 0; i < first.size() && best.crossings > 0; ++i) {
        if (i > 0 && work() > m_budget / 2)
            break;
        keepIfBetter(sifted(first[i], firstSifts));
    }
    for (int kick = 0, idle = 0; best.crossings > 0 && idle < patience && work() < m_budget;
         ++kick, ++idle) {
        if (keepIfBetter(sifted(kicked(best, kick), nextSifts)))
            idle = -1;
    }
    return best.ranks;
}

} // namespace

qint64 crossings(const Ranked &ranked)
{
    return RankOrder(ranked).count();
}

void orderRanks(Ranked &ranked)
{
    ranked.ranks = OrderSearch(ranked).run();
}

} // namespace pilothouse

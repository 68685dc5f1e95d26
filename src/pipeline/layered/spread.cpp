#include "pipeline/layered/spread.h"

#include <algorithm>
#include <numeric>

namespace pilothouse {

namespace {

/// Vertices are numbered rank by rank here, so that those of one rank lie together in memory.
class Spread
{
public:
    Spread(const Ranked &ranked, const std::vector<std::vector<int>> &ranks);
    void run(int rounds, double towardsShare);
    [[nodiscard]] std::vector<std::vector<int>> ranks() const;

private:
    void pull(size_t rank, double towardsShare);
    void share(size_t rank);

    std::vector<size_t> m_first;  ///< by rank: its first number; one more at the end
    std::vector<int> m_vertices;  ///< by number: the vertex
    std::vector<int> m_order;     ///< numbers, those of each rank sorted by place
    std::vector<double> m_place;  ///< by number, from 0 to 1
    std::vector<double> m_share;  ///< by number: where an even distribution would put it
    std::vector<double> m_weight; ///< by number: of each neighbour
    std::vector<int> m_begin;     ///< by number: its first neighbour; one more at the end
    std::vector<int> m_neighbours;
};

Spread::Spread(const Ranked &ranked, const std::vector<std::vector<int>> &ranks)
{
    std::vector<int> numbers(ranked.vertices.size());
    for (const std::vector<int> &rank : ranks) {
        m_first.push_back(m_vertices.size());
        for (const int vertex : rank) {
            numbers[size_t(vertex)] = int(m_vertices.size());
            m_vertices.push_back(vertex);
        }
    }
    m_first.push_back(m_vertices.size());
    m_neighbours.reserve(ranked.pieces.size() * 2);
    for (const int vertex : m_vertices) {
        m_begin.push_back(int(m_neighbours.size()));
        for (const int piece : ranked.before[size_t(vertex)])
            m_neighbours.push_back(numbers[size_t(ranked.pieces[size_t(piece)].from)]);
        for (const int piece : ranked.after[size_t(vertex)])
            m_neighbours.push_back(numbers[size_t(ranked.pieces[size_t(piece)].to)]);
    }
    m_begin.push_back(int(m_neighbours.size()));
    m_order.resize(m_vertices.size());
    std::iota(m_order.begin(), m_order.end(), 0);
    m_share.resize(m_vertices.size());
    m_place.resize(m_vertices.size());
    m_weight.resize(m_vertices.size());
    for (size_t rank = 0; rank + 1 < m_first.size(); ++rank)
        share(rank);
    m_place = m_share;
}

void Spread::pull(size_t rank, double towardsShare)
{
    for (size_t number = m_first[rank]; number < m_first[rank + 1]; ++number) {
        const int begin = m_begin[number];
        const int end = m_begin[number + 1];
        if (begin == end)
            continue;
        double sum = 0;
        for (int i = begin; i < end; ++i)
            sum += m_place[size_t(m_neighbours[size_t(i)])];
        m_place[number] = towardsShare * m_share[number] + sum * m_weight[number];
    }
}

/// Sorts one rank, which is nearly sorted as a rule, so by insertion, and distributes it evenly.
void Spread::share(size_t rank)
{
    const size_t first = m_first[rank];
    const size_t end = m_first[rank + 1];
    constexpr size_t large = 300;
    if (end - first > large)
        std::stable_sort(m_order.begin() + qptrdiff(first), m_order.begin() + qptrdiff(end),
                         [this](int a, int b) { return m_place[size_t(a)] < m_place[size_t(b)]; });
    for (size_t at = first + 1; at < end; ++at) {
        const int number = m_order[at];
        const double place = m_place[size_t(number)];
        size_t to = at;
        for (; to > first && m_place[size_t(m_order[to - 1])] > place; --to)
            m_order[to] = m_order[to - 1];
        m_order[to] = number;
    }
    for (size_t at = first; at < end; ++at)
        m_share[size_t(m_order[at])] = (double(at - first) + 0.5) / double(end - first);
}

void Spread::run(int rounds, double towardsShare)
{
    for (size_t number = 0; number < m_vertices.size(); ++number) {
        const int degree = m_begin[number + 1] - m_begin[number];
        m_weight[number] = degree > 0 ? (1 - towardsShare) / double(degree) : 0;
    }
    constexpr int roundsToShare = 10;
    const size_t count = m_first.size() - 1;
    for (int round = 1; round <= rounds; ++round) {
        for (size_t rank = 0; rank < count; ++rank)
            pull(rank, towardsShare);
        for (size_t rank = count; rank-- > 0;)
            pull(rank, towardsShare);
        if (round % roundsToShare != 0 && round != rounds)
            continue;
        for (size_t rank = 0; rank < count; ++rank)
            share(rank);
    }
}

std::vector<std::vector<int>> Spread::ranks() const
{
    std::vector<std::vector<int>> ranks;
    for (size_t rank = 0; rank + 1 < m_first.size(); ++rank) {
        std::vector<int> &vertices = ranks.emplace_back();
        for (size_t at = m_first[rank]; at < m_first[rank + 1]; ++at)
            vertices.push_back(m_vertices[size_t(m_order[at])]);
    }
    return ranks;
}

} // namespace

std::vector<std::vector<int>> spreadRanks(const Ranked &ranked,
                                          const std::vector<std::vector<int>> &ranks, int rounds,
                                          double towardsShare)
{
    Spread spread(ranked, ranks);
    spread.run(rounds, towardsShare);
    return spread.ranks();
}

} // namespace pilothouse

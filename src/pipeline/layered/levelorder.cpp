#include "pipeline/layered/level.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace pilothouse {

namespace {

enum class Side { Before, After };

/// What a vertex does that crosses as little elsewhere as where it is. Moving opens ways out of a
/// hollow that staying does not see.
enum class Tie { Stays, Moves };

/// The order of the ranks with what the reduction of crossings asks of it.
///
/// Pieces that meet a vertex at different heights (the border of a frame) cross like pieces of
/// different vertices, so they are counted by *slots*: a vertex has one slot a height and side.
class Order
{
public:
    explicit Order(Ranked &ranked);

    void startByDepth();
    void sweep(Side towards);
    void sift(Tie tie);
    void restore(const std::vector<std::vector<int>> &ranks);
    [[nodiscard]] qint64 count() const;

private:
    [[nodiscard]] const std::vector<int> &piecesOf(int vertex, Side side) const
    {
        return side == Side::Before ? m_ranked.before[size_t(vertex)]
                                    : m_ranked.after[size_t(vertex)];
    }
    /// The slot that a piece of `vertex` has at its other end.
    [[nodiscard]] int farSlot(int piece, Side side) const
    {
        const auto at = size_t(piece);
        return side == Side::Before ? m_base[0][size_t(m_ranked.pieces[at].from)] + m_local[0][at]
                                    : m_base[1][size_t(m_ranked.pieces[at].to)] + m_local[1][at];
    }
    void number(size_t rank);
    void numberLocals(int vertex, Side side);
    void sortRank(size_t rank, Side by);
    void siftRank(size_t rank, Tie tie);

    Ranked &m_ranked;
    // Index 0: seen from the next rank (where pieces begin); 1: from the one before (where they
    // end).
    std::vector<int> m_local[2]; ///< by piece: its slot within the vertex
    std::vector<int> m_slots[2]; ///< by vertex: how many slots it has
    std::vector<int> m_base[2];  ///< by vertex: its first slot within the rank
};

Order::Order(Ranked &ranked) : m_ranked(ranked)
{
    for (int end : {0, 1}) {
        m_local[end].assign(ranked.pieces.size(), 0);
        m_slots[end].assign(ranked.vertices.size(), 1);
        m_base[end].assign(ranked.vertices.size(), 0);
    }
    for (size_t vertex = 0; vertex < ranked.vertices.size(); ++vertex) {
        numberLocals(int(vertex), Side::After);
        numberLocals(int(vertex), Side::Before);
    }
    for (size_t rank = 0; rank < ranked.ranks.size(); ++rank)
        number(rank);
}

void Order::numberLocals(int vertex, Side side)
{
    const int end = side == Side::After ? 0 : 1;
    const auto offset = [&](int piece) {
        const Piece &p = m_ranked.pieces[size_t(piece)];
        return side == Side::After ? p.fromOffset : p.toOffset;
    };
    std::vector<double> heights;
    for (const int piece : piecesOf(vertex, side))
        heights.push_back(offset(piece));
    std::sort(heights.begin(), heights.end());
    heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
    for (const int piece : piecesOf(vertex, side)) {
        const auto at = std::lower_bound(heights.begin(), heights.end(), offset(piece));
        m_local[end][size_t(piece)] = int(at - heights.begin());
    }
    m_slots[end][size_t(vertex)] = std::max(1, int(heights.size()));
}

void Order::number(size_t rank)
{
    int next[2] = {0, 0};
    for (const int vertex : m_ranked.ranks[rank]) {
        for (int end : {0, 1}) {
            m_base[end][size_t(vertex)] = next[end];
            next[end] += m_slots[end][size_t(vertex)];
        }
    }
}

/// Follows edges depth first in the order of the input, so that what belongs together begins
/// together.
void Order::startByDepth()
{
    std::vector<char> seen(m_ranked.vertices.size(), 0);
    std::vector<std::vector<int>> ranks(m_ranked.ranks.size());
    std::vector<int> open;
    for (size_t start = 0; start < m_ranked.vertices.size(); ++start) {
        if (!m_ranked.before[start].empty())
            continue;
        open.push_back(int(start));
        while (!open.empty()) {
            const int vertex = open.back();
            open.pop_back();
            if (seen[size_t(vertex)] != 0)
                continue;
            seen[size_t(vertex)] = 1;
            ranks[size_t(m_ranked.vertices[size_t(vertex)].rank)].push_back(vertex);
            const std::vector<int> &pieces = piecesOf(vertex, Side::After);
            for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece)
                open.push_back(m_ranked.pieces[size_t(*piece)].to);
        }
    }
    restore(ranks);
}

void Order::sortRank(size_t rank, Side by)
{
    std::vector<int> &vertices = m_ranked.ranks[rank];
    std::vector<std::pair<double, int>> keyed;
    keyed.reserve(vertices.size());
    double last = -1;
    for (const int vertex : vertices) {
        const std::vector<int> &pieces = piecesOf(vertex, by);
        if (!pieces.empty()) {
            double sum = 0;
            for (const int piece : pieces)
                sum += farSlot(piece, by);
            last = sum / double(pieces.size());
        }
        // One without neighbours there stays behind the vertex it stood behind.
        keyed.emplace_back(last, vertex);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    std::transform(keyed.begin(), keyed.end(), vertices.begin(),
                   [](const auto &entry) { return entry.second; });
    number(rank);
}

void Order::sweep(Side towards)
{
    const size_t count = m_ranked.ranks.size();
    for (size_t i = 1; i < count; ++i) {
        if (towards == Side::After)
            sortRank(i, Side::Before);
        else
            sortRank(count - 1 - i, Side::After);
    }
}

/// Sorted slots of one vertex at one side.
struct Slots
{
    const int *begin = nullptr;
    const int *end = nullptr;
};

/// How many pairs more would cross if `upper` and `lower` changed places.
int gain(const Slots &upper, const Slots &lower)
{
    int sum = 0;
    if ((upper.end - upper.begin) * (lower.end - lower.begin) <= 16) {
        for (const int *a = upper.begin; a != upper.end; ++a) {
            for (const int *b = lower.begin; b != lower.end; ++b)
                sum += int(*b > *a) - int(*b < *a);
        }
        return sum;
    }
    const int *notBelow = lower.begin;
    const int *above = lower.begin;
    for (const int *a = upper.begin; a != upper.end; ++a) {
        while (notBelow != lower.end && *notBelow < *a)
            ++notBelow;
        while (above != lower.end && *above <= *a)
            ++above;
        sum += int(lower.end - above) - int(notBelow - lower.begin);
    }
    return sum;
}

/// Moves each vertex to the place in its rank where it crosses least, the others standing still.
void Order::siftRank(size_t rank, Tie tie)
{
    std::vector<int> &order = m_ranked.ranks[rank];
    const size_t count = order.size();
    if (count < 2)
        return;
    const std::vector<int> vertices = order;
    std::vector<int> values;
    std::vector<size_t> begins[2]; // by index into `vertices`: where its slots begin in `values`
    for (const Side side : {Side::Before, Side::After}) {
        std::vector<size_t> &begin = begins[side == Side::Before ? 0 : 1];
        for (const int vertex : vertices) {
            begin.push_back(values.size());
            for (const int piece : piecesOf(vertex, side))
                values.push_back(farSlot(piece, side));
            std::sort(values.begin() + qptrdiff(begin.back()), values.end());
        }
        begin.push_back(values.size());
    }
    std::vector<size_t> standing(count); // who stands where, as indices into `vertices`
    std::iota(standing.begin(), standing.end(), size_t(0));
    const auto change = [&](size_t upper, size_t lower) {
        int sum = 0;
        for (const std::vector<size_t> &begin : begins)
            sum += gain({values.data() + begin[upper], values.data() + begin[upper + 1]},
                        {values.data() + begin[lower], values.data() + begin[lower + 1]});
        return sum;
    };

    for (size_t mover = 0; mover < count; ++mover) {
        const auto at
            = size_t(std::find(standing.begin(), standing.end(), mover) - standing.begin());
        int best = 0;
        size_t target = at;
        int sum = 0;
        for (size_t up = at; up-- > 0;) {
            sum += change(standing[up], mover);
            if (sum < best || (tie == Tie::Moves && sum == best)) {
                best = sum;
                target = up;
            }
        }
        sum = 0;
        for (size_t down = at + 1; down < count; ++down) {
            sum += change(mover, standing[down]);
            if (sum < best || (tie == Tie::Moves && sum == best)) {
                best = sum;
                target = down;
            }
        }
        const auto begin = standing.begin();
        if (target < at)
            std::rotate(begin + qptrdiff(target), begin + qptrdiff(at), begin + qptrdiff(at) + 1);
        else if (target > at)
            std::rotate(begin + qptrdiff(at), begin + qptrdiff(at) + 1,
                        begin + qptrdiff(target) + 1);
    }
    for (size_t i = 0; i < count; ++i)
        order[i] = vertices[standing[i]];
    number(rank);
}

void Order::restore(const std::vector<std::vector<int>> &ranks)
{
    m_ranked.ranks = ranks;
    for (size_t rank = 0; rank < m_ranked.ranks.size(); ++rank)
        number(rank);
}

void Order::sift(Tie tie)
{
    const size_t count = m_ranked.ranks.size();
    for (size_t rank = 0; rank < count; ++rank)
        siftRank(rank, tie);
    for (size_t rank = count; rank-- > 0;)
        siftRank(rank, tie);
}

qint64 Order::count() const
{
    qint64 total = 0;
    std::vector<std::pair<int, int>> lines;
    std::vector<int> tree;
    for (const std::vector<int> &rank : m_ranked.ranks) {
        lines.clear();
        int most = 0;
        for (const int vertex : rank) {
            for (const int piece : piecesOf(vertex, Side::After)) {
                const int from = m_base[0][size_t(vertex)] + m_local[0][size_t(piece)];
                lines.emplace_back(from, farSlot(piece, Side::After));
                most = std::max(most, lines.back().second);
            }
        }
        std::sort(lines.begin(), lines.end());
        // A Fenwick tree over the far slots: how many lines before end below this one.
        tree.assign(size_t(most) + 2, 0);
        for (size_t i = 0; i < lines.size(); ++i) {
            int notBelow = 0;
            for (int at = lines[i].second + 1; at > 0; at -= at & -at)
                notBelow += tree[size_t(at)];
            total += qint64(i) - notBelow;
            for (int at = lines[i].second + 1; at < int(tree.size()); at += at & -at)
                ++tree[size_t(at)];
        }
    }
    return total;
}

} // namespace

qint64 crossings(const Ranked &ranked)
{
    Ranked copy = ranked;
    return Order(copy).count();
}

void orderRanks(Ranked &ranked, int sweeps)
{
    Order order(ranked);
    order.startByDepth();
    qint64 best = order.count();
    std::vector<std::vector<int>> bestRanks = ranked.ranks;
    const auto keepIfBest = [&](qint64 count) {
        if (count < best) {
            best = count;
            bestRanks = ranked.ranks;
        }
    };

    // Sifting ends in the next hollow; barycentres jump out of it into another one. Small graphs,
    // and pipelines are small, get many tries.
    constexpr int patience = 4;
    constexpr int siftsAtMost = 6;
    const int tries = std::clamp(4000 / (int(ranked.pieces.size()) + 1), 1, 16);
    for (int attempt = 0; attempt < tries && best > 0; ++attempt) {
        qint64 lowest = std::numeric_limits<qint64>::max();
        std::vector<std::vector<int>> lowestRanks;
        const int rounds = attempt == 0 ? sweeps : std::min(sweeps, patience);
        for (int i = 0, idle = 0; i < rounds && idle < patience; ++i, ++idle) {
            order.sweep((i + attempt) % 2 == 0 ? Side::After : Side::Before);
            if (const qint64 count = order.count(); count < lowest) {
                lowest = count;
                lowestRanks = ranked.ranks;
                idle = -1;
            }
        }
        if (lowestRanks.empty())
            break;
        keepIfBest(lowest);
        order.restore(lowestRanks);
        for (int i = 0, idle = 0; i < siftsAtMost && idle < 2 && lowest > 0; ++i, ++idle) {
            order.sift(i % 2 == 0 ? Tie::Stays : Tie::Moves);
            const qint64 count = order.count();
            keepIfBest(count);
            if (count < lowest) {
                lowest = count;
                idle = -1;
            }
        }
    }
    ranked.ranks = std::move(bestRanks);
}

} // namespace pilothouse

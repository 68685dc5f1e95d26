#include "pipeline/layered/order.h"

#include <algorithm>
#include <numeric>

namespace pilothouse {

namespace {

/// A piece leaves one vertex at its right side and comes to the other at its left one.
int farEnd(const Piece &piece, RankOrder::Side side)
{
    return side == RankOrder::Side::After ? piece.to : piece.from;
}

double nearOffset(const Piece &piece, RankOrder::Side side)
{
    return side == RankOrder::Side::After ? piece.fromOffset : piece.toOffset;
}

} // namespace

RankOrder::RankOrder(const Ranked &ranked) : m_ranks(ranked.ranks)
{
    for (const Vertex &vertex : ranked.vertices)
        m_rankOf.push_back(vertex.rank);
    numberLocals(ranked);
    for (size_t rank = 0; rank < m_ranks.size(); ++rank)
        number(rank);
}

void RankOrder::numberLocals(const Ranked &ranked)
{
    const size_t count = ranked.vertices.size();
    std::array<std::vector<int>, 2> locals; // by the side of the vertex the piece is at
    for (const Side side : {Side::Before, Side::After}) {
        std::vector<int> &local = locals[size_t(side)];
        local.assign(ranked.pieces.size(), 0);
        // A vertex is seen from the rank before it by what comes to it, and the other way round.
        std::vector<int> &slots
            = m_slots[size_t(side == Side::Before ? Side::After : Side::Before)];
        slots.assign(count, 1);
        std::vector<double> heights;
        for (size_t vertex = 0; vertex < count; ++vertex) {
            const std::vector<int> &pieces
                = side == Side::Before ? ranked.before[vertex] : ranked.after[vertex];
            heights.clear();
            for (const int piece : pieces)
                heights.push_back(nearOffset(ranked.pieces[size_t(piece)], side));
            std::sort(heights.begin(), heights.end());
            heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
            for (const int piece : pieces) {
                const double height = nearOffset(ranked.pieces[size_t(piece)], side);
                const auto at = std::lower_bound(heights.begin(), heights.end(), height);
                local[size_t(piece)] = int(at - heights.begin());
            }
            slots[vertex] = std::max(1, int(heights.size()));
        }
    }
    for (const Side side : {Side::Before, Side::After}) {
        const Side other = side == Side::Before ? Side::After : Side::Before;
        Neighbours &neighbours = m_neighbours[size_t(side)];
        for (size_t vertex = 0; vertex < count; ++vertex) {
            neighbours.begin.push_back(int(neighbours.far.size()));
            for (const int piece :
                 side == Side::Before ? ranked.before[vertex] : ranked.after[vertex])
                neighbours.far.push_back({farEnd(ranked.pieces[size_t(piece)], side),
                                          locals[size_t(other)][size_t(piece)],
                                          locals[size_t(side)][size_t(piece)]});
        }
        neighbours.begin.push_back(int(neighbours.far.size()));
        m_base[size_t(side)].assign(count, 0);
    }
}

void RankOrder::number(size_t rank)
{
    std::array<int, 2> next{0, 0};
    for (const int vertex : m_ranks[rank]) {
        for (const size_t side : {size_t(0), size_t(1)}) {
            m_base[side][size_t(vertex)] = next[side];
            next[side] += m_slots[side][size_t(vertex)];
        }
    }
}

void RankOrder::restore(const Ranks &ranks)
{
    m_ranks = ranks;
    for (size_t rank = 0; rank < m_ranks.size(); ++rank)
        number(rank);
}

void RankOrder::startByDepth(Start start)
{
    const Side ahead = start == Start::Sources ? Side::After : Side::Before;
    const Side behind = start == Start::Sources ? Side::Before : Side::After;
    const Neighbours &next = m_neighbours[size_t(ahead)];
    const Neighbours &previous = m_neighbours[size_t(behind)];
    std::vector<char> seen(m_rankOf.size(), 0);
    Ranks ranks(m_ranks.size());
    std::vector<int> open;
    for (size_t first = 0; first < m_rankOf.size(); ++first) {
        if (previous.begin[first] != previous.begin[first + 1])
            continue;
        open.push_back(int(first));
        while (!open.empty()) {
            const auto vertex = size_t(open.back());
            open.pop_back();
            if (seen[vertex] != 0)
                continue;
            seen[vertex] = 1;
            ranks[size_t(m_rankOf[vertex])].push_back(int(vertex));
            for (int i = next.begin[vertex + 1]; i-- > next.begin[vertex];)
                open.push_back(next.far[size_t(i)].vertex);
        }
    }
    restore(ranks);
}

void RankOrder::sortRank(size_t rank, Side by)
{
    std::vector<int> &vertices = m_ranks[rank];
    const Neighbours &neighbours = m_neighbours[size_t(by)];
    std::vector<std::pair<double, int>> keyed;
    keyed.reserve(vertices.size());
    double last = -1;
    for (const int vertex : vertices) {
        const int begin = neighbours.begin[size_t(vertex)];
        const int end = neighbours.begin[size_t(vertex) + 1];
        if (begin != end) {
            qint64 sum = 0;
            for (int i = begin; i < end; ++i)
                sum += slotOf(by, neighbours.far[size_t(i)]);
            last = double(sum) / double(end - begin);
        }
        // One without neighbours there stays behind the vertex it stood behind.
        keyed.emplace_back(last, vertex);
        m_work += end - begin + 8;
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    std::transform(keyed.begin(), keyed.end(), vertices.begin(),
                   [](const auto &entry) { return entry.second; });
    number(rank);
}

void RankOrder::sweep(Side towards)
{
    const size_t count = m_ranks.size();
    for (size_t i = 1; i < count; ++i) {
        if (towards == Side::After)
            sortRank(i, Side::Before);
        else
            sortRank(count - 1 - i, Side::After);
    }
}

/// Adds to the weight of each vertex of the rank what its pieces at one side have to do with the
/// mover's there.
void RankOrder::weigh(const Gathered &gathered, size_t mover)
{
    constexpr int few = 4;
    const int own = gathered.begin[mover + 1] - gathered.begin[mover];
    if (own <= few)
        weighOneByOne(gathered, mover);
    else
        weighByTable(gathered, mover);
}

void RankOrder::weighOneByOne(const Gathered &gathered, size_t mover)
{
    const int *slots = gathered.slots.data();
    const int *begin = gathered.begin.data();
    const size_t count = m_weights.size();
    for (int own = begin[mover]; own < begin[mover + 1]; ++own) {
        const int slot = slots[own];
        int at = 0;
        for (size_t other = 0; other < count; ++other) {
            int sum = 0;
            for (const int end = begin[other + 1]; at < end; ++at)
                sum += int(slots[at] > slot) - int(slots[at] < slot);
            m_weights[other] += sum;
        }
        m_work += at;
    }
}

void RankOrder::weighByTable(const Gathered &gathered, size_t mover)
{
    const int most = *std::max_element(gathered.slots.begin(), gathered.slots.end());
    m_table.assign(size_t(most) + 2, 0);
    const int first = gathered.begin[mover];
    const int last = gathered.begin[mover + 1];
    for (int own = first; own < last; ++own)
        ++m_table[size_t(gathered.slots[size_t(own)]) + 1];
    // Now by slot: how many of the mover's are above it.
    for (size_t slot = 1; slot < m_table.size(); ++slot)
        m_table[slot] += m_table[slot - 1];
    for (size_t other = 0; other < m_weights.size(); ++other) {
        for (int at = gathered.begin[other]; at < gathered.begin[other + 1]; ++at) {
            const auto slot = size_t(gathered.slots[size_t(at)]);
            m_weights[other] += m_table[slot] - (last - first - m_table[slot + 1]);
        }
    }
    m_work += qint64(m_table.size() + gathered.slots.size());
}

qint64 RankOrder::siftRank(size_t rank, Tie tie)
{
    std::vector<int> &order = m_ranks[rank];
    const size_t count = order.size();
    if (count < 2)
        return 0;
    const std::vector<int> vertices = order;
    for (const Side side : {Side::Before, Side::After}) {
        Gathered &gathered = m_gathered[size_t(side)];
        const Neighbours &neighbours = m_neighbours[size_t(side)];
        gathered.slots.clear();
        gathered.begin.clear();
        for (const int vertex : vertices) {
            gathered.begin.push_back(int(gathered.slots.size()));
            for (int i = neighbours.begin[size_t(vertex)]; i < neighbours.begin[size_t(vertex) + 1];
                 ++i)
                gathered.slots.push_back(slotOf(side, neighbours.far[size_t(i)]));
        }
        gathered.begin.push_back(int(gathered.slots.size()));
    }
    m_standing.resize(count); // who stands where, as indices into `vertices`
    std::iota(m_standing.begin(), m_standing.end(), 0);

    qint64 gone = 0;
    for (size_t mover = 0; mover < count; ++mover) {
        m_weights.assign(count, 0);
        weigh(m_gathered[0], mover);
        weigh(m_gathered[1], mover);
        const auto begin = m_standing.begin();
        const auto at = size_t(std::find(begin, m_standing.end(), int(mover)) - begin);
        int best = 0;
        size_t target = at;
        int sum = 0;
        for (size_t up = at; up-- > 0;) {
            sum -= m_weights[size_t(m_standing[up])];
            if (sum < best || (tie == Tie::Moves && sum == best)) {
                best = sum;
                target = up;
            }
        }
        sum = 0;
        for (size_t down = at + 1; down < count; ++down) {
            sum += m_weights[size_t(m_standing[down])];
            if (sum < best || (tie == Tie::Moves && sum == best)) {
                best = sum;
                target = down;
            }
        }
        m_work += qint64(count);
        gone -= best;
        if (target < at)
            std::rotate(begin + qptrdiff(target), begin + qptrdiff(at), begin + qptrdiff(at) + 1);
        else if (target > at)
            std::rotate(begin + qptrdiff(at), begin + qptrdiff(at) + 1,
                        begin + qptrdiff(target) + 1);
    }
    for (size_t i = 0; i < count; ++i)
        order[i] = vertices[size_t(m_standing[i])];
    number(rank);
    return gone;
}

qint64 RankOrder::sift(Tie tie, qint64 workAtMost)
{
    const size_t count = m_ranks.size();
    qint64 gone = 0;
    for (size_t rank = 0; rank < count && m_work < workAtMost; ++rank)
        gone += siftRank(rank, tie);
    for (size_t rank = count; rank-- > 0 && m_work < workAtMost;)
        gone += siftRank(rank, tie);
    return gone;
}

qint64 RankOrder::count() const
{
    qint64 total = 0;
    const Neighbours &next = m_neighbours[size_t(Side::After)];
    std::vector<std::pair<int, int>> lines; // slot here, slot there
    for (size_t rank = 0; rank + 1 < m_ranks.size(); ++rank) {
        lines.clear();
        int most = 0;
        for (const int vertex : m_ranks[rank]) {
            const auto own = qptrdiff(lines.size());
            const int base = m_base[size_t(Side::Before)][size_t(vertex)];
            for (int i = next.begin[size_t(vertex)]; i < next.begin[size_t(vertex) + 1]; ++i) {
                const Far &far = next.far[size_t(i)];
                lines.emplace_back(base + far.nearLocal, slotOf(Side::After, far));
                most = std::max(most, lines.back().second);
            }
            std::sort(lines.begin() + own, lines.end());
        }
        m_work += qint64(lines.size()) * 16;
        // A Fenwick tree over the far slots: how many lines before end below this one.
        m_tree.assign(size_t(most) + 2, 0);
        for (size_t i = 0; i < lines.size(); ++i) {
            int notBelow = 0;
            for (int at = lines[i].second + 1; at > 0; at -= at & -at)
                notBelow += m_tree[size_t(at)];
            total += qint64(i) - notBelow;
            for (int at = lines[i].second + 1; at < int(m_tree.size()); at += at & -at)
                ++m_tree[size_t(at)];
        }
    }
    return total;
}

} // namespace pilothouse

#include "pipeline/layered/level.h"

#include <algorithm>
#include <array>
#include <limits>

namespace pilothouse {

namespace {

/// Vertical coordinates after U. Brandes and B. Köpf, "Fast and Simple Horizontal Coordinate
/// Assignment" (2001), turned by 90°: vertices are aligned with their median neighbours into
/// blocks, once from each of four directions, and the two middle results are averaged. Blocks may
/// be bent where edges meet a frame off its centre: each vertex has a shift within its block.
///
/// One direction: `reading` says which rank is aligned to which and from which end.
struct Direction
{
    enum class Neighbours { Left, Right };
    enum class First { Top, Bottom };

    Neighbours neighbours = Neighbours::Left;
    First first = First::Top;
};

class Placer
{
public:
    Placer(const Ranked &ranked, const std::function<double(const Vertex &, const Vertex &)> &gap);

    [[nodiscard]] std::vector<double> place(const Direction &direction) const;

private:
    struct Blocks
    {
        std::vector<int> root;
        std::vector<double> shift; ///< of a vertex's centre from that of its block's root
    };

    void markConflicts();
    [[nodiscard]] bool isInner(const Piece &piece) const
    {
        return m_ranked.vertices[size_t(piece.from)].passing
               && m_ranked.vertices[size_t(piece.to)].passing;
    }
    [[nodiscard]] Blocks align(const Direction &direction) const;
    [[nodiscard]] std::vector<double> compact(const Blocks &blocks, Direction::First first) const;

    const Ranked &m_ranked;
    const std::function<double(const Vertex &, const Vertex &)> &m_gap;
    std::vector<int> m_position;   ///< by vertex: its place in its rank
    std::vector<char> m_conflicts; ///< by piece: it crosses one that has to stay straight
};

Placer::Placer(const Ranked &ranked,
               const std::function<double(const Vertex &, const Vertex &)> &gap)
    : m_ranked(ranked), m_gap(gap), m_position(ranked.vertices.size(), 0),
      m_conflicts(ranked.pieces.size(), 0)
{
    for (const std::vector<int> &rank : ranked.ranks) {
        for (size_t i = 0; i < rank.size(); ++i)
            m_position[size_t(rank[i])] = int(i);
    }
    markConflicts();
}

void Placer::markConflicts()
{
    for (const std::vector<int> &rank : m_ranked.ranks) {
        std::vector<const Piece *> inner;
        std::vector<int> others;
        for (const int vertex : rank) {
            for (const int piece : m_ranked.before[size_t(vertex)]) {
                if (isInner(m_ranked.pieces[size_t(piece)]))
                    inner.push_back(&m_ranked.pieces[size_t(piece)]);
                else
                    others.push_back(piece);
            }
        }
        if (inner.empty())
            continue;
        for (const int other : others) {
            const Piece &piece = m_ranked.pieces[size_t(other)];
            const int from = m_position[size_t(piece.from)];
            const int to = m_position[size_t(piece.to)];
            m_conflicts[size_t(other)] = std::any_of(
                inner.begin(), inner.end(), [&](const Piece *straight) {
                    const int innerFrom = m_position[size_t(straight->from)];
                    const int innerTo = m_position[size_t(straight->to)];
                    return (from < innerFrom && to > innerTo) || (from > innerFrom && to < innerTo);
                });
        }
    }
}

Placer::Blocks Placer::align(const Direction &direction) const
{
    const bool left = direction.neighbours == Direction::Neighbours::Left;
    const int sign = direction.first == Direction::First::Top ? 1 : -1;
    Blocks blocks{std::vector<int>(m_ranked.vertices.size()),
                  std::vector<double>(m_ranked.vertices.size(), 0)};
    for (size_t vertex = 0; vertex < blocks.root.size(); ++vertex)
        blocks.root[vertex] = int(vertex);

    const size_t count = m_ranked.ranks.size();
    for (size_t step = 1; step < count; ++step) {
        const std::vector<int> &rank = m_ranked.ranks[left ? step : count - 1 - step];
        int reached = std::numeric_limits<int>::min(); // signed position in the rank aligned to
        for (size_t i = 0; i < rank.size(); ++i) {
            const int vertex = rank[sign > 0 ? i : rank.size() - 1 - i];
            std::vector<int> pieces
                = left ? m_ranked.before[size_t(vertex)] : m_ranked.after[size_t(vertex)];
            const auto far = [&](int piece) {
                const Piece &p = m_ranked.pieces[size_t(piece)];
                return left ? p.from : p.to;
            };
            const auto key = [&](int piece) {
                const Piece &p = m_ranked.pieces[size_t(piece)];
                return std::pair(sign * m_position[size_t(far(piece))],
                                 sign * (left ? p.fromOffset : p.toOffset));
            };
            std::stable_sort(pieces.begin(), pieces.end(),
                             [&](int a, int b) { return key(a) < key(b); });
            const size_t degree = pieces.size();
            if (degree == 0)
                continue;
            for (const size_t median : {(degree - 1) / 2, degree / 2}) {
                const int piece = pieces[median];
                const int neighbour = far(piece);
                const int at = sign * m_position[size_t(neighbour)];
                if (m_conflicts[size_t(piece)] != 0 || at <= reached)
                    continue;
                const Piece &p = m_ranked.pieces[size_t(piece)];
                const double there = left ? p.fromOffset : p.toOffset;
                const double here = left ? p.toOffset : p.fromOffset;
                blocks.root[size_t(vertex)] = blocks.root[size_t(neighbour)];
                blocks.shift[size_t(vertex)] = blocks.shift[size_t(neighbour)] + there - here;
                reached = at;
                break;
            }
        }
    }
    return blocks;
}

/// Puts the blocks as near to the first side as their distances allow, then each as near to the
/// others as its successors allow.
std::vector<double> Placer::compact(const Blocks &blocks, Direction::First first) const
{
    struct Distance
    {
        int to;
        double least;
    };
    const bool top = first == Direction::First::Top;
    const size_t count = m_ranked.vertices.size();
    std::vector<std::vector<Distance>> next(count);
    std::vector<int> waiting(count, 0);
    for (const std::vector<int> &rank : m_ranked.ranks) {
        for (size_t i = 1; i < rank.size(); ++i) {
            const auto upper = size_t(rank[i - 1]);
            const auto lower = size_t(rank[i]);
            const Vertex &a = m_ranked.vertices[upper];
            const Vertex &b = m_ranked.vertices[lower];
            const double apart = a.height / 2 + m_gap(a, b) + b.height / 2 + blocks.shift[upper]
                                 - blocks.shift[lower];
            const int from = blocks.root[top ? upper : lower];
            const int to = blocks.root[top ? lower : upper];
            next[size_t(from)].push_back({to, apart});
            ++waiting[size_t(to)];
        }
    }

    std::vector<int> order;
    for (size_t vertex = 0; vertex < count; ++vertex) {
        if (blocks.root[vertex] == int(vertex) && waiting[vertex] == 0)
            order.push_back(int(vertex));
    }
    std::vector<double> distance(count, 0); // from the first side
    for (size_t at = 0; at < order.size(); ++at) {
        const auto block = size_t(order[at]);
        for (const Distance &step : next[block]) {
            distance[size_t(step.to)]
                = std::max(distance[size_t(step.to)], distance[block] + step.least);
            if (--waiting[size_t(step.to)] == 0)
                order.push_back(step.to);
        }
    }
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
        double room = std::numeric_limits<double>::infinity();
        for (const Distance &step : next[size_t(*at)])
            room = std::min(room, distance[size_t(step.to)] - step.least);
        if (room < std::numeric_limits<double>::infinity())
            distance[size_t(*at)] = std::max(distance[size_t(*at)], room);
    }

    std::vector<double> centre(count);
    for (size_t vertex = 0; vertex < count; ++vertex) {
        const double root = distance[size_t(blocks.root[vertex])];
        centre[vertex] = (top ? root : -root) + blocks.shift[vertex];
    }
    return centre;
}

std::vector<double> Placer::place(const Direction &direction) const
{
    return compact(align(direction), direction.first);
}

} // namespace

std::vector<double> placeVertices(const Ranked &ranked,
                                  const std::function<double(const Vertex &, const Vertex &)> &gap)
{
    const size_t count = ranked.vertices.size();
    if (count == 0)
        return {};
    using N = Direction::Neighbours;
    using F = Direction::First;
    const std::array<Direction, 4> directions{
        Direction{N::Left, F::Top}, Direction{N::Right, F::Top}, Direction{N::Left, F::Bottom},
        Direction{N::Right, F::Bottom}};
    const Placer placer(ranked, gap);
    std::array<std::vector<double>, 4> results;
    std::array<std::pair<double, double>, 4> reach;
    size_t tightest = 0;
    for (size_t i = 0; i < directions.size(); ++i) {
        results[i] = placer.place(directions[i]);
        double low = std::numeric_limits<double>::infinity();
        double high = -low;
        for (size_t vertex = 0; vertex < count; ++vertex) {
            low = std::min(low, results[i][vertex] - ranked.vertices[vertex].height / 2);
            high = std::max(high, results[i][vertex] + ranked.vertices[vertex].height / 2);
        }
        reach[i] = {low, high};
        if (high - low < reach[tightest].second - reach[tightest].first)
            tightest = i;
    }
    for (size_t i = 0; i < directions.size(); ++i) {
        const double move = directions[i].first == F::Top
                                ? reach[tightest].first - reach[i].first
                                : reach[tightest].second - reach[i].second;
        for (double &centre : results[i])
            centre += move;
    }

    std::vector<double> centres(count);
    double top = std::numeric_limits<double>::infinity();
    for (size_t vertex = 0; vertex < count; ++vertex) {
        std::array<double, 4> four{results[0][vertex], results[1][vertex], results[2][vertex],
                                   results[3][vertex]};
        std::sort(four.begin(), four.end());
        centres[vertex] = (four[1] + four[2]) / 2;
        top = std::min(top, centres[vertex] - ranked.vertices[vertex].height / 2);
    }
    for (double &centre : centres)
        centre -= top;
    return centres;
}

} // namespace pilothouse

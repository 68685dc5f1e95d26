#include "pipeline/layered/level.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

namespace {

/// Vertices are numbered rank by rank from top to bottom here.
///
/// Each piece pulls like a spring, those of long edges hardest, while the least distances hold.
/// Then what is nearly level is made level, as far as there is room.
class Relaxation
{
public:
    Relaxation(const Ranked &ranked,
               const std::function<double(const Vertex &, const Vertex &)> &gap);
    void run(int sweeps);
    void level();
    [[nodiscard]] std::vector<double> centres() const;

private:
    struct Spring
    {
        int number = 0;
        double strength = 0;
        double offset = 0; ///< of the centre that would make the piece level from the other's
    };

    /// Neighbouring vertices of one rank that would overlap where they want to be, moved as one.
    struct Pool
    {
        double sum = 0;
        double strength = 0;
        size_t end = 0;

        [[nodiscard]] double place() const { return sum / strength; }
    };

    /// Which vertices are level with which: a bar moves as one.
    struct Bars
    {
        std::vector<int> root;
        std::vector<double> shift;
    };

    void relax(size_t rank);
    [[nodiscard]] Bars bars() const;
    [[nodiscard]] std::vector<double> pushed(const Bars &bars, const std::vector<double> &wanted,
                                             int sign) const;

    const Ranked &m_ranked;
    std::vector<size_t> m_first; ///< by rank: its first number; one more at the end
    std::vector<int> m_number;   ///< by vertex
    std::vector<double>
        m_distance;               ///< by number: least distance from the one above, 0 for the first
    std::vector<double> m_packed; ///< by number: its centre if the rank is packed from 0
    std::vector<double> m_centre; ///< by number
    std::vector<size_t> m_begin;  ///< by number: its first spring; one more at the end
    std::vector<Spring> m_springs;
    std::vector<Pool> m_pools; ///< kept to spare allocations
};

/// Of long edges the inner part is to be straight; a node would rather be level with its
/// neighbours than with an edge that goes far.
double strengthOf(const Vertex &a, const Vertex &b)
{
    constexpr double inner = 8;
    constexpr double end = 0.5;
    constexpr double direct = 2;
    if (a.passing && b.passing)
        return inner;
    return a.passing || b.passing ? end : direct;
}

/// Up to which slope a piece is made level: less than two nodes above each other are off their
/// middle, so that whoever has two successors stays between them.
double levelUpTo(const Vertex &a, const Vertex &b)
{
    constexpr double most = 80;
    if (a.passing && b.passing)
        return most;
    const double height
        = a.passing || b.passing ? std::max(a.height, b.height) : std::min(a.height, b.height);
    return std::min(most, height / 2);
}

Relaxation::Relaxation(const Ranked &ranked,
                       const std::function<double(const Vertex &, const Vertex &)> &gap)
    : m_ranked(ranked), m_number(ranked.vertices.size())
{
    int next = 0;
    for (const std::vector<int> &rank : ranked.ranks) {
        m_first.push_back(m_packed.size());
        const Vertex *above = nullptr;
        double at = 0;
        for (const int index : rank) {
            const Vertex &vertex = ranked.vertices[size_t(index)];
            const double distance
                = above ? above->height / 2 + gap(*above, vertex) + vertex.height / 2 : 0;
            at += distance;
            m_distance.push_back(distance);
            m_packed.push_back(at);
            m_number[size_t(index)] = next++;
            above = &vertex;
        }
        for (size_t number = m_first.back(); number < m_packed.size(); ++number)
            m_centre.push_back(m_packed[number] - at / 2);
    }
    m_first.push_back(m_packed.size());
    for (const std::vector<int> &rank : ranked.ranks) {
        for (const int vertex : rank) {
            m_begin.push_back(m_springs.size());
            const auto add = [&](int other, double offset) {
                m_springs.push_back(
                    {m_number[size_t(other)],
                     strengthOf(ranked.vertices[size_t(vertex)], ranked.vertices[size_t(other)]),
                     offset});
            };
            for (const int index : ranked.before[size_t(vertex)]) {
                const Piece &piece = ranked.pieces[size_t(index)];
                add(piece.from, piece.fromOffset - piece.toOffset);
            }
            for (const int index : ranked.after[size_t(vertex)]) {
                const Piece &piece = ranked.pieces[size_t(index)];
                add(piece.to, piece.toOffset - piece.fromOffset);
            }
        }
    }
    m_begin.push_back(m_springs.size());
}

/// The best centres of one rank while all others stand still: where vertices would come too near,
/// they are pooled (isotonic regression).
void Relaxation::relax(size_t rank)
{
    constexpr double idle = 1e-6; // what has no springs stays, unless it is in the way
    m_pools.clear();
    for (size_t number = m_first[rank]; number < m_first[rank + 1]; ++number) {
        Pool pool{idle * m_centre[number], idle, number + 1};
        for (size_t i = m_begin[number]; i < m_begin[number + 1]; ++i) {
            const Spring &spring = m_springs[i];
            pool.sum += spring.strength * (m_centre[size_t(spring.number)] + spring.offset);
            pool.strength += spring.strength;
        }
        pool.sum -= pool.strength * m_packed[number];
        while (!m_pools.empty() && m_pools.back().place() >= pool.place()) {
            pool.sum += m_pools.back().sum;
            pool.strength += m_pools.back().strength;
            m_pools.pop_back();
        }
        m_pools.push_back(pool);
    }
    size_t number = m_first[rank];
    for (const Pool &pool : m_pools) {
        for (const double place = pool.place(); number < pool.end; ++number)
            m_centre[number] = place + m_packed[number];
    }
}

void Relaxation::run(int sweeps)
{
    const size_t count = m_first.size() - 1;
    for (int sweep = 0; sweep < sweeps; ++sweep) {
        for (size_t i = 0; i < count; ++i)
            relax(sweep % 2 == 0 ? i : count - 1 - i);
    }
}

/// Joins what is to be level to bars: pieces that are nearly level, no two of which cross.
Relaxation::Bars Relaxation::bars() const
{
    Bars joined{std::vector<int>(m_centre.size()), std::vector<double>(m_centre.size(), 0)};
    for (size_t number = 0; number < joined.root.size(); ++number)
        joined.root[number] = int(number);
    struct Candidate
    {
        bool end; ///< not the inner part of a long edge
        double slope;
        int from;
        int to;
        double shift;
    };
    std::vector<Candidate> candidates;
    for (const std::vector<int> &rank : m_ranked.ranks) {
        candidates.clear();
        for (const int vertex : rank) {
            for (const int index : m_ranked.after[size_t(vertex)]) {
                const Piece &piece = m_ranked.pieces[size_t(index)];
                const Vertex &a = m_ranked.vertices[size_t(piece.from)];
                const Vertex &b = m_ranked.vertices[size_t(piece.to)];
                const int from = m_number[size_t(piece.from)];
                const int to = m_number[size_t(piece.to)];
                const double shift = piece.fromOffset - piece.toOffset;
                const double slope
                    = std::abs(m_centre[size_t(from)] + shift - m_centre[size_t(to)]);
                if (slope <= levelUpTo(a, b))
                    candidates.push_back({!(a.passing && b.passing), slope, from, to, shift});
            }
        }
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate &a, const Candidate &b) {
                             return std::pair(a.end, a.slope) < std::pair(b.end, b.slope);
                         });
        std::vector<std::pair<int, int>> taken; // sorted
        for (const Candidate &candidate : candidates) {
            const auto after = std::lower_bound(taken.begin(), taken.end(),
                                                std::pair(candidate.from, candidate.to));
            if (after != taken.end()
                && (after->first == candidate.from || after->second <= candidate.to))
                continue;
            if (after != taken.begin()
                && (std::prev(after)->first == candidate.from
                    || std::prev(after)->second >= candidate.to))
                continue;
            taken.insert(after, {candidate.from, candidate.to});
            joined.root[size_t(candidate.to)] = joined.root[size_t(candidate.from)];
            joined.shift[size_t(candidate.to)]
                = joined.shift[size_t(candidate.from)] + candidate.shift;
        }
    }
    return joined;
}

/// Each bar where it wants to be, or as much further down (or up) as it must.
std::vector<double> Relaxation::pushed(const Bars &bars, const std::vector<double> &wanted,
                                       int sign) const
{
    struct Push
    {
        int to;
        double least;
    };
    std::vector<std::vector<Push>> next(m_centre.size());
    std::vector<int> waiting(m_centre.size(), 0);
    for (size_t rank = 0; rank + 1 < m_first.size(); ++rank) {
        for (size_t number = m_first[rank] + 1; number < m_first[rank + 1]; ++number) {
            const size_t upper = number - 1;
            const double apart = m_distance[number] + bars.shift[upper] - bars.shift[number];
            const int from = bars.root[sign > 0 ? upper : number];
            const int to = bars.root[sign > 0 ? number : upper];
            next[size_t(from)].push_back({to, apart});
            ++waiting[size_t(to)];
        }
    }
    std::vector<double> place = wanted;
    std::vector<int> open;
    for (size_t number = 0; number < place.size(); ++number) {
        if (bars.root[number] == int(number) && waiting[number] == 0)
            open.push_back(int(number));
    }
    for (size_t at = 0; at < open.size(); ++at) {
        const auto from = size_t(open[at]);
        for (const Push &push : next[from]) {
            double &to = place[size_t(push.to)];
            to = sign > 0 ? std::max(to, place[from] + push.least)
                          : std::min(to, place[from] - push.least);
            if (--waiting[size_t(push.to)] == 0)
                open.push_back(push.to);
        }
    }
    return place;
}

void Relaxation::level()
{
    constexpr double grid = 8;
    const Bars joined = bars();
    std::vector<double> wanted(m_centre.size(), 0);
    std::vector<int> members(m_centre.size(), 0);
    for (size_t number = 0; number < m_centre.size(); ++number) {
        wanted[size_t(joined.root[number])] += m_centre[number] - joined.shift[number];
        ++members[size_t(joined.root[number])];
    }
    for (size_t number = 0; number < m_centre.size(); ++number)
        wanted[number] /= std::max(1, members[number]);
    const std::vector<double> down = pushed(joined, wanted, 1);
    const std::vector<double> up = pushed(joined, wanted, -1);
    for (size_t number = 0; number < m_centre.size(); ++number) {
        const auto root = size_t(joined.root[number]);
        // Whole fractions add up without a rest.
        m_centre[number]
            = std::round((down[root] + up[root]) / 2 * grid) / grid + joined.shift[number];
    }
}

std::vector<double> Relaxation::centres() const
{
    std::vector<double> centres;
    double top = std::numeric_limits<double>::infinity();
    for (size_t vertex = 0; vertex < m_number.size(); ++vertex) {
        centres.push_back(m_centre[size_t(m_number[vertex])]);
        top = std::min(top, centres[vertex] - m_ranked.vertices[vertex].height / 2);
    }
    for (double &centre : centres)
        centre -= top;
    return centres;
}

} // namespace

std::vector<double> placeVertices(const Ranked &ranked,
                                  const std::function<double(const Vertex &, const Vertex &)> &gap)
{
    constexpr int sweeps = 40;
    Relaxation relaxation(ranked, gap);
    relaxation.run(sweeps);
    relaxation.level();
    return relaxation.centres();
}

} // namespace pilothouse

#include "pipeline/layered/level.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

/// Distributes the pieces at one side of a node, in the order of their other ends, so that they
/// neither meet nor cross. One that runs level keeps its place; the others make room.
class Ports
{
public:
    Ports(const Ranked &ranked, const std::vector<double> &centres)
        : m_ranked(ranked), m_centres(centres)
    {}

    /// What to add to the offset of each of `pieces`, which it sorts from top to bottom.
    [[nodiscard]] std::vector<double> spread(std::vector<int> &pieces, int vertex,
                                             double portGap) const;

private:
    [[nodiscard]] double start(const Piece &piece) const
    {
        return m_centres[size_t(piece.from)] + piece.fromOffset;
    }
    [[nodiscard]] double end(const Piece &piece) const
    {
        return m_centres[size_t(piece.to)] + piece.toOffset;
    }

    const Ranked &m_ranked;
    const std::vector<double> &m_centres;
};

std::vector<double> Ports::spread(std::vector<int> &pieces, int vertex, double portGap) const
{
    const auto far = [&](int index) {
        const Piece &piece = m_ranked.pieces[size_t(index)];
        return piece.from == vertex ? end(piece) : start(piece);
    };
    // An edge that is there twice: the order of the input decides, at both ends.
    std::stable_sort(pieces.begin(), pieces.end(), [&](int a, int b) { return far(a) < far(b); });
    const auto level = std::find_if(pieces.begin(), pieces.end(), [&](int index) {
        const Piece &piece = m_ranked.pieces[size_t(index)];
        return std::abs(start(piece) - end(piece)) < 1e-6;
    });
    const double last = double(pieces.size()) - 1;
    const double middle = level == pieces.end() ? last / 2 : double(level - pieces.begin());
    // All stay away from the corners.
    constexpr double usable = 0.75;
    const double reach = std::max(middle, last - middle);
    const double room = m_ranked.vertices[size_t(vertex)].height / 2 * usable;
    const double step = reach > 0 ? std::min(portGap, room / reach) : 0;
    std::vector<double> moves;
    for (size_t i = 0; i < pieces.size(); ++i)
        moves.push_back((double(i) - middle) * step);
    return moves;
}

} // namespace

void spreadPorts(Ranked &ranked, const std::vector<LevelItem> &items,
                 const std::vector<double> &centres, double portGap)
{
    // Looked at as it was before any port moved: what is level stays so at both ends.
    const Ranked placed = ranked;
    const Ports ports(placed, centres);
    for (size_t vertex = 0; vertex < ranked.vertices.size(); ++vertex) {
        const int item = ranked.vertices[vertex].item;
        if (item < 0 || items[size_t(item)].role != LevelItem::Role::Node)
            continue;
        std::vector<int> pieces = placed.before[vertex];
        std::vector<double> moves = ports.spread(pieces, int(vertex), portGap);
        for (size_t i = 0; i < pieces.size(); ++i)
            ranked.pieces[size_t(pieces[i])].toOffset += moves[i];
        pieces = placed.after[vertex];
        moves = ports.spread(pieces, int(vertex), portGap);
        for (size_t i = 0; i < pieces.size(); ++i)
            ranked.pieces[size_t(pieces[i])].fromOffset += moves[i];
    }
}

} // namespace pilothouse

#pragma once

#include "pipeline/layered/layered.h"

#include <functional>
#include <vector>

namespace pilothouse {

/// Something to place in one container: a node, a frame laid out before, or the point of the
/// container's border where an edge comes in or goes out.
struct LevelItem
{
    enum class Role { Node, Frame, Entry, Exit };

    Role role = Role::Node;
    QSizeF size;
};

/// An edge between two items. Offsets are from the item's top to where the edge meets it.
struct LevelEdge
{
    int from = 0;
    int to = 0;
    double fromOffset = 0;
    double toOffset = 0;
};

struct LevelLayout
{
    std::vector<QPointF> topLeft;    ///< one for each item
    std::vector<EdgeCourse> courses; ///< one for each edge
    QSizeF size;                     ///< entries lie at its left side, exits at its right
};

/// Lays out one container without regard to what is outside. `edges` form no cycle.
[[nodiscard]] LevelLayout layoutLevel(const std::vector<LevelItem> &items,
                                      const std::vector<LevelEdge> &edges,
                                      const LayoutSettings &settings);

/// An item, or the place where a long edge passes a rank.
struct Vertex
{
    int item = -1; ///< -1 = an edge passes
    int rank = 0;
    double height = 0;
    /// Edges are kept straight from passing vertex to passing vertex; entries and exits count.
    bool passing = false;
};

/// A piece of an edge from one rank to the next. Offsets are from the vertices' centres.
struct Piece
{
    int from = 0;
    int to = 0;
    double fromOffset = 0;
    double toOffset = 0;
};

/// The container cut into ranks; the steps of the layout pass it on.
struct Ranked
{
    std::vector<Vertex> vertices;
    std::vector<Piece> pieces;
    std::vector<std::vector<int>> ranks;  ///< vertices from top to bottom
    std::vector<std::vector<int>> chains; ///< for each edge its pieces from left to right
    std::vector<std::vector<int>> before; ///< for each vertex the pieces that end there
    std::vector<std::vector<int>> after;  ///< for each vertex the pieces that begin there
};

/// Step 1: ranks by longest path; entries first, exits last; long edges cut into pieces.
[[nodiscard]] Ranked rankItems(const std::vector<LevelItem> &items,
                               const std::vector<LevelEdge> &edges);

/// Step 2: reorders each rank so that few pieces cross.
void orderRanks(Ranked &ranked);

/// How many pairs of pieces cross in the present order.
[[nodiscard]] qint64 crossings(const Ranked &ranked);

/// Step 3: the vertical centre of each vertex. `gap(a, b)` is the least distance between a vertex
/// and the one below it.
[[nodiscard]] std::vector<double>
placeVertices(const Ranked &ranked,
              const std::function<double(const Vertex &, const Vertex &)> &gap);

/// Step 4: moves the offsets of the pieces at each side of a node apart, at most by `portGap`.
void spreadPorts(Ranked &ranked, const std::vector<LevelItem> &items,
                 const std::vector<double> &centres, double portGap);

} // namespace pilothouse

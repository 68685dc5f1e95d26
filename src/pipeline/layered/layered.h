#pragma once

#include <QList>
#include <QPointF>
#include <QRectF>
#include <QSizeF>

#include <utility>

namespace pilothouse {

/// Distances in the unit of the node sizes (pixels at zoom 1).
struct LayoutSettings
{
    double rankGap = 56;      ///< between one column of nodes and the next; edges bend here
    double nodeGap = 16;      ///< between nodes of one column
    double edgeGap = 10;      ///< between an edge that passes a column and its neighbours
    double portGap = 6;       ///< between edges where they meet one side of a node
    double frameGap = 32;     ///< between frames
    double framePadding = 16; ///< between a frame and what is in it
    double frameHeader = 28;  ///< room for the title at the top of a frame
};

/// The course of one edge: a polyline from the right side of one node to the left side of the
/// other. Pieces are level or lie in a gap where no node is; whoever draws may replace each slanted
/// piece by a cubic curve with level tangents at both ends, which stays in the same gap. An edge
/// against the order runs from a left side to a right side; one from a node to itself around it.
using EdgeCourse = QList<QPointF>;

/// What to lay out, by index: for graphs that are not pipelines (benches, the command line).
struct LayoutInput
{
    struct Node
    {
        QSizeF size;
        int frame = -1; ///< index into `frames`; -1 = in none
    };

    QList<Node> nodes;
    QList<std::pair<int, int>> edges; ///< from → to; cycles are allowed, the later edge bends back
    QList<int> frames;                ///< parent of each frame, which stands before it; -1 = none
};

struct LayoutResult
{
    QList<QRectF> nodes;
    QList<EdgeCourse> edges; ///< one for each edge of the input, in its direction
    QList<QRectF> frames;
    QSizeF size; ///< everything lies between (0, 0) and here
};

/// Our own layered layout, left to right: ranks by longest path, long edges through virtual nodes,
/// crossings reduced by spreading all ranks at once and sifting, coordinates by springs, then
/// levelled.
/// Promises: the same input gives the same result on every machine, and between equally good ones
/// the order of nodes and edges in the input decides; nodes do not overlap; frames of one parent do
/// not overlap and hold exactly their nodes; no edge passes through a node; edges without a common
/// end share no bend and run over no common line; edges meet a node apart and in order.
/// Pure; 1000 nodes in tens of milliseconds, so safe in the GUI thread for real pipelines.
[[nodiscard]] LayoutResult layoutLayered(const LayoutInput &input,
                                         const LayoutSettings &settings = {});

} // namespace pilothouse

#pragma once

#include "pipeline/graph.h"
#include "pipeline/layered/layered.h"

#include <QHash>

#include <functional>

namespace pilothouse {

/// The picture of a pipeline. It depends on the graph and the sizes alone, never on a run's state:
/// nodes do not move when a job ends.
struct GraphLayout
{
    QHash<NodeId, QRectF> nodes;
    QList<EdgeCourse> edges; ///< in the order of Graph::edges
    QHash<FrameId, QRectF> frames;
    QSizeF size;
};

[[nodiscard]] GraphLayout layoutGraph(const Graph &graph,
                                      const std::function<QSizeF(const GraphNode &)> &sizeOf,
                                      const LayoutSettings &settings = {});

} // namespace pilothouse

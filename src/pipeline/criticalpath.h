#pragma once

#include "pipeline/graph.h"
#include "pipeline/overlay.h"

namespace pilothouse {

/// The chain of nodes that decided how long the whole took, as Overlay tells. Skipped nodes are
/// looked through: who waited for one waited for what is before it.
[[nodiscard]] QList<NodeId> criticalPath(const Graph &graph,
                                         const QHash<NodeId, NodeOverlay> &nodes);

} // namespace pilothouse

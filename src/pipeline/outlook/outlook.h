#pragma once

#include "pipeline/graph.h"
#include "pipeline/outlook/joboutlook.h"
#include "pipeline/overlay.h"

#include <QHash>

namespace pilothouse {

/// For each node what its `if`, those of its callers, and the jobs before it say about whether it
/// runs. Known are: the shown run of the file (see contextsOf()), the results of the jobs that have
/// ended, what a caller hands over as inputs, and the status functions as far as these tell. Pure.
/// Somebody may still cancel a run: cancelled() is never known to be false before the end.
[[nodiscard]] QHash<NodeId, JobOutlook> outlooksOf(const Graph &graph, const Overlay &overlay);

} // namespace pilothouse

#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/graph.h"

namespace pilothouse {

/// Workflows and their graph for a person: a block for each file, then the problems.
[[nodiscard]] QString pipelineText(const QList<Workflow> &workflows, const Graph &graph,
                                   const QList<Finding> &findings);

} // namespace pilothouse

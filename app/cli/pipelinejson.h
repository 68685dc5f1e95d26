#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/graph.h"

#include <QJsonObject>

namespace pilothouse {

/// Workflows and their graph for other programs:
/// `{"workflows": [{"path", "name", "triggers", "refused", "jobs": [{"id", "name", "needs",
/// "runs_on", "if", "condition", "environment", "matrix", "calls", "steps", "line"}]}], "nodes",
/// "edges", "problems": [{"file", "line", "column", "severity", "message", "hint"}],
/// "findings": see findingsJson()}`.
/// "condition" is what `if` says before a run: "true", "false" or "unknown".
[[nodiscard]] QJsonObject pipelineJson(const QList<Workflow> &workflows, const Graph &graph,
                                       const QList<Finding> &findings);

/// Whether the CI host would refuse the file.
[[nodiscard]] bool isRefused(const Workflow &workflow, const Graph &graph);

} // namespace pilothouse

#pragma once

#include "pipeline/expression/evaluator.h"
#include "pipeline/runsource.h"
#include "pipeline/workflow.h"

namespace pilothouse {

/// What expressions of a workflow file know once its run is there: the event, the ref, the actor of
/// its first attempt, its number. `run` = nullptr: what contextOf() knows without one. The host
/// does not tell whether a run's ref is a branch or a tag: where the triggers do not either, there
/// are two contexts, and only what holds in both is known.
[[nodiscard]] QList<ExpressionContext>
contextsOf(const QString &workflowName, const QList<WorkflowTrigger> &triggers, const Run *run);

} // namespace pilothouse

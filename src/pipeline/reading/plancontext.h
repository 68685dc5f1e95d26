#pragma once

#include "pipeline/expression/evaluator.h"
#include "pipeline/workflow.h"

namespace pilothouse {

/// What expressions of a file can know before it runs: the event, if only one starts it, and the
/// workflow's name. Everything else of `github`, `needs`, `vars` and so on is unknown.
[[nodiscard]] ExpressionContext contextOf(const Workflow &workflow);
[[nodiscard]] ExpressionContext contextOf(const QString &workflowName,
                                          const QList<WorkflowTrigger> &triggers);

/// A text of the file with its expressions filled in; Unknown if one of them is.
[[nodiscard]] ExpressionValue valueOfText(const WorkflowText &text,
                                          const ExpressionContext &context);

/// Inside a called workflow: what the caller knows, with the inputs that it hands over, or their
/// defaults. With a matrix, what its legs do not agree on is unknown.
[[nodiscard]] ExpressionContext contextOfCall(const ExpressionContext &caller,
                                              const WorkflowJob &call,
                                              const QList<WorkflowTrigger> &calleesTriggers);

/// The `matrix` of one leg.
[[nodiscard]] ExpressionValue matrixOf(const MatrixLeg &leg);

} // namespace pilothouse

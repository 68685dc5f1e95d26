#pragma once

#include "pipeline/reading/keys.h"
#include "pipeline/reading/workflowvalues.h"

namespace pilothouse {

/// What may stand both at the top of a workflow and in a job.

[[nodiscard]] WorkflowPermissions readPermissions(Keys &keys, Problems &problems);
[[nodiscard]] WorkflowConcurrency readConcurrency(Keys &keys, Scope scope, Problems &problems);
[[nodiscard]] WorkflowDefaults readDefaults(Keys &keys, Scope scope, Problems &problems);

/// Warns of a ref that is only the beginning of a commit.
void warnOfShortCommit(const WorkflowText &uses, Problems &problems);

/// Whether it can name a job or a step: letters, digits, - and _, beginning with a letter or _, at
/// most 99 of them, and not "__", which the host keeps for itself.
[[nodiscard]] bool isWorkflowId(const QString &text);

} // namespace pilothouse

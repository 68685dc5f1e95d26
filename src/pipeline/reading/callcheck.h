#pragma once

#include "pipeline/workflow.h"

namespace pilothouse {

/// What a call hands over and its callee does not take, and the other way round; each at its place
/// in the calling file.
[[nodiscard]] QList<Problem> checkCall(const QString &callerPath, const WorkflowJob &call,
                                       const Workflow &callee);

} // namespace pilothouse

#pragma once

#include "pipeline/workflow.h"

#include <QStringList>

namespace pilothouse {

/// Every text of a workflow that may read a variable: scripts, values, conditions, names. The keys
/// of `env` are not among them.
[[nodiscard]] QStringList allTexts(const Workflow &workflow);
[[nodiscard]] QStringList allTexts(const WorkflowJob &job);

} // namespace pilothouse

#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "pipeline/reading/workflowvalues.h"

namespace pilothouse {

/// Reads `steps`, and tells where two of them have one id.
[[nodiscard]] QList<WorkflowStep> readSteps(const YamlNode &list, Problems &problems);

} // namespace pilothouse

#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "pipeline/workflow.h"

namespace pilothouse {

/// Reads one entry under `jobs`.
[[nodiscard]] WorkflowJob readJob(const YamlNode::Entry &entry, Problems &problems);

} // namespace pilothouse

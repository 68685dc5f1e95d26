#pragma once

#include "document/problem.h"
#include "document/yamlnode.h"
#include "pipeline/reading/triggervalues.h"

namespace pilothouse {

/// Reads `on`: an event, a list of events, or events with their filters and inputs. Events that are
/// not known here are kept; one that looks like a misspelt known one is a warning.
[[nodiscard]] QList<WorkflowTrigger> readTriggers(const YamlNode &on, const Position &place,
                                                  Problems &problems);

} // namespace pilothouse

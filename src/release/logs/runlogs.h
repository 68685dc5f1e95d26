#pragma once

#include "logs/runsearch/runsearchrows.h"
#include "pipeline/graph.h"
#include "pipeline/overlay.h"

namespace pilothouse {

/// The run whose logs are searched: that of the chosen job, else the newest that is shown and has
/// jobs; nothing without one.
[[nodiscard]] std::optional<RunId> runToSearch(const Overlay &overlay,
                                               const std::optional<Job> &chosen);
/// The jobs of that run in the order of the graph, then those that are not in the files.
[[nodiscard]] QList<RunLog> logsOfRun(const Graph &graph, const Overlay &overlay, const RunId &run);

} // namespace pilothouse

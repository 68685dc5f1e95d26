#pragma once

#include <QStringList>

namespace pilothouse {

/// `pipeline PATH… [--json] [--commit REV] [--fail-on SEVERITY]`: prints jobs, needs, legs of
/// matrices, called workflows, environments, problems and what the doctor found.
/// It ends with Findings if there is an error among the problems, that is, if the CI host would
/// refuse a file. What the doctor found, "blocks" too, is advice about files that the host takes:
/// it counts only with --fail-on (blocks, risk, gate or hygiene), from that severity upward.
[[nodiscard]] int pipelineCommand(const QStringList &arguments);

} // namespace pilothouse

#pragma once

#include <QStringList>

namespace pilothouse {

/// `pipeline PATH… [--json] [--commit REV]`: prints jobs, needs, legs of matrices, called
/// workflows, environments and problems. Findings if there is an error among the problems.
[[nodiscard]] int pipelineCommand(const QStringList &arguments);

} // namespace pilothouse

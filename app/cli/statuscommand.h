#pragma once

#include <QStringList>

namespace pilothouse {

/// `status [--workspace W] [--ready] [--wait TIME] [--json]`: what is live on each track, what is
/// next, and how each source is doing. `--ready` is for the begin of a shift: exit 1 if a source
/// does not answer. Exit 0 told, 2 usage, 3 nothing could be read.
[[nodiscard]] int statusCommand(const QStringList &arguments);

} // namespace pilothouse

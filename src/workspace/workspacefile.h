#pragma once

#include "base/result.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// Reads a workspace file and the `pilothouse.local.yaml` beside it (if there is one) from disk.
/// NotFound and NotAllowed name the file; BadInput names the first mistake in its message and has
/// all of them, one a line, in its detail.
[[nodiscard]] Result<Workspace> loadWorkspace(const QString &fileName);

} // namespace pilothouse

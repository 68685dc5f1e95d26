#pragma once

#include "release/compare/filekind.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// Where the workspace says that files of changes and workflows lie.
[[nodiscard]] KnownPaths knownPaths(const Workspace &workspace);

} // namespace pilothouse

#pragma once

#include "connectors/kubernetes/login/execplugin.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// The sign-in programs of a workspace: for each kubeconfig and context that it names, once, the
/// program, or why the kubeconfig cannot be read. Contexts that need no program are left out.
[[nodiscard]] QList<Result<ExecPlugin>> signInPrograms(const Workspace &workspace);

} // namespace pilothouse

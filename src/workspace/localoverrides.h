#pragma once

#include "document/problem.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// The workspace with the overrides of a `pilothouse.local.yaml`, which has the same shape but only
/// the keys path, credential, kubeconfig and context (`also_live` is a map by name there). Text
/// that has nothing but comments overrides nothing. Paths are resolved as in readWorkspace().
[[nodiscard]] tl::expected<Workspace, Problems>
withLocalOverrides(const Workspace &workspace, const QByteArray &content, const QString &fileName);

} // namespace pilothouse

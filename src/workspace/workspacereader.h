#pragma once

#include "document/problem.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// Reads the text of a `pilothouse.yaml` (reference: resources/templates/pilothouse.md). Either
/// everything is right, or all mistakes are told. Paths of this machine become absolute: `~/` is
/// the home folder, others are relative to the folder of `fileName`. Nothing is opened.
[[nodiscard]] tl::expected<Workspace, Problems> readWorkspace(const QByteArray &content,
                                                              const QString &fileName);

} // namespace pilothouse

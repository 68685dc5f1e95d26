#pragma once

#include "migration/lint/livecatalog.h"

namespace pilothouse {

/// The catalog of a database of a workspace file, for a command: waits for it, half a minute at
/// most. BadInput where the file or the name is wrong, with the names that there are.
[[nodiscard]] Result<LiveCatalog> liveCatalog(const QString &workspaceFile, const QString &database,
                                              const QList<SqlName> &tables);

} // namespace pilothouse

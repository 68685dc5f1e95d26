#pragma once

#include "document/fields.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// Reads `databases`; mistakes go to the problems of `workspace`.
[[nodiscard]] QList<DatabaseSettings> readDatabases(Fields &workspace);

/// Reads a `database` key; empty if it is absent or no such database exists.
[[nodiscard]] QString readDatabaseName(Fields &fields, Fields::Need need,
                                       const QStringList &databases);

} // namespace pilothouse

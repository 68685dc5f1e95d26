#pragma once

#include "connectors/postgres/connection.h"
#include "migration/lint/livecatalog.h"

namespace pilothouse {

/// What the rules of the lint ask of the tables that a file names, in one round trip: see
/// CatalogSource. The search path of the session says where a name without schema lies.
/// Session thread.
[[nodiscard]] Result<LiveCatalog> readLiveCatalog(Connection &connection,
                                                  const QList<SqlName> &tables);

/// "numeric(10,2)" as format_type() writes it: {10, 2}. Pure.
[[nodiscard]] QList<int> modifiersIn(const QString &formatted);

} // namespace pilothouse

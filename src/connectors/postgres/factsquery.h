#pragma once

#include "connectors/postgres/connection.h"
#include "migration/facts.h"

class QJsonObject;

namespace pilothouse {

/// The facts of a change, of one moment: one round trip for the catalog and for what schema
/// `pilothouse` remembers, where that is there (a server that was built without XML, which is in
/// none of PostgreSQL's own packages, needs two more). Session thread.
[[nodiscard]] Result<Facts> readFacts(Connection &connection, const Change &change);

enum class CountLimit {
    FiveSeconds, ///< then a bounded count, then Unknown
    None,
};
/// NULLs of the column. Unknown (with the cause) instead of an error where counting is refused.
[[nodiscard]] Result<NullCount> countNullRows(Connection &connection, const Change &change,
                                              CountLimit limit);

/// A row of pilothouse.backfill as to_jsonb() gives it; `alive` is not in it.
[[nodiscard]] Result<BackfillRow> readBackfillRow(const QJsonObject &object);

} // namespace pilothouse

#pragma once

#include "connectors/postgres/connection.h"
#include "migration/database.h"

namespace pilothouse {

/// Where a backfill of the worker's session stands; kept between batches so that each of them is
/// one statement. Session thread of the worker.
struct BackfillMemory
{
    KeyColumn key;
    BackfillRow row;
};

[[nodiscard]] Result<BackfillRow> beginBackfill(Connection &connection, const Change &change,
                                                const RunTag &tag, BackfillMemory &memory);
[[nodiscard]] Result<BackfillRow> beginSweep(Connection &connection, const Change &change,
                                             BackfillMemory &memory);

enum class BatchKind { Backfill, Sweep };
[[nodiscard]] Result<BatchAnswer> runBatch(Connection &connection, const Change &change,
                                           BatchKind kind, int size, BackfillMemory &memory);
/// Of the backfill that this session runs; Conflict if another session has taken it over.
[[nodiscard]] Result<BackfillRow> markBackfill(Connection &connection, const Change &change,
                                               BackfillRow::State state, const QString &reason);

/// Of another session's, as Database::pauseBackfill().
[[nodiscard]] Result<BackfillRow> pauseBackfill(Connection &connection, const Change &change,
                                                const QString &reason);

} // namespace pilothouse

#pragma once

#include "connectors/postgres/connection.h"
#include "migration/database.h"

namespace pilothouse {

/// Sessions that hold a lock on one of the tables that conflicts with `mode`; `own` is the
/// worker's backend and left out. Tables that are not there have no locks.
[[nodiscard]] Result<QList<Blocker>>
readBlockers(Connection &connection, const QList<TableName> &tables, LockMode mode, int own);

/// Who blocks the backend `worker`, who waits behind it, and how far its index build is.
[[nodiscard]] Result<WaitState> readWaitState(Connection &connection, int worker);

/// Whether that backend has a statement to carry out, or to wait for.
[[nodiscard]] Result<bool> isAtWork(Connection &connection, int pid);

[[nodiscard]] Result<void> endBackend(Connection &connection, int pid, Database::Means means);

/// The lock modes that conflict with `mode` (PostgreSQL manual, table "Conflicting Lock Modes").
[[nodiscard]] QList<LockMode> conflictsOf(LockMode mode);

} // namespace pilothouse

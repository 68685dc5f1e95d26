#pragma once

#include "connectors/postgres/connection.h"
#include "migration/database.h"

namespace pilothouse {

/// One runner per change and database: an advisory lock of the worker's session, so that the server
/// frees it with the session, in whatever way that ends. Nothing else frees it: a statement that
/// the server still executes for a console that has gone keeps it until that statement's end.
/// Session thread.

/// The bigint that pg_try_advisory_lock() takes, as SQL.
[[nodiscard]] QString runnerLockKey(const ChangeName &change);
/// A condition on pg_locks `l`: that lock, granted, in this database.
[[nodiscard]] QString isRunnerLock(const ChangeName &change);

/// Takes it, or says who has it, with the statement that it is at; never waits. What was taken, the
/// connection holds(). `watcher` is the pid of this console's own watcher: where the holder's
/// console has none (by login and address), it is gone, and its statement is an orphan that the
/// server ends in its own time. Another console of that login at that address leaves this open.
[[nodiscard]] Result<RunnerLock> tryRunnerLock(Connection &connection, const ChangeName &change,
                                               int watcher);

/// Takes it for a session that was made anew in place of `lost`, the pid of the one before. While
/// that one is still there the lock is its: `taken` is false and `holder` is empty; look again
/// later. Unavailable, with the holder, if anybody else has it.
[[nodiscard]] Result<RunnerLock> takeRunnerLockAgain(Connection &connection,
                                                     const ChangeName &change, int lost);

/// Nothing to do, and no error, where this session does not hold it.
[[nodiscard]] Result<void> dropRunnerLock(Connection &connection, const ChangeName &change);

} // namespace pilothouse

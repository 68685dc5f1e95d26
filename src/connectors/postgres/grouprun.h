#pragma once

#include "connectors/postgres/connection.h"
#include "migration/database.h"

namespace pilothouse {

/// One try of a group. Session thread of the worker.
/// Short: one transaction, with its own record in `pilothouse.step` if the group locks a table.
/// Long: no transaction, no timeouts. One that builds an index: waits for a build of this change
/// that outlived its session, drops an invalid leftover, and after a lost connection waits for its
/// own backend's end and takes the runner lock again before it does anything; Unavailable if
/// another session was quicker.
[[nodiscard]] Result<TryAnswer> runGroup(Connection &connection, const StatementGroup &group,
                                         const RunTag &tag);

/// A row of `pilothouse.step`.
[[nodiscard]] Result<void> recordStep(Connection &connection, const RunTag &tag);

} // namespace pilothouse

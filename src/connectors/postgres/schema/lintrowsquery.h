#pragma once

#include "connectors/postgres/connection.h"
#include "migration/lint/livecatalog.h"

namespace pilothouse {

/// What no catalog has and rules ask all the same, added to what was read of it: whether a column
/// that a file guards holds NULLs, looked for during 2 s at most (left open beyond that, and where
/// the login may not read it), and which applications wrote the old way within three days, as the
/// triggers of changes noted (none where the login may not read pilothouse.writer_seen).
/// Unavailable where the session is lost. Session thread.
[[nodiscard]] Result<void> lookAtRows(Connection &connection, LintCatalog &catalog,
                                      const QList<GuardedColumn> &guarded);

} // namespace pilothouse

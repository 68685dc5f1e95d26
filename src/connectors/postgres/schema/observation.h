#pragma once

#include "connectors/postgres/connection.h"
#include "migration/rehearsal/rehearsed.h"

namespace pilothouse {

/// Runs a statement in a transaction, sees what it holds and what it wrote anew, and rolls it back.
/// For a database that is nobody's: it takes the statement's locks for as long as it runs. An error
/// of the statement is an answer (Refused); an error is what else goes wrong. What is scanned is
/// read from the server's DEBUG1 messages in English, so it needs a login that may set lc_messages
/// (a superuser, or the right to set it). Session thread.
[[nodiscard]] Result<Rehearsed> observe(Connection &connection, const QString &statement);

/// The same for one that refuses a transaction (CREATE INDEX CONCURRENTLY and its like): `holder`
/// keeps a writer's lock on `table`, so that the statement has to wait, and is looked at meanwhile;
/// then it is let through. What it did stays. `statement` runs over a connection of its own with
/// `settings`. Any thread but the GUI's: it blocks until the statement is done.
[[nodiscard]] Result<Rehearsed> observeAlone(Connection &holder, const PostgresSettings &settings,
                                             const QString &statement, const QString &table);

} // namespace pilothouse

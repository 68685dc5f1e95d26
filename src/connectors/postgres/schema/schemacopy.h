#pragma once

#include "base/commandrunner.h"
#include "connectors/postgres/connection.h"
#include "migration/rehearsal/rehearser.h"

namespace pilothouse {

/// pg_dump of a database's schema: no rows, nobody's rights, nothing that would tell other servers.
/// It takes ACCESS SHARE on every table, and its password from where libpq finds it.
[[nodiscard]] Command schemaDump(const QString &program, const PostgresSettings &source);

/// Without what a newer pg_dump writes for psql alone. Pure.
[[nodiscard]] QByteArray forServer(const QByteArray &dump);

/// Makes a database of its own on a server that is nobody's, runs `dump` there and then each
/// statement of `file`, and drops it; so are those that an earlier rehearsal left behind more than
/// an hour ago. `scratch` is a connection to that server, `settings` are its own. Needs the right
/// to make databases. Session thread.
[[nodiscard]] Result<Rehearsal> rehearseOnCopy(Connection &scratch,
                                               const PostgresSettings &settings,
                                               const QByteArray &dump, const QByteArray &file,
                                               const QList<SqlStatement> &statements);

} // namespace pilothouse

#pragma once

#include <QStringList>

namespace pilothouse {

/// `lint FILE.sql --phase expand|migrate|contract [--pg N] [--in-transaction] [--json]
/// [--database NAME [--rehearse] [--workspace FILE]]`: what the rules have against the statements
/// of a file ("-" = standard input), by the file alone, or as the catalog of a database of the
/// workspace file decides (./pilothouse.yaml where none is named); its version counts then. With
/// --rehearse each statement is run on a copy of that database's schema, too, and what the server
/// did is compared with what the rules say. With --json one object: `{"file", "phase", "server",
/// "statements", "findings": [{"id", "severity", "line", "column", "from", "to", "form", "why",
/// "instead", "lock", "stops", "scans", "rewrites", "table", "other", "for_phase"}], "rehearsal":
/// {"server", "statements": [{"line", "from", "to", "end", "error", "locks", "rewritten", "scans",
/// "differences"}]}}`, the last where it was asked for; `locks` is null where they could not be
/// seen. Returns 0 if nothing blocks and the server does as the rules say, 1 if not, 2 for wrong
/// usage, a file that cannot be read, or a database that does not answer.
[[nodiscard]] int lintCommand(const QStringList &arguments);

} // namespace pilothouse

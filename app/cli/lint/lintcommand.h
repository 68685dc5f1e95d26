#pragma once

#include <QStringList>

namespace pilothouse {

/// `lint FILE.sql --phase expand|migrate|contract [--pg N] [--in-transaction] [--json]
/// [--database NAME [--workspace FILE]]`: what the rules have against the statements of a file
/// ("-" = standard input), by the file alone, or as the catalog of a database of the workspace file
/// decides (./pilothouse.yaml where none is named); its version counts then. With --json one
/// object: `{"file", "phase", "server", "statements", "findings": [{"id", "severity",
/// "line", "column", "from", "to", "form", "why", "instead", "lock", "stops", "scans", "rewrites",
/// "table", "other", "for_phase"}]}`. Returns 0 if nothing blocks, 1 if something does, 2 for wrong
/// usage or a file that cannot be read.
[[nodiscard]] int lintCommand(const QStringList &arguments);

} // namespace pilothouse

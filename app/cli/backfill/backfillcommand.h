#pragma once

#include <QStringList>

namespace pilothouse {

/// `backfill CHANGE [--database NAME] [--workspace FILE] [--confirm backfill] [--reason TEXT]
/// [--wait TIME] [--json]`: the backfill and the sweeps of a change (M2, M3) without a window, with
/// the state that the database keeps: it begins, or goes on where any console left it. Without
/// --confirm it shows what the dialog shows and sends nothing. It may be ended at any moment: the
/// cursor is as exact as the rows. While it runs, a line a second of how far it is; with --json
/// `{"rows", "of", "rows_per_second", "seconds_left": [from, to] or null, "held_by_limit"}`, and
/// last `{"done", "text"}`. Returns 0 if every row is filled in (or would be, unconfirmed), 2 for
/// wrong usage, 3 if the database could not be read, 4 if it was refused, paused by somebody, or
/// failed.
[[nodiscard]] int backfillCommand(const QStringList &arguments);

} // namespace pilothouse

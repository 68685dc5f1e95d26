#pragma once

#include <QStringList>

namespace pilothouse {

/// `snooze CHANGE --until DATE [--reason TEXT] [--database NAME] [--workspace FILE]
/// [--confirm snooze] [--wait TIME] [--json]`: puts off the reminder of a late CONTRACT to a day
/// ("2026-12-24") within a month. Nothing but the reminder is put off: the change stays open, and
/// who wanted it, why, and how often so far is shown to everybody. Without --confirm it shows what
/// the dialog shows and sends nothing. Returns 0 if it was done (or would be, unconfirmed), 2 for
/// wrong usage (a missing reason too), 3 if the database could not be read, 4 if it was refused or
/// failed.
[[nodiscard]] int snoozeCommand(const QStringList &arguments);

} // namespace pilothouse

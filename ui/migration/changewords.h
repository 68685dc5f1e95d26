#pragma once

#include "migration/migrationcontroller.h"

#include <QString>

namespace pilothouse {

/// EXPAND, MIGRATE, CONTRACT with what is done and what is due, as rich text.
[[nodiscard]] QString phaseWords(const ChangeView &view);
/// "186,000 of 300,000 rows · 2,480 rows/s · 0:40 to 0:52 to go".
[[nodiscard]] QString progressWords(const RunView &run);
/// Who is in the way, who queues behind; empty if nobody.
[[nodiscard]] QString waitWords(const RunView &run, const QList<Blocker> &inTheWay);
[[nodiscard]] QString pausedWords(const BackfillRow &row);
[[nodiscard]] QString lastRunWords(const LastRun &run);
/// Exact statements, one below the other; what happens elsewhere as a comment.
[[nodiscard]] QString statementsOf(const ChangeStep &step);
/// "Lock ROW EXCLUSIVE on conversations · blocks nobody · 100–300 ms a batch".
[[nodiscard]] QString lockWords(const ChangeStep &step);

} // namespace pilothouse

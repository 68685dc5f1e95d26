#pragma once

#include <QString>

namespace pilothouse {

/// PostgreSQL's table locks, weakest first. Spelled for pg_locks by lockModeName().
enum class LockMode {
    None,
    AccessShare,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
};

/// "AccessExclusiveLock", as pg_locks spells it.
[[nodiscard]] QString lockModeName(LockMode mode);
/// "ACCESS EXCLUSIVE", for people.
[[nodiscard]] QString lockModeWords(LockMode mode);
/// Whom it stops: "reads, writes and other DDL".
[[nodiscard]] QString lockModeStops(LockMode mode);

} // namespace pilothouse

#pragma once

#include "base/result.h"

namespace pilothouse {

/// What the server or libpq said, as a failure of ours. `sqlState` is empty while connecting: libpq
/// gives only a text then. `place` is named in the message ("context-production").
[[nodiscard]] Error serverError(const QString &sqlState, const QString &text, const QString &place);

/// 55P03, 40P01, 40001: nothing was changed and another try may succeed.
[[nodiscard]] bool isLockTrouble(const QString &sqlState);
/// 57014: cancelled, by a person or by statement_timeout.
[[nodiscard]] bool isCancelled(const QString &sqlState);

} // namespace pilothouse

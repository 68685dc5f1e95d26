#pragma once

#include <QString>

namespace pilothouse {

/// Whether the CI host takes it as `cron`: five fields (minute, hour, day of the month, month, day
/// of the week) of numbers, names, `*`, lists, ranges and steps.
[[nodiscard]] bool isCron(const QString &text);

/// Whether two of its minutes within one hour are less than five apart: the host starts no workflow
/// more often. False for what is no `cron`.
[[nodiscard]] bool isTooOften(const QString &cron);

} // namespace pilothouse

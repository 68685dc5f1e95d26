#pragma once

#include <QString>

namespace pilothouse {

/// Whether the CI host takes it as `cron`: five fields (minute, hour, day of the month, month, day
/// of the week) of numbers, names, `*`, lists, ranges and steps.
[[nodiscard]] bool isCron(const QString &text);

} // namespace pilothouse

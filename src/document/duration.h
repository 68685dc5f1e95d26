#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// A whole number directly followed by ms, s, m, h or d ("30s", "5m", "3d"); nullopt for anything
/// else, negative numbers and more than 1000 years among them.
[[nodiscard]] std::optional<std::chrono::milliseconds> parseDuration(QStringView text);

/// The same spelling back, in the largest unit that divides it: 90'000 ms is "90s", 0 is "0s".
[[nodiscard]] QString formatDuration(std::chrono::milliseconds duration);

} // namespace pilothouse

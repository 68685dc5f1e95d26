#pragma once

#include <QString>

namespace pilothouse {

// How values stand at an axis: in the unit that is read, not the one that is stored.

/// A ratio is shown in per cent, seconds in milliseconds: the factor.
[[nodiscard]] double shownScale(const QString &unit);
/// "%", "ms", or the unit itself.
[[nodiscard]] QString shownUnit(const QString &unit);
/// The next of 1, 2, 2.5, 5 times a power of ten: axes end at round values. 1 for 0 and less.
[[nodiscard]] double roundUp(double value);
[[nodiscard]] QString tickText(double value);

} // namespace pilothouse

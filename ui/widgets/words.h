#pragma once

#include "base/reading.h"

#include <QDateTime>
#include <QString>

#include <chrono>

namespace pilothouse {

/// "3 s", "74 s", "4 min", "2 h", "5 days": whole units, rounded down. Under 1 s: "now".
[[nodiscard]] QString ageText(std::chrono::milliseconds age);
/// The same as a distance to now: "3 s ago", "just now".
[[nodiscard]] QString agoText(std::chrono::milliseconds age);
/// "0:42", "5:00", "1:05:00".
[[nodiscard]] QString durationText(std::chrono::milliseconds duration);
/// Local time with the zone's short name: "14:31:08 CET".
[[nodiscard]] QString clockText(const QDateTime &utc);
/// "14:27" today, "24 Nov 14:27" otherwise, in local time. Empty for an invalid time.
[[nodiscard]] QString whenText(const QDateTime &utc, const QDateTime &nowUtc);
/// A value with its unit: ratio → "4.4 %", s → "205 ms", "1/s" → "60 /s"; NaN → "no data".
[[nodiscard]] QString valueText(double value, const QString &unit);
/// The text up to the end of its first sentence; an initial ("A. Muster") ends none.
[[nodiscard]] QString firstSentence(const QString &text);
/// The word of a source's health: "live", "3 s", "old 74 s", "lost", "signed out" …
[[nodiscard]] QString healthText(const SourceState &state, const Clock &clock);

} // namespace pilothouse

#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>

namespace pilothouse {

/// "4 s ago", "5 min ago", "2 h ago", "3 days ago"; what lies in the future is "0 s ago".
[[nodiscard]] QString agoWords(std::chrono::milliseconds age);

/// "14:27", "23 Nov 14:27" where that is another day than `now`; local time.
[[nodiscard]] QString clockWords(const QDateTime &at, const QDateTime &now);

/// The sentence without how long ago: what is compared where an age alone is no change.
[[nodiscard]] QString withoutAges(QString text);

} // namespace pilothouse

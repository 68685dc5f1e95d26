#pragma once

#include <QDateTime>
#include <QString>

#include <chrono>

namespace pilothouse {

/// "790,112"; in English grouping, as all numbers of the window.
[[nodiscard]] QString countWords(qint64 count);
/// "~2.1 M": for estimates; below 10,000 "~1,204". Negative = "unknown".
[[nodiscard]] QString estimateWords(qint64 count);
/// "581 MB" in powers of 1024, two digits at most after the point where they matter.
[[nodiscard]] QString bytesWords(qint64 bytes);
/// "3 s", "4 min", "2 h", "9 d": one unit, rounded down.
[[nodiscard]] QString spanWords(std::chrono::milliseconds span);

} // namespace pilothouse

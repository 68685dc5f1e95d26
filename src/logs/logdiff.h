#pragma once

#include "logs/logfile.h"

#include <QString>

#include <optional>

namespace pilothouse {

/// What a line says apart from when and where it was said: without stamp and escapes, of a progress
/// line the last state; runs of digits with the blanks before them, hashes, times and temporary
/// names are all alike.
[[nodiscard]] QByteArray comparableLine(QByteArrayView line);

/// Where two logs part.
struct LogDifference
{
    qint64 left = 0; ///< the first line that differs; the line count if the log ends there
    qint64 right = 0;
    qint64 alike = 0; ///< lines before it that say the same

    bool operator==(const LogDifference &) const = default;
};

/// The first difference of two logs from the given lines on; nothing if they say the same. For any
/// thread; gives up with nothing when cancelled.
[[nodiscard]] std::optional<LogDifference>
firstDifference(const LogText &left, const LogText &right, LogDifference from = {},
                const std::atomic<bool> *cancelled = nullptr);

/// Where, behind a difference, both go on alike for a few lines: the nearest such place, at most
/// `reach` lines further in each log, if it can be at a line that stands there but once in each;
/// nothing if there is none. `alike` is 0.
[[nodiscard]] std::optional<LogDifference>
nextMeeting(const LogText &left, const LogText &right, const LogDifference &difference, int reach,
            const std::atomic<bool> *cancelled = nullptr);

} // namespace pilothouse

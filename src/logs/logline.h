#pragma once

#include "logs/ansi.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace pilothouse {

struct StyledSpan
{
    qsizetype start = 0; ///< in characters of LogLine::text
    qsizetype length = 0;
    AnsiStyle style;

    bool operator==(const StyledSpan &) const = default;
};

enum class LineKind { Plain, Error, Warning, Group, EndGroup, Command, Debug };

/// A line as it is shown: time stamp apart, marker read, escapes turned into spans.
struct LogLine
{
    QDateTime at; ///< UTC, from a leading RFC 3339 stamp; invalid if there is none
    LineKind kind = LineKind::Plain;
    QString text; ///< without stamp, marker and escapes; of a progress line its last state
    QList<StyledSpan> spans;
    AnsiStyle after;       ///< the style that the next line starts with
    int invalidBytes = 0;  ///< sequences that are no UTF-8, shown as U+FFFD
    int earlierStates = 0; ///< of a progress line, not shown; may be `manyStates`

    static constexpr int manyStates = -1; ///< more than were counted
};

/// Reads one line. `before` is the style left over from the line before.
/// Markers are GitHub's ("##[error]") and, without one, a level word at the start (ERROR, FAILED
/// …).
[[nodiscard]] LogLine readLine(const QByteArray &bytes, const AnsiStyle &before = {});

/// The length of a leading RFC 3339 stamp and the space after it, 0 without one; its time, if
/// wanted, in milliseconds (more digits are cut: Qt reads no more). A byte order mark before it
/// counts in: GitHub writes one at the begin of a log.
[[nodiscard]] qsizetype stampLength(QByteArrayView line, QDateTime *at = nullptr);

/// How many sequences in the bytes are no UTF-8.
[[nodiscard]] qint64 countInvalidUtf8(QByteArrayView bytes);
/// Bytes of a character by its first one.
[[nodiscard]] constexpr qsizetype utf8Bytes(char lead)
{
    const auto byte = uchar(lead);
    return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
}
/// Bytes at the end that begin a character whose rest has not come: 0 to 3.
[[nodiscard]] qsizetype cutUtf8(QByteArrayView bytes);

} // namespace pilothouse

#pragma once

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QString>

namespace pilothouse {

/// One of the sixteen terminal colours, or none. The view maps them to the theme.
struct AnsiStyle
{
    int foreground = -1; ///< 0-15, -1 = the text's own
    int background = -1;
    enum Flag { Bold = 1, Faint = 2, Italic = 4, Underline = 8 };
    int flags = 0;

    bool operator==(const AnsiStyle &) const = default;
};

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
    QString text; ///< without stamp, marker and escapes; the last state of a '\r' progress line
    QList<StyledSpan> spans;
    AnsiStyle after;      ///< the style that the next line starts with
    int invalidBytes = 0; ///< shown as U+FFFD
};

/// Reads one line. `before` is the style left over from the line before.
/// Markers are GitHub's ("##[error]") and, without one, a level word at the start (ERROR, FAILED
/// …).
[[nodiscard]] LogLine readLine(const QByteArray &bytes, const AnsiStyle &before = {});

} // namespace pilothouse

#pragma once

#include "logs/logfile.h"

#include <QFuture>
#include <QString>

#include <functional>

namespace pilothouse {

/// As much of one line as is copied, in bytes; that there is more is said at its end.
inline constexpr qint64 longestCopied = 16 << 20;

/// What of a line is copied.
struct CopyForm
{
    enum Part { Text = 0, Times = 1, Colours = 2 };
    int parts = Text; ///< of Part
    qint64 longest = longestCopied;

    [[nodiscard]] bool has(Part part) const { return (parts & part) != 0; }
};

/// Lines as text, one a row: `next` gives the line after one, -1 at the end. Times are those of the
/// file; colours are the file's escapes, closed at the end of the text.
[[nodiscard]] QString copiedLines(const LogText &text, qint64 first,
                                  const std::function<qint64(qint64)> &next, CopyForm form);

/// "path#L42" for a file, "LOG integration-tests · line 42" for what has a title only.
[[nodiscard]] QString linkToLine(const QString &place, const QString &title, qint64 line);

/// Writes the log as it is now to a file, in another thread: every byte that `text` has, so that an
/// open last line stands there as far as it has come, without an end.
[[nodiscard]] QFuture<Result<void>> exportLog(const LogText &text, const QString &path);

/// The line that a person means by "12,408" (a line), "14:33:51" or "2026-11-24 14:33" (local
/// time: the first line at or behind it); -1 if there is none, BadInput for anything else.
[[nodiscard]] Result<qint64> lineMeantBy(const LogText &text, const QString &words);

/// The first line whose stamp is at or behind a time; lines without one go with the line before.
/// Stamps ascend; -1 if the log has none so late.
[[nodiscard]] qint64 lineAtTime(const LogText &text, const QDateTime &time);

} // namespace pilothouse

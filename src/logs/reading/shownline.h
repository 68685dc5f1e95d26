#pragma once

#include "logs/logfile.h"
#include "logs/logline.h"

namespace pilothouse {

/// A line as a screen takes it: a text has no limit, a screen has one.
struct ShownLine
{
    LogLine line;
    qint64 unshown = 0; ///< bytes behind the text of the line that are not in it
    bool isRead = true; ///< to its end: what `line.after` and `line.earlierStates` say holds
};

/// At most the first 16 KiB of a line; of a progress line the begin of its last state, wherever in
/// the line that is. Quick for lines of any length: no more than a mebibyte is read.
[[nodiscard]] ShownLine shownLine(const LogText &text, qint64 number, const AnsiStyle &before);

} // namespace pilothouse

#pragma once

#include "base/id.h"
#include "journal/processmark.h"

#include <QDateTime>

#include <chrono>

namespace pilothouse {

/// How often a guard without an end says again that it watches. Not oftener: each time moves the
/// version of the traffic object under open dialogs.
inline constexpr std::chrono::milliseconds guardHeartbeat{5 * 60'000};

/// A guard as it says of itself on the traffic object while it watches, so that every console knows
/// of it. It is gone when the guard ends; one that was killed leaves it behind.
struct GuardMark
{
    enum class Where {
        Window,  ///< of a console
        Program, ///< without a window, on a computer
        Ci,      ///< without a window, in a CI job
    };

    QString by; ///< who armed or started it
    Where where = Where::Program;
    QString run;         ///< of CI; empty = not told
    ProcessMark process; ///< the one that watches
    QString pidSpace;    ///< in which its number is one ("pid:[4026531836]"); empty = not told
    QDateTime since;     ///< UTC
    QDateTime until;     ///< UTC: it is over by then; invalid = while it goes on to say so
    CommitId commit;     ///< the candidate that it watches
    IntentId intent;     ///< of its arming; empty = it has none
    /// UTC, when it said so last, of one without an end; invalid = it has not since `since`.
    QDateTime heartbeat = {};

    bool operator==(const GuardMark &) const = default;
};

} // namespace pilothouse

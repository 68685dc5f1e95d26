#pragma once

#include "migration/migrationcontroller.h"
#include "rollout/rolloutviews.h"

#include <QDateTime>
#include <QUrl>

namespace pilothouse {

/// A line of HURTING: one a track, in the workspace's order.
struct HurtLine
{
    enum class State { Well, Hurting, NoData, Reading };
    /// Before: it was bad already when what is known of it begins.
    enum class Since { Exact, Before };

    TrackName track;
    State state = State::NoData;
    QString words;   ///< "error ratio 4.4 % (normal 0.2 %) · p95 205 ms (normal 61 ms)"
    QDateTime since; ///< the first bad sample, UTC; invalid = none
    Since sinceKind = Since::Exact;
    QString old; ///< why this is not of now: "4 min old: metrics lost"; empty = it is

    bool operator==(const HurtLine &) const = default;
};

/// A firing or pending alert.
struct AlertLine
{
    QString name;
    QString state; ///< "firing", "pending"
    QDateTime since;
    QString summary;
    QUrl runbook; ///< empty = the alert names none
    QUrl dashboard;
    QString acted;            ///< "nobody yet", "A. Muster: standalone roll back 50 → 0"
    bool isOfNoTrack = false; ///< it is shown, and rolls nothing back

    bool operator==(const AlertLine &) const = default;
};

/// Something that changed before it began to hurt.
struct EarlierLine
{
    QDateTime at;                        ///< UTC
    std::chrono::milliseconds before{0}; ///< to the first bad sample
    QString who;
    QString what;
    TrackName moved{}; ///< whose weight it changed; empty = none

    bool operator==(const EarlierLine &) const = default;
};

/// Something that changed in the last hours, whether it hurts or not.
struct RecentLine
{
    QDateTime at; ///< UTC
    QString who;
    QString what;
    QString seenIn; ///< the system that tells it; empty = this machine's own journal

    bool operator==(const RecentLine &) const = default;
};

/// One way out, with its key: 1 is the first. The log of the last error is one of them: its key
/// leads there whichever pod it is in.
struct WayLine
{
    enum class Kind {
        RollBack,
        Pause,
        Hold,
        Run, ///< a hold too, of a track that a run could still promote
        Log,
    };
    /// Why a way is off: something is wrong, it is not read yet, or there is no need of it.
    enum class Off { Refused, Reading, Needless };

    Kind kind = Kind::RollBack;
    QString name;                               ///< "standalone", "database"
    QString now;                                ///< "c41d77e 50 % · 9f3c2a1 50 %"
    QString to;                                 ///< "9f3c2a1  instant, 3/3 ready"
    Reason risk{Reason::Kind::Unknown, {}, {}}; ///< what it would break, or that nothing does
    QString verb;                               ///< on the button: "Roll back to 9f3c2a1…"
    QString offBecause;                         ///< why it cannot be done now; empty = it can
    Off off = Off::Refused;                     ///< what kind of reason that is
    QString old;                                ///< why this is not of now; empty = it is
    QDateTime since;                            ///< `now` is so, UTC; invalid = not told
    QString by;                                 ///< who made it so; may be empty
    TrackName track;                            ///< RollBack, Hold, Run, Log
    ChangeKey change;                           ///< Pause
    QString pod;                                ///< Log

    bool operator==(const WayLine &) const = default;
};

/// A source that cannot be asked now, or a run that can still promote what was rolled back.
struct LostLine
{
    QString name;  ///< "Prometheus", "standalone"
    QString word;  ///< "lost", "signed out", "not allowed", "still able to promote"
    QString why;   ///< the error, the run
    QString since; ///< "for 4 min, next try in 8 s", "never answered"
    QString works; ///< what is still possible, what to do
    enum class Kind { Source, Run } kind = Kind::Source;

    bool operator==(const LostLine &) const = default;
};

/// What was live on a track that cannot be read now.
struct LastKnownLine
{
    TrackName track;
    QString now;
    QString to;
    QString command; ///< the rollback, to be copied; empty = there was nothing to roll back
    std::chrono::milliseconds age{0};

    bool operator==(const LastKnownLine &) const = default;
};

/// The one screen of a night.
struct OnCallView
{
    QList<LostLine> lost;
    QList<LastKnownLine> lastKnown; ///< of the tracks whose traffic cannot be read
    QList<HurtLine> hurting;
    QDateTime firstBad; ///< UTC; invalid = nothing hurts
    HurtLine::Since firstBadKind = HurtLine::Since::Exact;
    QList<AlertLine> alerts;
    QString alertsUnknown;      ///< why there may be others: "Prometheus is lost"; empty = none
    QString alertsReading;      ///< whose first answer is awaited: nothing is wrong; empty = none
    QList<EarlierLine> earlier; ///< newest first
    qsizetype earlierMore = 0;  ///< how many there are besides
    QStringList earlierUnknown; ///< what could not be looked at, with why: "cron jobs: you lack …"
    QString earlierReading;     ///< what is being looked at; empty = nothing
    QList<RecentLine> recent;   ///< newest first; what came before firstBad stands in `earlier`
    qsizetype recentMore = 0;   ///< how many there are besides
    QStringList recentUnknown;  ///< what of it cannot be told, with why
    QString recentReading;      ///< what is being read for it; empty = nothing
    QList<WayLine> ways;

    bool operator==(const OnCallView &) const = default;
};

} // namespace pilothouse

#pragma once

#include "release/releaseviews.h"

namespace pilothouse {

/// One short sentence for whoever is not looking at the window. Never a secret, never markup.
struct Notice
{
    enum class Kind {
        Next,  ///< NEXT asks for something else now, or a freeze began with a rollout in flight
        Alert, ///< an alert began to fire
        Guard, ///< a guard rolled back, or could not
        Ended, ///< a rollout is over
    };
    Kind kind = Kind::Next;
    /// What it is about, as the journal's subject; a later notice of the same subject and an alert
    /// of the same name take the place of the one on screen.
    QString subject;
    QString topic; ///< Alert: its name; else empty
    QString title; ///< "standalone: Promote 10 → 50"
    QString text;
    TrackName track;  ///< the page of it is opened; empty = that of `change`
    ChangeKey change; ///< Next of the schema
    RunId run{};      ///< Next of a gate: its run waits for an approval

    [[nodiscard]] bool isUrgent() const { return kind == Kind::Alert || kind == Kind::Guard; }
    [[nodiscard]] QString key() const { return subject + QLatin1Char('/') + topic; }
    bool operator==(const Notice &) const = default;
};

/// What a track says to this.
struct NoticedTrack
{
    TrackName track;
    Phase phase = Phase::Unread;
    CommitId candidate;
    CommitId stable;
    QString ended; ///< Replaced: why
    QList<Alert> firing;
};

/// What a guard did by itself.
struct GuardDeed
{
    TrackName track;
    QString sentence;

    bool operator==(const GuardDeed &) const = default;
};

/// Everything that notices are made from, at one moment.
struct Noticed
{
    QList<NextRow> next;
    QList<NoticedTrack> tracks;
    QList<GuardDeed> deeds; ///< all so far, oldest first
    /// The release of whose gates NEXT tells; empty = the CI host was not looked at yet.
    CommitId waitingOf{};
};

/// What became of `before` that somebody should hear of. Pure. What was not known before is no
/// news, but for a gate that a run of the same release has come to; NEXT counts where it asks a
/// person for something else than before, and may be done.
[[nodiscard]] QList<Notice> noticesOf(const Noticed &before, const Noticed &after);

} // namespace pilothouse

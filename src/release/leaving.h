#pragma once

#include "migration/migrationcontroller.h"
#include "rollout/rolloutviews.h"

namespace pilothouse {

class RolloutController;

/// A track that has less when the window closes than it has now.
struct LeftTrack
{
    TrackName track;
    bool inFlight = false; ///< its candidate has traffic, and the old stable still stands
    Weight weight;         ///< asked for the candidate
    CommitId candidate;    ///< empty = unknown commit
    CommitId stable;
    QDateTime since;       ///< UTC, of the last change of weight; invalid = not told
    QString by;            ///< who made it
    bool underWay = false; ///< something that was confirmed is not over yet
    QString armedBy;       ///< whose guard ends with the window; empty = none is armed
    QString guard;         ///< none is armed: why not any more; empty = none ever was
    QString elsewhere;     ///< a guard of it that is not of this window, with its words
    QString rollBack;      ///< on the button: "Roll back to 9f3c2a1…"
    QString whyNot;        ///< why rolling back is off; empty = it is not
    QString headless;      ///< the command that guards it without a window; empty = none is offered

    bool operator==(const LeftTrack &) const = default;
};

/// A step of a change that runs now.
struct LeftStep
{
    QString change;
    QString step; ///< "M2"

    bool operator==(const LeftStep &) const = default;
};

/// What closing the window leaves behind.
struct Leaving
{
    QList<LeftTrack> tracks;
    QList<LeftStep> steps;

    [[nodiscard]] bool isNothing() const { return tracks.isEmpty() && steps.isEmpty(); }
    /// A track that goes on without anybody who rolls back by itself.
    [[nodiscard]] bool leavesTraffic() const;
    bool operator==(const Leaving &) const = default;
};

/// In the body of the note of a closing: the guards that were armed ended with it.
inline const QString closingKey = QStringLiteral("closing");

[[nodiscard]] Leaving leavingOf(const QList<RolloutController *> &tracks,
                                const MigrationController &migrations);

/// How the window was closed, for the journal: "closed with standalone at 10 %, no guard". One a
/// track; empty where nothing was in flight. `headless` names the tracks that a headless guard
/// watches by now, with its words.
[[nodiscard]] QHash<TrackName, QString> closingNotes(const Leaving &leaving,
                                                     const QHash<TrackName, QString> &headless);

} // namespace pilothouse

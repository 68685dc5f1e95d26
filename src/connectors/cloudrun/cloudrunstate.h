#pragma once

#include "connectors/cloudrun/cloudrunservice.h"
#include "rollout/commitfrom.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

/// The revision that was stable beside the candidate of our last change.
inline constexpr char previousStableAnnotation[] = "pilothouse.dev/stable";

/// A service with the revisions that are known, and what follows from both. Pure.
struct CloudRunSnapshot
{
    CloudRunService service;
    CloudRunRevisions revisions;
    CommitFrom commitFrom;
    QString stableBefore; ///< the stable before this one, if this console saw the change
    /// The revision that this console saw last with all the traffic to itself, where no note of
    /// ours is newer than that; empty = none.
    QString alone = {};

    /// Per cent by revision, LATEST resolved, tags without weight left out.
    [[nodiscard]] QHash<QString, int> asked() const;
    [[nodiscard]] QHash<QString, int> observed() const;

    /// The one revision that traffic is asked for and served by; empty where several share it.
    [[nodiscard]] QString sole() const;
    /// The revision that has all the traffic that is asked for; empty where several share it.
    [[nodiscard]] QString holder() const;
    [[nodiscard]] RevisionState revision(const QString &name) const;
    /// The newest ready revision of a commit; empty if there is none.
    [[nodiscard]] QString newestOf(const CommitId &commit) const;
    /// Every revision the service names: what must be known to tell the state.
    [[nodiscard]] QStringList named() const;

    /// The stable before the present one, if it is ready: as seen, else as the changes tell, else
    /// as the annotation of our last write tells. Empty = not known.
    [[nodiscard]] QString revisionBefore(const TrafficState &now) const;

    /// Who is stable and who is the candidate: with all traffic on one revision that one is the
    /// stable, and a later ready one the candidate. With the traffic shared, the candidate is the
    /// revision that our last change moved if nobody has moved it since; else the stable is the one
    /// that was seen with all the traffic, or that our last change gave all of it, or beside which
    /// our last change tried another one. Where nobody tells, the latest ready one is the
    /// candidate, else the one made last: a guess that is said to be one unless it has less than
    /// half.
    [[nodiscard]] TrafficState state() const;
};

} // namespace pilothouse

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

    /// Per cent by revision, LATEST resolved, tags without weight left out.
    [[nodiscard]] QHash<QString, int> asked() const;
    [[nodiscard]] QHash<QString, int> observed() const;

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
    /// stable, and a later ready one the candidate; with the traffic shared, the candidate is the
    /// revision that our last change moved if nobody has moved it since, else the latest ready one,
    /// else the one made last.
    [[nodiscard]] TrafficState state() const;
};

} // namespace pilothouse

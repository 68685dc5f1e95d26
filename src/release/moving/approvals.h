#pragma once

#include "pipeline/act/runcontrol.h"
#include "release/releaseviews.h"

namespace pilothouse {

/// A run that waits at its gates, as it was seen last.
struct WaitingRun
{
    Run run;
    QList<TrackName> tracks; ///< that its workflow deploys, in the workspace's order; may be empty
    /// nullopt = for what it waits could not be read.
    std::optional<QList<PendingEnvironment>> environments;
    QList<Reason> against; ///< what speaks against approving it
    QString host;          ///< "GitHub"
    QString lost;          ///< why the host cannot be asked now; empty = it can

    bool operator==(const WaitingRun &) const = default;
};

/// The rows of NEXT for the gates of this release at which a run of `track` (empty = of none) waits
/// for a person: one for each environment, with the runs that wait for it, who may approve, and
/// since when, by the jobs (of any run) where the host does not tell. What only waits for a timer
/// has none.
[[nodiscard]] QList<NextRow> approvalRows(const QList<WaitingRun> &waiting, const TrackName &track,
                                          const CommitId &release, const QList<Job> &jobs);

} // namespace pilothouse

#pragma once

#include "action/reason.h"
#include "pipeline/act/runcontrol.h"
#include "rollout/act/runsline.h"
#include "rollout/trafficcontrol.h"

#include <QHash>

namespace pilothouse {

/// A run that has not ended and can still move a track's traffic.
struct MovingRun
{
    enum class State {
        Running,
        WaitsAtGate, ///< for the environments in `gates`
        Queued,
    };

    RunId id;
    QString name;     ///< "run 7012"
    QString workflow; ///< "deploy-standalone"
    CommitId commit;
    State state = State::Running;
    QStringList gates;
    QDateTime createdAt; ///< UTC
    QString said;        ///< what came of the try to stop it; empty = none was made

    bool operator==(const MovingRun &) const = default;
};

/// What the looks at the CI host brought, for every workflow.
struct RunsSight
{
    QString host;              ///< "GitHub"
    bool read = false;         ///< `active` was read once
    std::optional<Error> lost; ///< why the last look brought nothing; `active` is then older
    QList<Run> active;
    QHash<RunId, QList<PendingEnvironment>> waiting;
    QHash<RunId, QString> said; ///< what came of the try to stop a run
};

/// Every run that could still move one track. What cannot be seen is never taken for none.
struct MovingRuns
{
    enum class Sight {
        NotNamed, ///< the workspace names no workflow for the track
        NotRead,  ///< the CI host has not answered yet
        Lost,     ///< it does not answer; `runs` are those that were seen last
        Seen,
    };

    Sight sight = Sight::NotNamed;
    QString host;
    QString why; ///< Lost: the error
    QString workflow;
    QList<MovingRun> runs; ///< by their numbers

    bool operator==(const MovingRuns &) const = default;
};

/// `workflowPath` is the file that deploys the track: any run of it that has not ended, of whatever
/// commit, ends in a write to the track's traffic.
[[nodiscard]] MovingRuns runsThatMove(const QString &workflowPath, const RunsSight &sight);

/// The track has no traffic on a candidate because somebody took it away, or holds it at 0: read
/// from the traffic object, so that every console sees it, whoever did it.
[[nodiscard]] bool isStopped(const TrafficState &traffic);

/// A hold stops it: it waits at a gate or is queued. One that is at work is not cut in two.
[[nodiscard]] bool isStoppedByHold(RunStatus status);

/// "run 7012 (deploy-standalone, waits at production)"
[[nodiscard]] QString runText(const MovingRun &run);

/// What a track says of it. Nothing is still able before the traffic was read.
[[nodiscard]] RunsLine runsLine(const MovingRuns &runs, const std::optional<TrafficState> &traffic);

/// What is against approving a run that moves this track; empty = nothing.
[[nodiscard]] QList<Reason> againstApproval(const TrackName &track, const TrafficState &traffic);

} // namespace pilothouse

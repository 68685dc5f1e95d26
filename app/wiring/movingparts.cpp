#include "app/wiring/movingparts.h"

#include "pipeline/act/runactions.h"

namespace pilothouse {

std::unique_ptr<MovingRunsDesk> movingRunsDesk(const Workspace &workspace, RunControl &control,
                                               const QList<RolloutController *> &tracks,
                                               RunActions &approving, ActionRunner &actions,
                                               Clock &clock)
{
    auto desk
        = std::make_unique<MovingRunsDesk>(MovingRunsDesk::Settings{}, control, actions, clock);
    for (qsizetype i = 0; i < tracks.size(); ++i)
        desk->addTrack(*tracks[i], workspace.tracks[i].workflow);
    approving.setAgainstApproval(
        [&desk = *desk](const Run &run) { return desk.againstApproving(run); });
    return desk;
}

std::unique_ptr<MovingRunsDesk> movingBuildsDesk(TrackBuilds &builds, RolloutController &track,
                                                 RunActions &approving, ActionRunner &actions,
                                                 Clock &clock)
{
    // Each look is a list of a hundred builds.
    MovingRunsDesk::Settings settings;
    settings.quiet = std::chrono::seconds(30);
    auto desk = std::make_unique<MovingRunsDesk>(settings, builds, actions, clock);
    desk->addTrack(track, TrackBuilds::workflowPath());
    approving.setAgainstApproval([&desk = *desk](const Run &build) {
        return desk.againstApproving(TrackBuilds::named(build));
    });
    return desk;
}

} // namespace pilothouse

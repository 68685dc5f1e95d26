#pragma once

#include "release/moving/movingrunsdesk.h"
#include "release/moving/trackbuilds.h"
#include "workspace/workspace.h"

#include <memory>

namespace pilothouse {

class RunActions;

/// Follows the runs at the CI host that could still move a track; what it is made of outlives it.
/// `tracks` in the workspace's order. `approving` is told what it has against an approval: it asks
/// no more once the desk is gone.
[[nodiscard]] std::unique_ptr<MovingRunsDesk>
movingRunsDesk(const Workspace &workspace, RunControl &control,
               const QList<RolloutController *> &tracks, RunActions &approving,
               ActionRunner &actions, Clock &clock);
/// The same for the builds of one track.
[[nodiscard]] std::unique_ptr<MovingRunsDesk> movingBuildsDesk(TrackBuilds &builds,
                                                               RolloutController &track,
                                                               RunActions &approving,
                                                               ActionRunner &actions, Clock &clock);

} // namespace pilothouse

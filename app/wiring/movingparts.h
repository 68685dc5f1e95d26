#pragma once

#include "release/moving/movingrunsdesk.h"
#include "workspace/workspace.h"

#include <memory>

namespace pilothouse {

/// Follows the runs that could still move a track; what it is made of outlives it. `tracks` in the
/// workspace's order.
[[nodiscard]] std::unique_ptr<MovingRunsDesk>
movingRunsDesk(const Workspace &workspace, RunControl &control,
               const QList<RolloutController *> &tracks, ActionRunner &actions, Clock &clock);

} // namespace pilothouse

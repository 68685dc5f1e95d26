#pragma once

#include "rollout/rolloutcontroller.h"
#include "workspace/workspace.h"

namespace pilothouse {

/// What a track's controller is told once: its part of the workspace, in rollout's own words.
[[nodiscard]] RolloutSettings rolloutSettings(const TrackSettings &track,
                                              const Workspace &workspace);

} // namespace pilothouse

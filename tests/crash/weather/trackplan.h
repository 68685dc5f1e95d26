#pragma once

#include "rollout/rolloutcontroller.h"

namespace pilothouse {

/// The track "weather": 10, 50, 100, and no stage waits.
[[nodiscard]] inline RolloutSettings weatherTrack()
{
    RolloutSettings settings;
    settings.track = TrackName(QStringLiteral("weather"));
    for (const int weight : {10, 50, 100})
        settings.plan.stages.append({Weight{weight}, {}});
    return settings;
}

} // namespace pilothouse

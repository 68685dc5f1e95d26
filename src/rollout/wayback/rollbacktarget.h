#pragma once

#include "rollout/act/arrival.h"

namespace pilothouse {

/// Whether a rollback still leads to its target. Where all traffic is on the stable that it leaves,
/// the system itself tells who would get it.
[[nodiscard]] inline bool stillLeads(const WeightAttempt &rollback, const TrafficState &now,
                                     StepRules::AfterFull afterFull)
{
    if (!targetStands(rollback, now, afterFull))
        return false;
    return !now.previous || sameCode(pinOf(*now.stable), rollback.target)
           || sameCode(pinOf(*now.previous), rollback.target);
}

} // namespace pilothouse

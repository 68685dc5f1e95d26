#pragma once

#include "rollout/step.h"

namespace pilothouse {

// What the traffic says about an attempt to move its weight. Pure.

/// How far the traffic has come with an attempt.
struct Arrival
{
    bool asked = false;    ///< the weight that it wants is asked, and for whom it wants it
    bool accepted = false; ///< the traffic follows such a weight
};
[[nodiscard]] Arrival arrivalOf(const WeightAttempt &attempt, const TrafficState &now);

/// Whether a rollback still gives the traffic to whom it was confirmed for.
[[nodiscard]] bool targetStands(const WeightAttempt &rollback, const TrafficState &now,
                                StepRules::AfterFull afterFull);

/// What a change that a console noted pinned, of a candidate that is `present` now.
[[nodiscard]] PinnedCandidate pinRecorded(const WeightChange &change,
                                          const PinnedCandidate &present);
/// Why a rollout ended though its candidate still holds a weight.
[[nodiscard]] QString replacedWords(const PinnedCandidate &pinned, const PinnedCandidate &present,
                                    Weight held);

/// The hold that follows a rollback; without a time.
[[nodiscard]] Hold holdAfter(const WeightRequest &rollback);

} // namespace pilothouse

#pragma once

#include "rollout/step.h"

namespace pilothouse {

/// What a confirmation that is open would do, as far as a dry run of it goes: a move along the
/// plan, a hold or the end of one, or an own action of the traffic control by its id.
enum class HoldVerb { Hold, Lift };
struct OwnVerb
{
    QString id; ///< OwnAction::id
};
using Tried = std::variant<WeightAttempt::Kind, HoldVerb, OwnVerb>;

} // namespace pilothouse

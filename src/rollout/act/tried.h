#pragma once

#include "rollout/step.h"

namespace pilothouse {

enum class HoldVerb { Hold, Lift };

/// An own action of the traffic control.
struct OwnVerb
{
    QString id; ///< OwnAction::id
};

/// A way back that is given up: a note on the traffic object, which nothing tries.
struct RetireVerb
{};

/// What a confirmation that is open would do, as far as a dry run of it goes: a move along the
/// plan, a hold or the end of one, or an own action.
using Tried = std::variant<WeightAttempt::Kind, HoldVerb, OwnVerb, RetireVerb>;

} // namespace pilothouse

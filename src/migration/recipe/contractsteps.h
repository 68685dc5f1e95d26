#pragma once

#include "migration/recipe/stepplan.h"

namespace pilothouse {

[[nodiscard]] ChangeStep guardStep(const Plan &plan);       ///< C1
[[nodiscard]] ChangeStep proveStep(const Plan &plan);       ///< C2
[[nodiscard]] ChangeStep tightenStep(const Plan &plan);     ///< C3
[[nodiscard]] ChangeStep dropGuardStep(const Plan &plan);   ///< C4
[[nodiscard]] ChangeStep dropTriggerStep(const Plan &plan); ///< C5

} // namespace pilothouse

#pragma once

#include "migration/recipe/stepplan.h"

namespace pilothouse {

[[nodiscard]] ChangeStep addColumnStep(const Plan &plan);                          ///< E1
[[nodiscard]] ChangeStep syncTriggerStep(const Plan &plan);                        ///< E2
[[nodiscard]] ChangeStep codeReadyStep(const QList<RevisionReadiness> &readiness); ///< E3

} // namespace pilothouse

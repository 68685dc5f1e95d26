#pragma once

#include "migration/recipe/stepplan.h"

namespace pilothouse {

/// M2 or M3. A backfill row decides; without one (an empty table, or somebody else filled the
/// column) the count of NULLs does.
[[nodiscard]] ChangeStep backfillStep(const Plan &plan, StepId id);
[[nodiscard]] ChangeStep indexStep(const Plan &plan); ///< M4
/// M5. `record` is the last time a console ran it.
[[nodiscard]] ChangeStep analyzeStep(const Plan &plan, const std::optional<StepRecord> &record);

} // namespace pilothouse

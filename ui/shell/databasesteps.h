#pragma once

#include "migration/migrationcontroller.h"
#include "ui/rollout/plot/plotmarks.h"

namespace pilothouse {

/// When the steps of a change ended, as marks for the charts of every track: "M2 backfill". A step
/// that was done outside a console has no time and no mark.
[[nodiscard]] QList<ChartMark> databaseSteps(const ChangeView &change);

} // namespace pilothouse

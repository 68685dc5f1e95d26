#pragma once

#include "workspace/analysis/checkreader.h"

namespace pilothouse {

/// Reads `series` of a track; nullopt if it is absent or wrong.
[[nodiscard]] std::optional<SeriesNames> readSeries(Fields &track);

/// Reads `analysis` of a track: each query must keep the label of `series`, which must then be
/// there.
[[nodiscard]] QList<Check> readAnalysis(Fields &track, const CheckSurroundings &surroundings);

} // namespace pilothouse

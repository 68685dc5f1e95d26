#pragma once

#include "pipeline/layered/level.h"

namespace pilothouse {

/// Orders all ranks at once: each vertex is drawn towards the mean of its neighbours in both
/// directions and a little towards its even share of the rank, until the whole has come to rest.
/// That finds the large shape, which sweeps from rank to rank hardly change; sifting does the rest.
/// `ranks` is where it begins; `towardsShare` is that little, from 0 to 1.
[[nodiscard]] std::vector<std::vector<int>> spreadRanks(const Ranked &ranked,
                                                        const std::vector<std::vector<int>> &ranks,
                                                        int rounds, double towardsShare);

} // namespace pilothouse

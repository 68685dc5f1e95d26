#pragma once

#include "rollout/judgement/ranks.h"

#include <optional>

namespace pilothouse {

/// Above this many pairs the exact distribution is not computed: the normal one is as good there.
inline constexpr double mostExactPairs = 10'000;

/// The exact p of U where no two values are equal; nullopt with ties, with an empty sample or with
/// too many pairs. By the recurrence of Mann and Whitney (1947) on the probabilities:
/// p(m,n,u) = m/(m+n) · p(m-1,n,u-n) + n/(m+n) · p(m,n-1,u). Time (mn)².
[[nodiscard]] std::optional<double> exactP(const RankComparison &ranks, Alternative alternative);

} // namespace pilothouse

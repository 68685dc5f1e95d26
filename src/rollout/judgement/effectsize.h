#pragma once

#include "rollout/judgement/summary.h"

#include <span>

namespace pilothouse {

/// The experiment's mean over the control's; NaN if either is 0.
[[nodiscard]] double meanRatio(double controlMean, double experimentMean);
[[nodiscard]] double meanRatio(std::span<const double> control, std::span<const double> experiment);

/// The chance that a value of the experiment is above one of the control, ties counted half: the
/// common language effect size of McGraw and Wong (1992) without their normal distribution, U/(mn).
/// Any order. NaN if either is empty.
[[nodiscard]] double commonLanguageEffect(std::span<const double> control,
                                          std::span<const double> experiment);

/// The distance of the means in pooled deviations: J. Cohen, "Statistical Power Analysis" (1988).
/// Never negative; infinite where only the means differ; NaN where nothing does, and for fewer than
/// three values together.
[[nodiscard]] double cohensD(const Summary &control, const Summary &experiment);

} // namespace pilothouse

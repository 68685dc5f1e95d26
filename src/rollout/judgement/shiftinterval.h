#pragma once

#include <span>
#include <tl/expected.hpp>

namespace pilothouse {

/// How the shift between two samples is found.
enum class Solver {
    /// From the order of the pairwise differences alone: another unit gives the same answer in that
    /// unit.
    Exact,
    /// As Kayenta has it, for those who come from there: roots by Brent's method to an absolute
    /// 1e-4, so the answer depends on the unit.
    KayentaCompatible,
};

/// By how much x lies above y.
struct ShiftInterval
{
    double lower = 0;
    double upper = 0;
    double estimate = 0; ///< Hodges and Lehmann's

    bool operator==(const ShiftInterval &) const = default;
};

/// Why there is no interval.
enum class NoInterval {
    TooFewSamples, ///< even samples that do not overlap at all could not reach the confidence
    NoVariance,    ///< the compatible solver met nothing but ties
};

/// The two-sided confidence interval of Mann and Whitney's test with continuity and tie correction.
///
/// Both samples ascending, finite, not empty; 0 < confidence < 1.
///
/// Exact: W(mu) falls only where mu passes a difference x_i - y_j, and between two of them the
/// variance is that of the ties within x and within y. So the K-th difference from below and from
/// above are the limits, K = ⌈mn/2 - 1/2 - zσ⌉, and the median of the differences is the estimate.
/// TooFewSamples if K < 1.
///
/// KayentaCompatible: roots of wilcoxonDifference at ±z, and at 0 for the estimate, between
/// min x - max y and max x - min y; a limit whose end has the wrong sign already is that end. Two
/// constant samples of different values, to which Kayenta adds random noise of 1e-5 of the value,
/// get what is left of that as the noise goes to 0: the difference is both limits and the estimate.
/// NoVariance if all is tied at an end of the search.
[[nodiscard]] tl::expected<ShiftInterval, NoInterval> shiftInterval(std::span<const double> x,
                                                                    std::span<const double> y,
                                                                    double confidence,
                                                                    Solver solver);

/// A root of wilcoxonDifference at `quantile` as the compatible solver finds it, without a look at
/// the signs of the ends. NaN if all is tied at an end.
[[nodiscard]] double wilcoxonRoot(std::span<const double> x, std::span<const double> y,
                                  double quantile);

} // namespace pilothouse

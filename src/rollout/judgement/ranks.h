#pragma once

#include <QtGlobal>

#include <span>

namespace pilothouse {

/// Two samples x and y, ranked together. Ties get the mean of their ranks.
struct RankComparison
{
    double m = 0;       ///< size of x
    double n = 0;       ///< size of y
    double u = 0;       ///< pairs with x above y, ties counted half: U of x
    double rankSum = 0; ///< of x
    double tieSum = 0;  ///< Σ(t³ - t) over the groups of equal values

    /// Variance of U under "no difference", corrected for ties:
    /// mn/12 · (N + 1 - Σ(t³ - t) / (N (N - 1))). 0 if all values are equal.
    [[nodiscard]] double variance() const;

    bool operator==(const RankComparison &) const = default;
};

/// Both ascending, without NaN.
[[nodiscard]] RankComparison compareRanks(std::span<const double> x, std::span<const double> y);

/// The same of x shifted by -mu.
[[nodiscard]] RankComparison compareRanks(std::span<const double> x, std::span<const double> y,
                                          double mu);

/// How far the standardised U of (x - mu, y), corrected for continuity by a half towards its mean,
/// lies above `quantile`: (U - mn/2 - sign/2) / σ - quantile. It falls as mu rises; its roots are
/// the limits of the confidence interval of the shift (Bauer, "Constructing confidence sets using
/// rank statistics", 1972). NaN if all values are equal.
[[nodiscard]] double wilcoxonDifference(std::span<const double> x, std::span<const double> y,
                                        double mu, double quantile);

enum class Alternative {
    TwoSided,
    Less,    ///< x tends to lie below y
    Greater, ///< x tends to lie above y
};

enum class Continuity { Corrected, Uncorrected };

/// The normal approximation of Mann and Whitney's test (1947), with the variance corrected for
/// ties. 1 if all values are equal.
[[nodiscard]] double asymptoticP(const RankComparison &ranks, Alternative alternative,
                                 Continuity continuity);

} // namespace pilothouse

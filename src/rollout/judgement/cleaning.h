#pragma once

#include <QtGlobal>

#include <optional>
#include <span>
#include <vector>

namespace pilothouse {

/// What becomes of a sample that is not a number.
enum class NanStrategy {
    Remove,
    Replace, ///< it counts as 0: for metrics that are absent where nothing happens
};

/// How values far from the others are told.
enum class OutlierTest {
    InterquartileRange, ///< more than `factor` × (Q3 - Q1) below Q1 or above Q3
    Deviations,         ///< more than `factor` population deviations from the mean
};

/// Strictly outside is an outlier; a value on the fence is none.
struct OutlierRule
{
    OutlierTest test = OutlierTest::InterquartileRange;
    double factor = 3.0;
    /// The fences of the interquartile range then never lie within the 1st to 99th percentile.
    bool spareMiddle = true;
    /// How far beyond a fence a value must be, as a share of the greatest value: room for the
    /// rounding of the fence itself.
    double slack = 0;

    bool operator==(const OutlierRule &) const = default;
};

/// Samples without NaN. Infinite ones stay.
[[nodiscard]] std::vector<double> withoutNan(std::span<const double> samples, NanStrategy strategy);
[[nodiscard]] std::vector<double> nanReplaced(std::span<const double> samples, double by);

/// True for each sample that is an outlier among all of them.
[[nodiscard]] std::vector<bool> outliers(std::span<const double> samples, const OutlierRule &rule);
[[nodiscard]] std::vector<double> withoutOutliers(std::span<const double> samples,
                                                  const OutlierRule &rule);

} // namespace pilothouse

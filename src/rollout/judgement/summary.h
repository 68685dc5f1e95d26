#pragma once

#include <QtGlobal>

#include <span>

namespace pilothouse {

/// What a person asks of a sample first. All zero for no samples.
struct Summary
{
    double min = 0;
    double max = 0;
    double mean = 0;
    double deviation = 0; ///< of the sample (n - 1); 0 for one value
    qsizetype count = 0;

    bool operator==(const Summary &) const = default;
};

[[nodiscard]] Summary summaryOf(std::span<const double> samples);

/// 0 for no samples.
[[nodiscard]] double meanOf(std::span<const double> samples);

/// The p-th percentile, p from 0 to 100, by linear interpolation at (n - 1) p / 100: type 7 of
/// Hyndman and Fan, "Sample quantiles in statistical packages" (1996). 0 for no samples.
[[nodiscard]] double percentile(std::span<const double> samples, double p);

/// The same of samples that are already in ascending order.
[[nodiscard]] double percentileOfSorted(std::span<const double> sorted, double p);

} // namespace pilothouse

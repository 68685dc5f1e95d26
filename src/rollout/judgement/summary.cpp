#include "rollout/judgement/summary.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace pilothouse {

double meanOf(std::span<const double> samples)
{
    if (samples.empty())
        return 0;
    const double count = double(samples.size());
    const double first = std::accumulate(samples.begin(), samples.end(), 0.0) / count;
    // The rounding of the first sum is taken back out.
    double rest = 0;
    for (const double sample : samples)
        rest += sample - first;
    return first + rest / count;
}

Summary summaryOf(std::span<const double> samples)
{
    Summary summary;
    if (samples.empty())
        return summary;
    const auto [min, max] = std::minmax_element(samples.begin(), samples.end());
    summary.min = *min;
    summary.max = *max;
    summary.mean = meanOf(samples);
    summary.count = qsizetype(samples.size());
    if (samples.size() < 2)
        return summary;
    double squares = 0;
    for (const double sample : samples)
        squares += (sample - summary.mean) * (sample - summary.mean);
    summary.deviation = std::sqrt(squares / double(samples.size() - 1));
    return summary;
}

double percentile(std::span<const double> samples, double p)
{
    std::vector<double> sorted(samples.begin(), samples.end());
    std::sort(sorted.begin(), sorted.end());
    return percentileOfSorted(sorted, p);
}

double percentileOfSorted(std::span<const double> sorted, double p)
{
    if (sorted.empty())
        return 0;
    const double place = double(sorted.size() - 1) * (std::clamp(p, 0.0, 100.0) / 100);
    const auto below = size_t(place);
    if (below + 1 >= sorted.size())
        return sorted.back();
    return sorted[below] + (place - double(below)) * (sorted[below + 1] - sorted[below]);
}

} // namespace pilothouse

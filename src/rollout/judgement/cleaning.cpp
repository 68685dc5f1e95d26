#include "rollout/judgement/cleaning.h"

#include "rollout/judgement/summary.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

struct Fences
{
    double low = 0;
    double high = 0;
};

Fences quartileFences(std::span<const double> samples, const OutlierRule &rule)
{
    std::vector<double> sorted(samples.begin(), samples.end());
    std::sort(sorted.begin(), sorted.end());
    const double first = percentileOfSorted(sorted, 25);
    const double third = percentileOfSorted(sorted, 75);
    Fences fences{first - rule.factor * (third - first), third + rule.factor * (third - first)};
    if (rule.spareMiddle) {
        fences.low = std::min(fences.low, percentileOfSorted(sorted, 1));
        fences.high = std::max(fences.high, percentileOfSorted(sorted, 99));
    }
    return fences;
}

Fences deviationFences(std::span<const double> samples, const OutlierRule &rule)
{
    const double mean = meanOf(samples);
    double squares = 0;
    for (const double sample : samples)
        squares += (sample - mean) * (sample - mean);
    const double reach = rule.factor * std::sqrt(squares / double(samples.size()));
    return {mean - reach, mean + reach};
}

} // namespace

std::vector<double> withoutNan(std::span<const double> samples, NanStrategy strategy)
{
    if (strategy == NanStrategy::Replace)
        return nanReplaced(samples, 0);
    std::vector<double> kept;
    kept.reserve(samples.size());
    std::copy_if(samples.begin(), samples.end(), std::back_inserter(kept),
                 [](double sample) { return !std::isnan(sample); });
    return kept;
}

std::vector<double> nanReplaced(std::span<const double> samples, double by)
{
    std::vector<double> all(samples.begin(), samples.end());
    std::replace_if(
        all.begin(), all.end(), [](double sample) { return std::isnan(sample); }, by);
    return all;
}

std::vector<bool> outliers(std::span<const double> samples, const OutlierRule &rule)
{
    std::vector<bool> marks;
    if (samples.empty())
        return marks;
    const Fences fences = rule.test == OutlierTest::InterquartileRange
                              ? quartileFences(samples, rule)
                              : deviationFences(samples, rule);
    double greatest = 0;
    for (const double sample : samples)
        greatest = std::max(greatest, std::abs(sample));
    const double slack = rule.slack * greatest;
    marks.reserve(samples.size());
    for (const double sample : samples)
        marks.push_back(sample < fences.low - slack || sample > fences.high + slack);
    return marks;
}

std::vector<double> withoutOutliers(std::span<const double> samples, const OutlierRule &rule)
{
    const std::vector<bool> marks = outliers(samples, rule);
    std::vector<double> kept;
    kept.reserve(samples.size());
    for (size_t i = 0; i < samples.size(); ++i) {
        if (!marks[i])
            kept.push_back(samples[i]);
    }
    return kept;
}

} // namespace pilothouse

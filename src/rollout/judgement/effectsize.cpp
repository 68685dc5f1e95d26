#include "rollout/judgement/effectsize.h"

#include "rollout/judgement/ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace pilothouse {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

} // namespace

double meanRatio(double controlMean, double experimentMean)
{
    return controlMean == 0 || experimentMean == 0 ? undefined : experimentMean / controlMean;
}

double meanRatio(std::span<const double> control, std::span<const double> experiment)
{
    return meanRatio(meanOf(control), meanOf(experiment));
}

double commonLanguageEffect(std::span<const double> control, std::span<const double> experiment)
{
    if (control.empty() || experiment.empty())
        return undefined;
    std::vector<double> x(experiment.begin(), experiment.end());
    std::vector<double> y(control.begin(), control.end());
    std::sort(x.begin(), x.end());
    std::sort(y.begin(), y.end());
    const RankComparison ranks = compareRanks(x, y);
    return ranks.u / (ranks.m * ranks.n);
}

double cohensD(const Summary &control, const Summary &experiment)
{
    const double freedom = double(control.count + experiment.count - 2);
    if (freedom < 1 || control.count < 1 || experiment.count < 1)
        return undefined;
    const double squares
        = double(control.count - 1) * control.deviation * control.deviation
          + double(experiment.count - 1) * experiment.deviation * experiment.deviation;
    return std::abs(experiment.mean - control.mean) / std::sqrt(squares / freedom);
}

} // namespace pilothouse

#pragma once

#include "rollout/judgement/cleaning.h"
#include "rollout/judgement/metricclass.h"
#include "rollout/judgement/shiftinterval.h"

#include <QString>

#include <optional>
#include <span>

namespace pilothouse {

/// Which way a metric may not go.
enum class Direction { Increase, Decrease, Either };

enum class EffectMeasure {
    MeanRatio,      ///< "none" is 1
    CommonLanguage, ///< "none" is 0.5
};

/// A difference counts if its effect is at most `decrease` or at least `increase`.
struct EffectLimits
{
    double decrease = 1;
    double increase = 1;

    bool operator==(const EffectLimits &) const = default;
};

/// How one metric is judged. The numbers are Kayenta's defaults, but for `minimumSamples`.
struct JudgeSettings
{
    Solver solver = Solver::Exact;
    double confidence = 0.98;
    double tolerance = 0.25; ///< the interval must lie beyond this share of the estimate
    Direction direction = Direction::Either;
    NanStrategy nan = NanStrategy::Remove;
    std::optional<OutlierRule> removeOutliers;
    EffectMeasure effect = EffectMeasure::MeanRatio;
    std::optional<EffectLimits> allowed;       ///< nullopt = the measure's "none" on both sides
    std::optional<EffectLimits> criticalLimit; ///< the same, for `critical`
    bool critical = false;                     ///< its failing fails the whole
    bool mustHaveData = false;
    /// Fewer measured values on either side are Nodata, whatever becomes of NaN. 5 + 5 is the least
    /// that can show any difference at a confidence of 98 %. 0 = as Kayenta, where an empty sample
    /// with NaN replaced is a Pass.
    int minimumSamples = 5;

    bool operator==(const JudgeSettings &) const = default;
};

struct Classification
{
    MetricClass result = MetricClass::Nodata;
    bool critical = false; ///< this result alone fails the whole
    /// The effect of the experiment in the settings' measure; 1 where nothing was compared or both
    /// samples are the same, NaN where a mean is 0.
    double deviation = 1;
    QString reason;                        ///< for a person; never empty
    std::optional<ShiftInterval> interval; ///< experiment above control, where it was computed
    std::optional<double> p;               ///< two-sided, continuity and ties corrected
    qsizetype controlSamples = 0;          ///< after cleaning
    qsizetype experimentSamples = 0;
};

/// Judges by Mann and Whitney's test. Pure, and the same answer for the same input.
///
/// High if the direction says so, the lower limit of the interval is above tolerance × |estimate|,
/// and the effect is at least allowed.increase (an effect that is NaN is not asked); Low likewise.
/// With Solver::Exact equality is told with room for rounding, so that scaling both samples by one
/// factor never changes the result. Infinite values are an Error.
[[nodiscard]] Classification classify(std::span<const double> control,
                                      std::span<const double> experiment,
                                      const JudgeSettings &settings);

/// Judges by the means alone: High if the experiment's is above the control's, Low if below.
[[nodiscard]] Classification classifyByMeans(std::span<const double> control,
                                             std::span<const double> experiment,
                                             const JudgeSettings &settings);

} // namespace pilothouse

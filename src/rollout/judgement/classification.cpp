#include "rollout/judgement/classification.h"

#include "base/words.h"
#include "rollout/judgement/effectsize.h"
#include "rollout/judgement/ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace pilothouse {

namespace {

/// More than scaling both samples can change by rounding: of a difference, as a share of the
/// greatest value; of what is computed from all of them, as a share of itself.
constexpr double differenceRoom = 8 * std::numeric_limits<double>::epsilon();
constexpr double effectRoom = 1e-12;

/// One side, cleaned and in order.
struct CleanSide
{
    std::vector<double> samples;
    qsizetype measured = 0; ///< before NaN was replaced
};

CleanSide cleanSide(std::span<const double> raw, const JudgeSettings &settings)
{
    CleanSide side;
    side.measured = std::count_if(raw.begin(), raw.end(), [](double v) { return !std::isnan(v); });
    side.samples = withoutNan(raw, settings.nan);
    if (settings.removeOutliers) {
        OutlierRule rule = *settings.removeOutliers;
        if (settings.solver == Solver::Exact)
            rule.slack = std::max(rule.slack, effectRoom);
        side.samples = withoutOutliers(side.samples, rule);
    }
    std::sort(side.samples.begin(), side.samples.end());
    return side;
}

Classification noData(const JudgeSettings &settings, const QString &reason)
{
    Classification none;
    none.result = settings.mustHaveData && !settings.critical ? MetricClass::NodataFailMetric
                                                              : MetricClass::Nodata;
    none.critical = settings.critical;
    none.reason = reason;
    return none;
}

Classification notComparable(const JudgeSettings &settings, Classification error)
{
    error.result = MetricClass::Error;
    error.critical = settings.critical;
    error.reason = Words::tr("Infinite values, or infinitely far apart, cannot be compared.");
    return error;
}

/// Both sides, and what can be said of them before any test.
struct Sides
{
    CleanSide control;
    CleanSide experiment;
    std::optional<Classification> settled;
};

std::optional<Classification> whySettled(const Sides &sides, const JudgeSettings &settings)
{
    const qsizetype least = std::min(sides.control.measured, sides.experiment.measured);
    if (least > 0 && least < settings.minimumSamples) {
        return noData(settings,
                      Words::tr("Too few samples: %1 of the candidate and %2 of the stable, and %3 "
                                "of each are needed.")
                          .arg(sides.experiment.measured)
                          .arg(sides.control.measured)
                          .arg(settings.minimumSamples));
    }
    const bool empty = sides.control.samples.empty() || sides.experiment.samples.empty();
    if (empty || least < settings.minimumSamples) {
        if (settings.nan == NanStrategy::Replace && settings.minimumSamples <= 0) {
            Classification pass;
            pass.result = MetricClass::Pass;
            pass.reason = Words::tr("No data, and missing values count as 0.");
            return pass;
        }
        return noData(settings, sides.experiment.samples.empty() || sides.experiment.measured == 0
                                    ? Words::tr("No data of the candidate.")
                                    : Words::tr("No data of the stable."));
    }
    for (const CleanSide *side : {&sides.control, &sides.experiment}) {
        if (std::isinf(side->samples.front()) || std::isinf(side->samples.back()))
            return notComparable(settings, {});
    }
    return std::nullopt;
}

Sides sidesOf(std::span<const double> control, std::span<const double> experiment,
              const JudgeSettings &settings)
{
    Sides sides{cleanSide(control, settings), cleanSide(experiment, settings), std::nullopt};
    sides.settled = whySettled(sides, settings);
    if (sides.settled) {
        sides.settled->controlSamples = qsizetype(sides.control.samples.size());
        sides.settled->experimentSamples = qsizetype(sides.experiment.samples.size());
    }
    return sides;
}

bool sameEverywhere(const std::vector<double> &x, const std::vector<double> &y)
{
    return x == y || (x.front() == x.back() && y.front() == y.back() && x.front() == y.front());
}

EffectLimits limitsOf(const std::optional<EffectLimits> &given, EffectMeasure measure)
{
    const double none = measure == EffectMeasure::MeanRatio ? 1 : 0.5;
    return given.value_or(EffectLimits{none, none});
}

QString intervalText(const ShiftInterval &interval, double confidence)
{
    return Words::tr("by %1 (between %2 and %3, at %4 % confidence)")
        .arg(interval.estimate, 0, 'g', 4)
        .arg(interval.lower, 0, 'g', 4)
        .arg(interval.upper, 0, 'g', 4)
        .arg(confidence * 100, 0, 'g', 4);
}

MetricClass towards(const ShiftInterval &interval, const JudgeSettings &settings, double size)
{
    const double room = settings.solver == Solver::Exact ? differenceRoom * size : 0;
    const double tolerated = settings.tolerance * std::abs(interval.estimate);
    if (settings.direction != Direction::Decrease && interval.lower - tolerated > room)
        return MetricClass::High;
    if (settings.direction != Direction::Increase && interval.upper + tolerated < -room)
        return MetricClass::Low;
    return MetricClass::Pass;
}

/// An effect that is no number stands in nobody's way.
bool reaches(MetricClass way, double effect, const EffectLimits &limits,
             const JudgeSettings &settings)
{
    const double room = settings.solver == Solver::Exact ? effectRoom * std::abs(effect) : 0;
    return std::isnan(effect)
           || (way == MetricClass::High ? effect + room >= limits.increase
                                        : effect - room <= limits.decrease);
}

void decide(Classification &result, const JudgeSettings &settings, double size)
{
    const ShiftInterval &interval = *result.interval;
    const MetricClass way = towards(interval, settings, size);
    const bool counts
        = way != MetricClass::Pass
          && reaches(way, result.deviation, limitsOf(settings.allowed, settings.effect), settings);
    const bool criticalOne
        = settings.critical && way != MetricClass::Pass
          && reaches(way, result.deviation, limitsOf(settings.criticalLimit, settings.effect),
                     settings);
    const QString shown = intervalText(interval, settings.confidence);
    if (!counts && !criticalOne) {
        result.result = MetricClass::Pass;
        result.reason
            = way == MetricClass::Pass
                  ? Words::tr("No difference that counts: the candidate differs %1.").arg(shown)
                  : Words::tr("The candidate differs %1, but its effect of %2 is allowed.")
                        .arg(shown)
                        .arg(result.deviation, 0, 'g', 4);
        return;
    }
    result.result = way;
    result.critical = criticalOne;
    result.reason = way == MetricClass::High
                        ? Words::tr("The candidate is higher than the stable %1.").arg(shown)
                        : Words::tr("The candidate is lower than the stable %1.").arg(shown);
}

double greatestOf(const Sides &sides)
{
    double greatest = 0;
    for (const CleanSide *side : {&sides.control, &sides.experiment}) {
        greatest
            = std::max({greatest, std::abs(side->samples.front()), std::abs(side->samples.back())});
    }
    return greatest;
}

Classification begun(const Sides &sides)
{
    Classification result;
    result.controlSamples = qsizetype(sides.control.samples.size());
    result.experimentSamples = qsizetype(sides.experiment.samples.size());
    return result;
}

} // namespace

Classification classify(std::span<const double> control, std::span<const double> experiment,
                        const JudgeSettings &settings)
{
    const Sides sides = sidesOf(control, experiment, settings);
    if (sides.settled)
        return *sides.settled;
    const std::vector<double> &x = sides.experiment.samples;
    const std::vector<double> &y = sides.control.samples;
    Classification result = begun(sides);
    if (sameEverywhere(x, y)) {
        result.result = MetricClass::Pass;
        result.p = 1;
        result.reason = Words::tr("Both have the same values.");
        return result;
    }
    const auto interval = shiftInterval(x, y, settings.confidence, settings.solver);
    if (!interval) {
        const bool tooFew = interval.error() == NoInterval::TooFewSamples;
        Classification none = noData(
            settings,
            tooFew
                ? Words::tr("Too few samples: no difference between %1 and %2 of them could "
                            "reach %3 % confidence.")
                      .arg(x.size())
                      .arg(y.size())
                      .arg(settings.confidence * 100, 0, 'g', 4)
                : Words::tr("Nothing but ties: the values cannot be told apart by their ranks."));
        if (!tooFew)
            none.result = MetricClass::Error;
        none.controlSamples = result.controlSamples;
        none.experimentSamples = result.experimentSamples;
        return none;
    }
    if (!std::isfinite(interval->lower) || !std::isfinite(interval->upper))
        return notComparable(settings, result);
    const RankComparison ranks = compareRanks(x, y);
    result.interval = *interval;
    result.p = asymptoticP(ranks, Alternative::TwoSided, Continuity::Corrected);
    result.deviation = settings.effect == EffectMeasure::MeanRatio ? meanRatio(y, x)
                                                                   : ranks.u / (ranks.m * ranks.n);
    decide(result, settings, greatestOf(sides));
    return result;
}

Classification classifyByMeans(std::span<const double> control, std::span<const double> experiment,
                               const JudgeSettings &settings)
{
    const Sides sides = sidesOf(control, experiment, settings);
    if (sides.settled)
        return *sides.settled;
    Classification result = begun(sides);
    const double stable = meanOf(sides.control.samples);
    const double candidate = meanOf(sides.experiment.samples);
    result.deviation = meanRatio(stable, candidate);
    const bool high = candidate > stable && settings.direction != Direction::Decrease;
    const bool low = candidate < stable && settings.direction != Direction::Increase;
    result.result = high ? MetricClass::High : low ? MetricClass::Low : MetricClass::Pass;
    result.critical = settings.critical && (high || low);
    const QString means
        = Words::tr("a mean of %1 against %2").arg(candidate, 0, 'g', 4).arg(stable, 0, 'g', 4);
    result.reason = high  ? Words::tr("The candidate is higher: %1.").arg(means)
                    : low ? Words::tr("The candidate is lower: %1.").arg(means)
                          : Words::tr("The candidate may be so: %1.").arg(means);
    return result;
}

} // namespace pilothouse

#include "rollout/analysis/judge.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pilothouse {

namespace {

/// One side of a check within a window.
struct Side
{
    bool present = false;         ///< there is such a series, with samples in the window
    std::optional<double> newest; ///< newest finite value
    bool newestIsFinite = false;
    qint64 newestAt = 0;
    int finite = 0;
    int beyond = 0;             ///< of them, over `max` or under `min`
    std::vector<double> values; ///< infinite ones too: a comparison must refuse them
};

Side sideOf(const Check &check, const Series *series, qint64 from, qint64 to)
{
    Side side;
    if (!series)
        return side;
    for (const Sample &sample : series->samples) {
        if (sample.at < from || sample.at > to)
            continue;
        side.present = true;
        side.newestAt = sample.at;
        side.newestIsFinite = std::isfinite(sample.value);
        if (!std::isnan(sample.value))
            side.values.push_back(sample.value);
        if (!side.newestIsFinite)
            continue;
        side.newest = sample.value;
        ++side.finite;
        side.beyond += isBeyond(check, sample.value) ? 1 : 0;
    }
    return side;
}

/// Why a side cannot be judged; empty = it can. `who` is "candidate" or "stable".
QString whyNoData(const Side &side, int minSamples, const QString &who, const SeriesSet &answer,
                  qint64 to)
{
    if (!side.present)
        return Words::tr("no series of the %1").arg(who);
    if (side.finite == 0)
        return Words::tr("only NaN or infinite values: no requests to count");
    if (side.finite < minSamples)
        return Words::tr("%1 of %2 samples so far").arg(side.finite).arg(minSamples);
    if (!side.newestIsFinite)
        return Words::tr("the newest value is NaN or infinite");
    const qint64 silent = to - side.newestAt;
    if (answer.step.count() > 0 && silent > 3 * answer.step.count())
        return Words::tr("no sample for %1 s").arg(silent / 1000);
    return {};
}

void judgeByLimits(CheckResult &result, const Check &check, const Side &candidate)
{
    const double value = *candidate.newest;
    const QString shown = measureText(value, check.unit);
    const bool lower = isUnder(check, value) || !check.max;
    const QString limit = measureText(lower ? *check.min : *check.max, check.unit);
    const QString many
        = Words::tr("in %1 of %2 samples").arg(candidate.beyond).arg(candidate.finite);
    if (isOver(check, value)) {
        result.verdict = Verdict::Fail;
        result.sentence = Words::tr("%1 is over %2, %3").arg(shown, limit, many);
    } else if (isUnder(check, value)) {
        result.verdict = Verdict::Fail;
        result.sentence = Words::tr("%1 is under %2, %3").arg(shown, limit, many);
    } else if (2 * candidate.beyond > candidate.finite) {
        result.verdict = Verdict::Marginal;
        result.sentence = check.max && check.min
                              ? Words::tr("%1 now, but beyond its limits %2").arg(shown, many)
                          : lower ? Words::tr("%1 now, but under %2 %3").arg(shown, limit, many)
                                  : Words::tr("%1 now, but over %2 %3").arg(shown, limit, many);
    } else {
        result.verdict = Verdict::Pass;
        result.sentence = Words::tr("%1 is within %2").arg(shown, limit);
    }
}

/// Without limits of its own a check can only be striking against the stable.
void judgeBesideStable(CheckResult &result, const Check &check, const Side &stable,
                       const Side &candidate)
{
    const double value = *candidate.newest;
    const QString shown = measureText(value, check.unit);
    if (!stable.newest || !stable.newestIsFinite) {
        result.sentence = Words::tr("%1, and no stable value to compare with").arg(shown);
        return;
    }
    const double usual = *stable.newest;
    const bool high
        = check.direction != Direction::Decrease && value > marginalRatio * usual && value > 0;
    const bool low
        = check.direction != Direction::Increase && value * marginalRatio < usual && usual > 0;
    result.verdict = high || low ? Verdict::Marginal : Verdict::Pass;
    result.sentence
        = Words::tr("%1 against %2 of the stable").arg(shown, measureText(usual, check.unit));
}

void judgeByRanks(CheckResult &result, const Check &check, const Classification &comparison)
{
    QString sentence;
    const QString shift = shiftText(result.evidence, check.unit);
    switch (comparison.result) {
    case MetricClass::Pass:
        result.verdict = Verdict::Pass;
        sentence = shift.isEmpty() ? comparison.reason
                                   : Words::tr("no difference that counts: %1").arg(shift);
        break;
    case MetricClass::High:
    case MetricClass::Low:
        result.verdict = Verdict::Fail;
        sentence = comparison.result == MetricClass::High
                       ? Words::tr("higher than the stable: %1").arg(shift)
                       : Words::tr("lower than the stable: %1").arg(shift);
        break;
    case MetricClass::Nodata:
    case MetricClass::NodataFailMetric:
    case MetricClass::Error:
        result.sentence = comparison.reason;
        return;
    }
    const QString few = fewSamplesText(result.evidence);
    result.sentence = few.isEmpty() ? sentence : Words::tr("%1; only %2").arg(sentence, few);
}

} // namespace

const Series *seriesOf(const SeriesSet &set, const QString &label, const QString &value)
{
    if (value.isEmpty())
        return nullptr;
    const auto found = std::find_if(set.series.cbegin(), set.series.cend(), [&](const Series &s) {
        return s.labels.value(label) == value;
    });
    return found == set.series.cend() ? nullptr : &*found;
}

QString verdictWord(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Pass:
        return Words::tr("PASS");
    case Verdict::Marginal:
        return Words::tr("MARGINAL");
    case Verdict::Fail:
        return Words::tr("FAIL");
    case Verdict::NoData:
        break;
    }
    return Words::tr("NO DATA");
}

CheckResult notJudged(const Check &check, const QString &why)
{
    CheckResult result;
    result.name = check.name;
    result.unit = check.unit;
    result.limit = limitOf(check);
    result.critical = check.critical;
    result.method = check.method;
    result.evidence.method = check.method;
    result.sentence = why;
    return result;
}

CheckResult judge(const Check &check, const SeriesNames &names, const SeriesSet &answer,
                  const QDateTime &from, const QDateTime &to)
{
    const qint64 begin = from.toMSecsSinceEpoch();
    const qint64 end = to.toMSecsSinceEpoch();
    const Series *stableSeries = seriesOf(answer, names.label, names.stable);
    const Series *candidateSeries = seriesOf(answer, names.label, names.candidate);
    const Side stable = sideOf(check, stableSeries, begin, end);
    const Side candidate = sideOf(check, candidateSeries, begin, end);
    const bool byRanks = check.method == JudgeMethod::MannWhitney;

    QString why = whyNoData(candidate, check.minSamples, Words::tr("candidate"), answer, end);
    if (why.isEmpty() && byRanks) {
        why = whyNoData(stable, check.minSamples, Words::tr("stable"), answer, end);
        if (!why.isEmpty() && stable.present)
            why = Words::tr("the stable: %1").arg(why);
    }
    CheckResult result = notJudged(check, why);
    result.stable = stable.newest;
    result.candidate = candidate.newest;
    result.samples = candidate.finite;
    result.evidence.label = names.label;
    result.evidence.stableSeries = names.stable;
    result.evidence.candidateSeries = names.candidate;
    result.evidence.from = from;
    result.evidence.to = to;
    result.evidence.stableSamples = stable.finite;
    result.evidence.candidateSamples = candidate.finite;
    result.evidence.difference = differenceOf(stableSeries, candidateSeries, begin, end);
    result.evidence.step = answer.step;
    result.evidence.warnings = answer.warnings;
    const Classification comparison = compared(check, stable.values, candidate.values);
    addComparison(result.evidence, comparison);
    if (!result.sentence.isEmpty())
        return result;

    if (byRanks)
        judgeByRanks(result, check, comparison);
    else if (check.max || check.min)
        judgeByLimits(result, check, candidate);
    else
        judgeBesideStable(result, check, stable, candidate);
    if (check.scales == Scaling::WithWeight && check.capacity && *check.capacity > 0
        && result.verdict != Verdict::NoData)
        result.saturation = *candidate.newest / *check.capacity;
    return result;
}

std::optional<double> saturationIn(const SeriesNames &names, const SeriesSet &answer,
                                   const QDateTime &from, const QDateTime &to)
{
    const qint64 end = to.toMSecsSinceEpoch();
    const Side side
        = sideOf({}, seriesOf(answer, names.label, names.candidate), from.toMSecsSinceEpoch(), end);
    return whyNoData(side, 1, {}, answer, end).isEmpty() ? side.newest : std::nullopt;
}

bool needed(const CheckResult &result)
{
    return result.critical || result.limit.has_value() || result.method == JudgeMethod::MannWhitney;
}

Verdict overall(const QList<CheckResult> &results)
{
    const auto any = [&results](auto what) {
        return std::any_of(results.cbegin(), results.cend(), what);
    };
    if (any([](const CheckResult &r) { return r.verdict == Verdict::Fail; }))
        return Verdict::Fail;
    if (results.isEmpty()
        || any([](const CheckResult &r) { return r.verdict == Verdict::NoData && needed(r); })) {
        return Verdict::NoData;
    }
    if (any([](const CheckResult &r) { return r.verdict == Verdict::Marginal; }))
        return Verdict::Marginal;
    // Only checks that nothing depends on may lack data here; a Pass needs at least one that
    // passed.
    return any([](const CheckResult &r) { return r.verdict == Verdict::Pass; }) ? Verdict::Pass
                                                                                : Verdict::NoData;
}

} // namespace pilothouse

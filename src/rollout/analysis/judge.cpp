#include "rollout/analysis/judge.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>

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
    int overLimit = 0;
};

Side sideOf(const Series *series, const std::optional<double> &max, qint64 from, qint64 to)
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
        if (!side.newestIsFinite)
            continue;
        side.newest = sample.value;
        ++side.finite;
        side.overLimit += max && sample.value > *max ? 1 : 0;
    }
    return side;
}

/// Why the candidate's side cannot be judged; empty = it can.
QString whyNoData(const Check &check, const Side &candidate, const SeriesSet &answer, qint64 to)
{
    if (!candidate.present)
        return Words::tr("no series of the candidate");
    if (candidate.finite == 0)
        return Words::tr("only NaN or infinite values: no requests to count");
    if (candidate.finite < check.minSamples) {
        return Words::tr("%1 of %2 samples so far").arg(candidate.finite).arg(check.minSamples);
    }
    if (!candidate.newestIsFinite)
        return Words::tr("the newest value is NaN or infinite");
    const qint64 silent = to - candidate.newestAt;
    if (answer.step.count() > 0 && silent > 3 * answer.step.count())
        return Words::tr("no sample for %1 s").arg(silent / 1000);
    return {};
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

QString measureText(double value, const QString &unit)
{
    const auto number = [](double v) {
        const double size = std::abs(v);
        // Three digits at most: what a person compares at a glance.
        const int decimals = size >= 10 || size == 0 ? 0 : size >= 1 ? 1 : 2;
        QString text = QString::number(v, 'f', decimals);
        if (text.contains(QLatin1Char('.'))) {
            while (text.endsWith(QLatin1Char('0')))
                text.chop(1);
            if (text.endsWith(QLatin1Char('.')))
                text.chop(1);
        }
        return text;
    };
    if (!std::isfinite(value))
        return Words::tr("no data");
    if (unit == QLatin1String("ratio"))
        return Words::tr("%1 %").arg(number(value * 100));
    if (unit == QLatin1String("s") && std::abs(value) < 10)
        return Words::tr("%1 ms").arg(number(value * 1000));
    if (unit == QLatin1String("1/s"))
        return Words::tr("%1 /s").arg(number(value));
    return unit.isEmpty() ? number(value) : number(value) + QLatin1Char(' ') + unit;
}

CheckResult notJudged(const Check &check, const QString &why)
{
    CheckResult result;
    result.name = check.name;
    result.unit = check.unit;
    result.limit = check.max;
    result.critical = check.critical;
    result.sentence = why;
    return result;
}

CheckResult judge(const Check &check, const SeriesNames &names, const SeriesSet &answer,
                  const QDateTime &from, const QDateTime &to)
{
    const qint64 begin = from.toMSecsSinceEpoch();
    const qint64 end = to.toMSecsSinceEpoch();
    const Side stable = sideOf(seriesOf(answer, names.label, names.stable), check.max, begin, end);
    const Side candidate
        = sideOf(seriesOf(answer, names.label, names.candidate), check.max, begin, end);

    CheckResult result = notJudged(check, whyNoData(check, candidate, answer, end));
    result.stable = stable.newest;
    result.candidate = candidate.newest;
    result.samples = candidate.finite;
    if (!result.sentence.isEmpty())
        return result;

    const double value = *candidate.newest;
    const QString shown = measureText(value, check.unit);
    if (check.max) {
        const QString limit = measureText(*check.max, check.unit);
        if (value > *check.max) {
            result.verdict = Verdict::Fail;
            result.sentence = Words::tr("%1 is over %2, in %3 of %4 samples")
                                  .arg(shown, limit)
                                  .arg(candidate.overLimit)
                                  .arg(candidate.finite);
        } else if (2 * candidate.overLimit > candidate.finite) {
            result.verdict = Verdict::Marginal;
            result.sentence = Words::tr("%1 now, but over %2 in %3 of %4 samples")
                                  .arg(shown, limit)
                                  .arg(candidate.overLimit)
                                  .arg(candidate.finite);
        } else {
            result.verdict = Verdict::Pass;
            result.sentence = Words::tr("%1 is within %2").arg(shown, limit);
        }
        return result;
    }
    if (!stable.newest || !stable.newestIsFinite) {
        result.sentence = Words::tr("%1, and no stable value to compare with").arg(shown);
        return result;
    }
    const bool over = value > marginalRatio * *stable.newest && value > 0;
    result.verdict = over ? Verdict::Marginal : Verdict::Pass;
    result.sentence = Words::tr("%1 against %2 of the stable")
                          .arg(shown, measureText(*stable.newest, check.unit));
    return result;
}

bool needed(const CheckResult &result)
{
    return result.critical || result.limit.has_value();
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

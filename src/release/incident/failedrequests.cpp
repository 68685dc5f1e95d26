#include "release/incident/failedrequests.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double mostSteps = 1.5;
/// A series whose last sample is so much older than the other side's has ended.
constexpr double endedSteps = 3;

bool measuresErrors(const ChartSeries &chart)
{
    return chart.check.kind == CheckTemplate::ErrorRatio
           || (chart.unit == QLatin1String("ratio")
               && chart.check.name.contains(QLatin1String("error"), Qt::CaseInsensitive));
}

bool countsRequests(const ChartSeries &chart)
{
    return chart.unit == QLatin1String("1/s") && !chart.limit;
}

/// What one side adds, and whether a sample with requests had no ratio.
struct Side
{
    double failed = 0;
    bool lacksRatio = false;
    qint64 first = 0; ///< of its samples in the time; 0 = none
};

Side sideOf(const QList<Sample> &ratios, const QList<Sample> &rates, double step, qint64 from,
            qint64 to)
{
    QHash<qint64, double> ratioAt;
    for (const Sample &sample : ratios) {
        if (std::isfinite(sample.value))
            ratioAt.insert(sample.at, sample.value);
    }
    Side side;
    qint64 before = 0;
    for (const Sample &rate : rates) {
        const double distance = before == 0 ? step : double(rate.at - before);
        before = rate.at;
        if (rate.at < from || rate.at > to || !std::isfinite(rate.value))
            continue;
        if (side.first == 0)
            side.first = rate.at;
        if (rate.value <= 0)
            continue;
        const auto ratio = ratioAt.constFind(rate.at);
        if (ratio == ratioAt.constEnd())
            side.lacksRatio = true;
        else
            side.failed += *ratio * rate.value * std::min(distance, mostSteps * step) / 1000.0;
    }
    return side;
}

} // namespace

BadTime badTime(const QList<ChartSeries> &charts, const QDateTime &since)
{
    BadTime time;
    const auto errors = std::find_if(charts.begin(), charts.end(), measuresErrors);
    if (errors == charts.end() || !errors->limit)
        return time;
    const auto later = [](const QDateTime &known, const QDateTime &at) {
        return !known.isValid() || at > known;
    };
    qint64 newest = 0;
    for (const QList<Sample> *side : {&errors->stable, &errors->candidate})
        newest = std::max(newest, side->isEmpty() ? 0 : side->last().at);
    for (const QList<Sample> *side : {&errors->stable, &errors->candidate}) {
        bool bad = false;
        qint64 last = 0;
        for (const Sample &sample : *side) {
            const QDateTime at = QDateTime::fromMSecsSinceEpoch(sample.at, Qt::UTC);
            if (at < since)
                continue;
            // No requests, no ratio: what has no traffic hurts nobody.
            const bool over = std::isfinite(sample.value) && sample.value > *errors->limit;
            if (over && (!time.from.isValid() || at < time.from))
                time.from = at;
            if ((over || bad) && later(time.to, at))
                time.to = at;
            bad = over;
            last = sample.at;
        }
        const bool ended = double(newest - last) > endedSteps * double(errors->step.count());
        time.goesOn = time.goesOn || (bad && !ended);
    }
    return time;
}

Damage failedRequests(const QList<ChartSeries> &charts, const QDateTime &from, const QDateTime &to)
{
    const auto errors = std::find_if(charts.begin(), charts.end(), measuresErrors);
    const auto requests = std::find_if(charts.begin(), charts.end(), countsRequests);
    if (errors == charts.end())
        return {std::nullopt, Words::tr("no check measures an error ratio")};
    if (requests == charts.end())
        return {std::nullopt, Words::tr("no check counts requests a second")};
    const auto step = double(requests->step.count());
    const qint64 begin = from.toMSecsSinceEpoch();
    const qint64 end = to.toMSecsSinceEpoch();
    const Side sides[] = {sideOf(errors->stable, requests->stable, step, begin, end),
                          sideOf(errors->candidate, requests->candidate, step, begin, end)};
    qint64 first = 0;
    Damage damage;
    for (const Side &side : sides) {
        if (side.first != 0) {
            damage.failedRequests = damage.failedRequests.value_or(0) + side.failed;
            first = first == 0 ? side.first : std::min(first, side.first);
        }
        if (side.lacksRatio)
            damage.notCounted = Words::tr("some samples have requests but no error ratio");
    }
    if (!damage.failedRequests)
        damage.notCounted = Words::tr("the metrics have no sample of that time");
    else if (double(first - begin) > mostSteps * step)
        damage.notCounted = Words::tr("the samples begin after it had begun");
    return damage;
}

} // namespace pilothouse

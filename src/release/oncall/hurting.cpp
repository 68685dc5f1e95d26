#include "release/oncall/hurting.h"

#include "base/words.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pilothouse {
namespace {

constexpr int pausesAllowed = 3;

std::optional<double> newest(const QList<Sample> &samples)
{
    for (auto it = samples.crbegin(); it != samples.crend(); ++it) {
        if (std::isfinite(it->value))
            return it->value;
    }
    return std::nullopt;
}

std::optional<double> medianBefore(const QList<Sample> &samples, const QDateTime &time)
{
    std::vector<double> values;
    for (const Sample &sample : samples) {
        if (sample.at < time.toMSecsSinceEpoch() && std::isfinite(sample.value))
            values.push_back(sample.value);
    }
    if (values.empty())
        return std::nullopt;
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

QString told(const ChartSeries &chart, double value, const std::optional<double> &normal)
{
    const QString text = Words::tr("%1 %2").arg(chart.check.name, measureText(value, chart.unit));
    return normal ? Words::tr("%1 (normal %2)").arg(text, measureText(*normal, chart.unit)) : text;
}

} // namespace

QDateTime badSince(const QList<Sample> &samples, const Check &check, std::chrono::milliseconds step)
{
    std::optional<qint64> since;
    for (auto it = samples.crbegin(); it != samples.crend(); ++it) {
        if (!std::isfinite(it->value))
            continue;
        if (isBeyond(check, it->value))
            since = it->at;
        else if (!since || *since - it->at > pausesAllowed * step.count())
            break;
    }
    return since ? QDateTime::fromMSecsSinceEpoch(*since, Qt::UTC) : QDateTime();
}

HurtLine hurtLine(const TrackHealth &health)
{
    HurtLine line;
    line.track = health.track;
    QStringList bad;
    QStringList good;
    for (const ChartSeries &chart : health.charts) {
        if (!chart.limit)
            continue;
        const auto candidate = health.candidateHasTraffic ? newest(chart.candidate) : std::nullopt;
        const auto stable = newest(chart.stable);
        const QDateTime candidateSince
            = candidate ? badSince(chart.candidate, chart.check, chart.step) : QDateTime();
        const QDateTime stableSince
            = stable ? badSince(chart.stable, chart.check, chart.step) : QDateTime();
        if (candidate && candidateSince.isValid())
            bad << told(chart, *candidate, stable);
        else if (stable && stableSince.isValid())
            bad << told(chart, *stable, medianBefore(chart.stable, stableSince));
        else if (candidate)
            good << told(chart, *candidate, std::nullopt);
        else if (stable)
            good << told(chart, *stable, std::nullopt);
        for (const QDateTime &since : {candidateSince, stableSince}) {
            if (since.isValid())
                line.since = line.since.isValid() ? std::min(line.since, since) : since;
        }
    }
    if (!bad.isEmpty())
        line.state = HurtLine::State::Hurting;
    else if (!good.isEmpty())
        line.state = HurtLine::State::Well;
    line.words = line.state == HurtLine::State::NoData
                     ? Words::tr("no data: nobody can say how it does")
                     : (bad.isEmpty() ? good : bad).join(QStringLiteral(" · "));
    using Health = SourceState::Health;
    if (health.metrics.health == Health::NotSetUp) {
        line.state = HurtLine::State::NoData;
        line.words = Words::tr("no metrics server in pilothouse.yaml");
    } else if (health.metrics.health == Health::Live || health.metrics.health == Health::Loading) {
        if (!health.isDrawn && line.state == HurtLine::State::NoData) {
            line.state = HurtLine::State::Reading;
            line.words = Words::tr("its metrics are being read");
        }
    } else {
        const qint64 seconds = health.age.count() / 1000;
        if (health.metrics.lastGoodSinceBoot.count() == 0)
            line.old = Words::tr("metrics never answered");
        else
            line.old = seconds < 120 ? Words::tr("%1 s old: metrics lost").arg(seconds)
                                     : Words::tr("%1 min old: metrics lost").arg(seconds / 60);
        // What was well then says nothing of now.
        if (line.state == HurtLine::State::Well)
            line.state = HurtLine::State::NoData;
    }
    return line;
}

QDateTime firstBad(const QList<HurtLine> &lines)
{
    QDateTime first;
    for (const HurtLine &line : lines) {
        if (line.state == HurtLine::State::Hurting && line.since.isValid())
            first = first.isValid() ? std::min(first, line.since) : line.since;
    }
    return first;
}

} // namespace pilothouse

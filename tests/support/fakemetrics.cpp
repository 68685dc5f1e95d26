#include "support/fakemetrics.h"

#include "base/future.h"

namespace pilothouse {

FakeMetrics::FakeMetrics(Clock &clock) : m_clock(clock) {}

QFuture<Result<Reading<SeriesSet>>> FakeMetrics::range(const RangeQuery &query)
{
    asked.append(query);
    if (error)
        return ready<Reading<SeriesSet>>(fail(*error));
    if (rangeError)
        return ready<Reading<SeriesSet>>(fail(*rangeError));
    Reading<SeriesSet> reading;
    reading.value.warnings = warnings;
    reading.source = source;
    reading.serverAt = m_clock.now().addMSecs(skew);
    reading.receivedSinceBoot = m_clock.sinceBoot();
    reading.value.step = query.step;
    if (query.expression.contains(QLatin1String("ALERTS"))) {
        if (alertSeriesError)
            return ready<Reading<SeriesSet>>(fail(*alertSeriesError));
        for (Series each : alertSeries) {
            const auto outside = [&query](const Sample &sample) {
                return sample.at < query.from.toMSecsSinceEpoch()
                       || sample.at > query.to.toMSecsSinceEpoch();
            };
            each.samples.removeIf(outside);
            if (!each.samples.isEmpty())
                reading.value.series.append(each);
        }
        return ready<Reading<SeriesSet>>(reading);
    }
    const auto sides = values.constFind(query.expression);
    if (sides == values.constEnd())
        return ready<Reading<SeriesSet>>(reading);
    const auto series = [&](const QString &name, double value) {
        Series made;
        made.labels.insert(label, name);
        for (qint64 at = query.from.toMSecsSinceEpoch(); at <= query.to.toMSecsSinceEpoch();
             at += query.step.count()) {
            const bool rippled = ripple && name == QLatin1String("candidate");
            made.samples.append({at, rippled ? value + ripple(at) : value});
        }
        return made;
    };
    reading.value.series.append(series(QStringLiteral("stable"), sides->stable));
    if (sides->hasCandidate)
        reading.value.series.append(series(QStringLiteral("candidate"), sides->candidate));
    return ready<Reading<SeriesSet>>(reading);
}

QFuture<Result<Reading<QList<Alert>>>> FakeMetrics::alerts()
{
    if (alertsError)
        return ready<Reading<QList<Alert>>>(fail(*alertsError));
    if (error)
        return ready<Reading<QList<Alert>>>(fail(*error));
    Reading<QList<Alert>> reading;
    reading.value = firing;
    reading.serverAt = m_clock.now().addMSecs(skew);
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return ready<Reading<QList<Alert>>>(reading);
}

QFuture<Result<Reading<QList<AlertRule>>>> FakeMetrics::alertRules()
{
    if (alertsError || error)
        return ready<Reading<QList<AlertRule>>>(fail(alertsError ? *alertsError : *error));
    Reading<QList<AlertRule>> reading;
    reading.value = rules;
    reading.serverAt = m_clock.now().addMSecs(skew);
    reading.receivedSinceBoot = m_clock.sinceBoot();
    return ready<Reading<QList<AlertRule>>>(reading);
}

} // namespace pilothouse

#include "workspace/analysis/metricquery.h"

#include <QStringList>

namespace pilothouse {

namespace {

/// `metric{matchers}[range]`
QString vectorOf(const MetricScope &scope, const QString &metric, const QString &more = {})
{
    QStringList matchers;
    for (const QString &each : {scope.match, more}) {
        if (!each.isEmpty())
            matchers.append(each);
    }
    const QString braces = matchers.isEmpty() ? QString()
                                              : QLatin1Char('{') + matchers.join(QLatin1Char(','))
                                                    + QLatin1Char('}');
    return QStringLiteral("%1%2[%3]").arg(metric, braces, promDuration(scope.range));
}

QString sumBy(const QString &labels, const QString &function, const QString &vector)
{
    return QStringLiteral("sum by (%1) (%2(%3))").arg(labels, function, vector);
}

} // namespace

QString promDuration(std::chrono::milliseconds duration)
{
    const auto ms = duration.count();
    return ms % 1000 == 0 ? QStringLiteral("%1s").arg(ms / 1000) : QStringLiteral("%1ms").arg(ms);
}

QString errorRatioQuery(const MetricScope &scope, const QString &requests, const QString &failed)
{
    const QString rate = QStringLiteral("rate");
    const QString all = sumBy(scope.label, rate, vectorOf(scope, requests));
    const QString bad = sumBy(scope.label, rate, vectorOf(scope, requests, failed));
    return QStringLiteral("(%1 or 0 * %2) / %2").arg(bad, all);
}

QString p95Query(const MetricScope &scope, const QString &buckets)
{
    return QStringLiteral("histogram_quantile(0.95, %1)")
        .arg(sumBy(QStringLiteral("le, ") + scope.label, QStringLiteral("rate"),
                   vectorOf(scope, buckets)));
}

QString saturationQuery(const MetricScope &scope, const QString &used, const QString &capacity)
{
    const QString average = QStringLiteral("avg_over_time");
    bool isNumber = false;
    (void)capacity.toDouble(&isNumber);
    const QString whole
        = isNumber ? capacity : sumBy(scope.label, average, vectorOf(scope, capacity));
    return QStringLiteral("%1 / %2").arg(sumBy(scope.label, average, vectorOf(scope, used)), whole);
}

} // namespace pilothouse

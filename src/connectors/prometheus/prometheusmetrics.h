#pragma once

#include "connectors/http/client.h"
#include "rollout/metricsource.h"

#include <QObject>

namespace pilothouse {

class Clock;

/// Range queries and alerts of one Prometheus, or of what speaks its HTTP API.
///
/// A step that would give more than the 11,000 points a series that Prometheus allows is widened;
/// SeriesSet::step says what was used. "NaN", "+Inf" and "-Inf" come through as such values. A
/// series of native histograms only has no samples, and a warning says so.
///
/// http and clock outlive it; destroying it drops the answers under way. GUI thread; large answers
/// are decoded in the thread pool.
class PrometheusMetrics final : public MetricSource
{
public:
    struct Settings
    {
        QUrl base;              ///< the API is below it at api/v1
        QStringList match = {}; ///< an alert that all of them fit is ours; empty = it is shared
    };

    PrometheusMetrics(HttpClient &http, Clock &clock, Settings settings);

    [[nodiscard]] QFuture<Result<Reading<SeriesSet>>> range(const RangeQuery &query) override;
    [[nodiscard]] QFuture<Result<Reading<QList<Alert>>>> alerts() override;
    [[nodiscard]] QFuture<Result<Reading<QList<AlertRule>>>> alertRules() override;
    [[nodiscard]] bool isOurs(const Alert &alert) const override;

private:
    HttpClient &m_http;
    Clock &m_clock;
    Settings m_settings;
    QObject m_context;
};

} // namespace pilothouse

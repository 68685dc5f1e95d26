#pragma once

#include "base/clock.h"
#include "rollout/metricsource.h"

#include <QHash>
#include <QList>

#include <functional>

namespace pilothouse {

/// A metrics server in memory: each expression has two constant series, "stable" and "candidate",
/// under one label; a test changes the numbers.
class FakeMetrics final : public MetricSource
{
public:
    explicit FakeMetrics(Clock &clock);

    [[nodiscard]] QFuture<Result<Reading<SeriesSet>>> range(const RangeQuery &query) override;
    [[nodiscard]] QFuture<Result<Reading<QList<Alert>>>> alerts() override;
    [[nodiscard]] QFuture<Result<Reading<QList<AlertRule>>>> alertRules() override;
    [[nodiscard]] bool isOurs(const Alert & /*alert*/) const override { return narrowed; }

    struct Sides
    {
        double stable = 0;
        double candidate = 0;
        bool hasCandidate = true;
    };

    QHash<QString, Sides> values; ///< by expression; an expression that is not here has no series
    /// Added to the candidate's values, by time in ms since the epoch; null = nothing is.
    std::function<double(qint64)> ripple;
    QString label = QStringLiteral("version");
    QString source = QStringLiteral("Fake metrics"); ///< of its readings
    std::optional<Error> error;
    std::optional<Error> alertsError; ///< of alerts alone
    std::optional<Error> rangeError;  ///< of queries alone
    QStringList warnings;             ///< with every answer to a query
    qint64 skew = 0;                  ///< milliseconds by which its clock is ahead of ours
    QList<Alert> firing;
    QList<AlertRule> rules;
    bool narrowed = true; ///< its matchers say that all alerts are of this workspace
    /// What an expression over ALERTS answers: the samples that lie in the time asked for.
    QList<Series> alertSeries;
    std::optional<Error> alertSeriesError;
    QList<RangeQuery> asked;

private:
    Clock &m_clock;
};

} // namespace pilothouse

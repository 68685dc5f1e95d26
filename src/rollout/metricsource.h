#pragma once

#include "base/reading.h"
#include "base/result.h"
#include "rollout/alerts/alertrules.h"

#include <QDateTime>
#include <QFuture>
#include <QHash>
#include <QList>

namespace pilothouse {

/// One sample. `value` may be NaN or ±Inf: they are sights of their own, never zero.
struct Sample
{
    qint64 at = 0; ///< milliseconds since the epoch, UTC, the metrics server's clock
    double value = 0;

    bool operator==(const Sample &) const = default;
};

/// One labelled series; absent points are gaps, not zeros.
struct Series
{
    QHash<QString, QString> labels;
    QList<Sample> samples; ///< ascending by time
};

/// The answer to one range query. No series at all is an empty list: "no data", never "good".
struct SeriesSet
{
    QList<Series> series;
    std::chrono::milliseconds step{0};
    QStringList warnings; ///< as the server words them
};

struct RangeQuery
{
    QString expression;
    QDateTime from; ///< UTC
    QDateTime to;   ///< UTC
    std::chrono::milliseconds step{1000};
};

/// A metrics server.
class MetricSource : public AlertSource
{
public:
    /// BadInput carries the server's own words for a wrong expression.
    [[nodiscard]] virtual QFuture<Result<Reading<SeriesSet>>> range(const RangeQuery &query) = 0;
    /// Every rule that makes alerts. NotFound where the server has none to tell.
    [[nodiscard]] virtual QFuture<Result<Reading<QList<AlertRule>>>> alertRules() = 0;
};

} // namespace pilothouse

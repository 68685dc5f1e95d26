#pragma once

#include <QString>

#include <chrono>

namespace pilothouse {

/// What all templates of a track have in common.
struct MetricScope
{
    QString label; ///< the track's series label: the answer has one series for each of its values
    QString match; ///< label matchers as PromQL spells them, without braces; may be empty
    std::chrono::milliseconds range{60'000}; ///< of rate() and its like
};

// PromQL that asks for candidate and stable at once: one series for each value of the label.

/// Failed requests as a share of all. A side that has requests and no series of failed ones has 0.
/// `failed` are the matchers that tell a failed one.
[[nodiscard]] QString errorRatioQuery(const MetricScope &scope, const QString &requests,
                                      const QString &failed);

/// The 95th percentile of a histogram; `buckets` is the series that ends in _bucket.
[[nodiscard]] QString p95Query(const MetricScope &scope, const QString &buckets);

/// What is in use as a share of what there is, on average over the range. `capacity` is a metric or
/// a number.
[[nodiscard]] QString saturationQuery(const MetricScope &scope, const QString &used,
                                      const QString &capacity);

/// "1m30s" is not needed by PromQL: whole seconds, or milliseconds where they are none.
[[nodiscard]] QString promDuration(std::chrono::milliseconds duration);

} // namespace pilothouse

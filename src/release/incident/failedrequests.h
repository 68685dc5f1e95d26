#pragma once

#include "release/incident/incident.h"
#include "rollout/rolloutviews.h"

namespace pilothouse {

/// When the error ratio of one side was over its limit: from the first such sample to the one after
/// the last. Invalid times where none was, or the check has no limit. The measuring check is as in
/// failedRequests(). NaN is a side without requests: that is not over the limit.
struct BadTime
{
    QDateTime from;      ///< UTC
    QDateTime to;        ///< UTC
    bool goesOn = false; ///< the newest sample of a side that has not ended is over the limit

    bool operator==(const BadTime &) const = default;
};
[[nodiscard]] BadTime badTime(const QList<ChartSeries> &charts, const QDateTime &since);

/// How many requests of both sides failed in this time (UTC): the sum over the samples of
/// error ratio × requests a second × the distance to the sample before, each distance at most 1.5
/// steps. The error ratio is the first check that measures one (by its template, or a ratio with
/// "error" in its name). Where one side has requests but no ratio, or the time begins before the
/// first sample, the number is told to be too low.
[[nodiscard]] Damage failedRequests(const QList<ChartSeries> &charts, const QDateTime &from,
                                    const QDateTime &to);

} // namespace pilothouse

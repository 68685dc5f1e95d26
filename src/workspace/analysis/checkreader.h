#pragma once

#include "document/fields.h"
#include "rollout/plan.h"

namespace pilothouse {

/// What a check refers to in its track.
struct CheckSurroundings
{
    std::optional<SeriesNames> series;
    QString track;                       ///< its name, for messages
    std::chrono::milliseconds scrape{0}; ///< how far apart samples are
};

/// Reads one check of an `analysis`. Its query is written out, or made from a template:
///
///     - {template: error-ratio, requests: http_requests_total, failed: 'code=~"5.."'}
///     - {template: p95, buckets: http_request_duration_seconds_bucket}
///     - {template: saturation, used: db_pool_in_use, capacity: db_pool_size, of: the pool}
///
/// each with `match` (label matchers for all of its metrics) and `range` (of the rate, default 1m).
/// `scales: true` needs to know what gets full: the template saturation, or `saturation` beside a
/// check of another kind with the same keys, or a `capacity` in the unit of a query of its own.
[[nodiscard]] Check readCheck(const YamlNode &node, Problems &problems,
                              const CheckSurroundings &surroundings);

} // namespace pilothouse

#pragma once

#include "base/result.h"
#include "release/oncall/clusterevents.h"

#include <QJsonArray>

#include <optional>

namespace pilothouse {

/// The last time before `to`, and not before `from`, that each cron job began: by the Jobs that it
/// owns and, where those are gone or may not be seen, by what the CronJob itself says. Either list
/// may be missing. Malformed for an item that has no name.
[[nodiscard]] Result<QList<ClusterEvent>> cronStarts(const std::optional<QJsonArray> &cronJobs,
                                                     const std::optional<QJsonArray> &jobs,
                                                     const QDateTime &from, const QDateTime &to);

} // namespace pilothouse

#pragma once

#include "connectors/cloudrun/cloudruncontrol.h"
#include "connectors/cloudrun/cloudrunwrite.h"
#include "rollout/ownaction.h"

namespace pilothouse {

/// What can be done about LATEST: to pin the traffic that follows it to its revision, and to give
/// traffic back to it. Both are always there, the one that cannot be done now with its reason;
/// neither moves any traffic at that moment. Pure.
[[nodiscard]] QList<OwnAction> latestActions(const CloudRunControl::Settings &settings,
                                             const QUrl &service, const CloudRunSnapshot &snapshot);

/// The whole traffic list for one of them, tags kept, with the deed in the annotations; `at` is its
/// time. Refused where there is no such action, or it
/// is off.
[[nodiscard]] Result<CloudRunWrite> latestWrite(const CloudRunControl::Settings &settings,
                                                const QUrl &service,
                                                const CloudRunSnapshot &snapshot,
                                                const OwnRequest &request, const QDateTime &at);

} // namespace pilothouse

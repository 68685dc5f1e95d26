#pragma once

#include "rollout/alerts/alertsource.h"

#include <QByteArray>

namespace pilothouse {

/// The answer of GET /api/v2/alerts. An alert that is active, or not worked on yet, is "firing"; a
/// suppressed one is "silenced" or "inhibited". Malformed with the path.
[[nodiscard]] Result<QList<Alert>> decodeManagedAlerts(const QByteArray &body);

} // namespace pilothouse

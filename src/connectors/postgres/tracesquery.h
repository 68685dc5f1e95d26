#pragma once

#include "connectors/postgres/connection.h"
#include "migration/overdue/traces.h"

namespace pilothouse {

/// Every trace of changes that are not over, in one round trip, and up to two more where
/// schema `pilothouse` is there and may be read. Session thread.
[[nodiscard]] Result<Traces> readTraces(Connection &connection);

/// In one transaction with the timeouts of a short statement; all or none. Session thread.
[[nodiscard]] Result<void> keepTogether(Connection &connection, const QStringList &statements);

} // namespace pilothouse

#pragma once

#include "migration/change.h"
#include "migration/facts.h"

namespace pilothouse::stepsql {

/// One batch after `cursor` (empty = from the start), up to `upperBound`; moves the cursor in the
/// same statement. Returns the row of pilothouse.backfill and the two counts.
[[nodiscard]] QString backfillBatch(const Change &change, const KeyColumn &key,
                                    const QString &cursor, const QString &upperBound, int size);
/// The same over the rows that are still NULL.
[[nodiscard]] QString sweepBatch(const Change &change, const KeyColumn &key, const QString &cursor,
                                 const QString &upperBound, int size);

} // namespace pilothouse::stepsql

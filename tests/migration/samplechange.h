#pragma once

#include "migration/change.h"
#include "migration/facts.h"

namespace pilothouse {

/// The ADR's change as its file says it, and facts of a database at each of its stations.
[[nodiscard]] QByteArray sampleChangeFile();
[[nodiscard]] Change sampleChange();

/// The time of all sample facts.
[[nodiscard]] QDateTime sampleNow();

[[nodiscard]] Facts untouchedFacts();
[[nodiscard]] Facts expandedFacts();   ///< column and trigger, nothing filled in
[[nodiscard]] Facts migratingFacts();  ///< a backfill at 62 %
[[nodiscard]] Facts migratedFacts();   ///< swept, indexed, analyzed, nobody writes the old way
[[nodiscard]] Facts contractedFacts(); ///< NOT NULL holds, the trigger is still there
[[nodiscard]] Facts cleanedFacts();

} // namespace pilothouse

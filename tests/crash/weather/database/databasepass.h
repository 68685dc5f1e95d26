#pragma once

#include "crash/weather/database/databaserelay.h"
#include "crash/weather/database/databasescene.h"
#include "crash/weather/disturbedclient.h"

namespace pilothouse {

enum class Course {
    Whole,
    Looking, ///< the facts alone: what is lost must be told as lost before it comes back
};

/// One change, through the real controller over a real PostgreSQL that is disturbed once: a start
/// with an intent of an earlier console to settle, a look, the steps of EXPAND, the backfill and
/// its sweep, a CONTRACT that is refused. What is not done is pressed again once the server is well
/// and shows the facts.
///
/// It fails unless: every intent has one outcome, and one that is true of the database; each step
/// was done once and each row met once; whatever is lost says why; and in the end everything was
/// done.
[[nodiscard]] PassResult runDatabasePass(DatabaseScene &scene,
                                         const DatabaseDisturbance &disturbance, Course course);

} // namespace pilothouse

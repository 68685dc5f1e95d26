#pragma once

#include "app/wiring/console.h"
#include "migration/overdue/reminders.h"

namespace pilothouse {

/// Lets the facts or an error of each change come, and an answer of each database and source, as
/// far as the time allows. Runs the event loop of a console that was started.
void waitForReminders(Console &console, std::chrono::milliseconds patience);

} // namespace pilothouse

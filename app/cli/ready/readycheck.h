#pragma once

#include "app/cli/ready/readylines.h"

#include <chrono>

namespace pilothouse {

class Console;

/// Asks everything that the begin of a shift needs, of a console that was started and whose sources
/// had their time to answer. Each further question is waited for `patience` at most; what does not
/// answer within it cannot be told. Runs the event loop. Nothing is changed anywhere; the mirror is
/// fetched.
[[nodiscard]] QList<ReadyLine> readyCheck(Console &console, std::chrono::milliseconds patience);

} // namespace pilothouse

#pragma once

#include "logs/logfile.h"
#include "logs/search/linematcher.h"

#include <vector>

namespace pilothouse {

/// The lines from `first` to before `last` that match, ascending. For any thread; stops early when
/// cancelled. Uses the fast path if the matcher is prepared, and gives the same answer without.
/// A match inside a line of more than 16 MiB is found if it is shorter than 64 KiB.
[[nodiscard]] std::vector<qint64> matchingLines(const LogText &text, const LineMatcher &matcher,
                                                qint64 first, qint64 last,
                                                const std::atomic<bool> *cancelled = nullptr);

} // namespace pilothouse

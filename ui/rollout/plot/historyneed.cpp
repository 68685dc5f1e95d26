#include "ui/rollout/plot/historyneed.h"

#include <algorithm>

namespace pilothouse {
namespace {

constexpr double leastPoints = 250; ///< over what is seen: with fewer, a finer answer is wanted

} // namespace

std::optional<TimeSpan> historyNeeded(const TimeSpan &seen, double liveFrom,
                                      const std::optional<HeldHistory> &held,
                                      const HistoryReach &reach)
{
    const double from = std::max(seen.from, reach.oldest);
    const double to = std::min(seen.to, liveFrom);
    if (from >= to)
        return std::nullopt;
    if (held && held->span.from <= from && held->span.to >= to) {
        const bool fine = held->step <= reach.finest || held->step <= seen.length() / leastPoints;
        if (fine)
            return std::nullopt;
    }
    const double more = seen.length() / 2;
    return TimeSpan{std::max(reach.oldest, seen.from - more), std::min(liveFrom, seen.to + more)};
}

} // namespace pilothouse

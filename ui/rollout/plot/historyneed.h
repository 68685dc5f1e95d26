#pragma once

#include <optional>

namespace pilothouse {

/// A time, ms since the epoch.
struct TimeSpan
{
    double from = 0;
    double to = 0;

    [[nodiscard]] double length() const { return to - from; }
    bool operator==(const TimeSpan &) const = default;
};

/// What was asked for of an earlier time.
struct HeldHistory
{
    TimeSpan span;
    double step = 0; ///< ms between its points; 0 = under way
};

/// How far back and how finely the metrics server can be asked.
struct HistoryReach
{
    double oldest = 0; ///< ms since the epoch
    double finest = 0; ///< ms: no answer has finer steps
};

/// The earlier time to ask for so that all of `seen` is drawn as finely as it can be seen: a half
/// more on either side, up to `liveFrom`, where the points begin that come by themselves. nullopt =
/// what is held is enough.
[[nodiscard]] std::optional<TimeSpan> historyNeeded(const TimeSpan &seen, double liveFrom,
                                                    const std::optional<HeldHistory> &held,
                                                    const HistoryReach &reach);

} // namespace pilothouse

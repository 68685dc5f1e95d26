#pragma once

#include "rollout/trafficcontrol.h"

#include <algorithm>
#include <chrono>
#include <optional>

namespace pilothouse {

/// How long the present weight has held, without the time under a hold. Times since boot.
struct BakeClock
{
    std::chrono::milliseconds startedAt{0};
    std::chrono::milliseconds held{0};                  ///< sum of ended holds
    std::optional<std::chrono::milliseconds> holdBegan; ///< set while a hold stands

    [[nodiscard]] std::chrono::milliseconds elapsed(std::chrono::milliseconds now) const
    {
        return std::max(std::chrono::milliseconds(0), holdBegan.value_or(now) - startedAt - held);
    }
    bool operator==(const BakeClock &) const = default;
};

// How a bake clock is read from the traffic object, so that every console shows the same one. Pure.
// `at` is the server's clock at `now`, invalid = not told; the object's own stamps are set against
// it. A hold whose beginning nobody noted is taken to have stood all the time that is looked at:
// what is not known never counts as baked.

/// The server's clock at `now` (since boot), by the Date of a reading; invalid = it told none.
[[nodiscard]] QDateTime serverTime(const Reading<TrafficState> &reading,
                                   std::chrono::milliseconds now);

/// The clock of a weight that was there when this console looked first: as old as its stamp says,
/// without the holds that stood since. Counts from now where no stamp tells.
[[nodiscard]] BakeClock bakeOfFirstReading(const TrafficState &traffic, const QDateTime &at,
                                           std::chrono::milliseconds now);

/// The clock of a weight that was seen to be set.
[[nodiscard]] BakeClock bakeFromNow(const TrafficState &traffic, std::chrono::milliseconds now);

/// The same weight one reading later, after `before` at `seen`. Holds that came or went between the
/// two count too: a console may have slept.
[[nodiscard]] BakeClock bakeGoesOn(const BakeClock &clock, const TrafficState &before,
                                   std::chrono::milliseconds seen, const TrafficState &traffic,
                                   const QDateTime &at, std::chrono::milliseconds now);

} // namespace pilothouse

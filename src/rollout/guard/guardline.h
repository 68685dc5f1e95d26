#pragma once

#include "rollout/guard/windowguard.h"

namespace pilothouse {

/// How one track is guarded, for the line that stands under every page.
struct TrackGuard
{
    TrackName track;
    bool inFlight = false; ///< a candidate has some of the traffic, not all of it
    GuardView view;
};

/// One line about all guards, the worst first.
struct GuardLine
{
    enum class Concern {
        None,    ///< nothing is in flight, nothing is armed
        Calm,    ///< what is in flight is watched
        Warning, ///< something is in flight without a guard
        Danger,  ///< UNWATCHED, or it rolls back now
    };
    Concern concern = Concern::None;
    QString text;

    bool operator==(const GuardLine &) const = default;
};

[[nodiscard]] GuardLine guardLine(const QList<TrackGuard> &tracks);

} // namespace pilothouse

#pragma once

#include "app/sandbox/world/scenario.h"

namespace pilothouse::sandbox {

/// What one track sends where, as the traffic system has accepted it.
/// Revisions are nicknames; `candidate` is empty when there is none.
struct TrackTraffic
{
    QString stable;
    QString candidate;
    int weight = 0; ///< per cent of the candidate

    bool operator==(const TrackTraffic &) const = default;
};

/// A weight of the time before the start.
struct PastTraffic
{
    double second = 0; ///< of the scenario, negative
    TrackTraffic traffic;
};

/// Where the rehearsal begins when a beat is named: that beat has just begun and everything
/// before it counts as done. Seconds are the scenario's.
struct StartState
{
    int beat = 1;
    QHash<QString, TrackTraffic> traffic;      ///< at the start, by track
    QHash<QString, QList<PastTraffic>> before; ///< by track, ascending; the first is the oldest
    QString worker;
    /// When the CI run of each release began (negative); the list is as long as releases pushed.
    QList<double> pushedAt;
    bool firstFinished = false; ///< the first release has the stable place on both tracks
    bool expanded = false;
    bool backfilled = false;
    bool contracted = false;
};

[[nodiscard]] StartState startState(const Scenario &scenario, int beat);

} // namespace pilothouse::sandbox

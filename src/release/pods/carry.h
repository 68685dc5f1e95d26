#pragma once

#include "action/reason.h"
#include "rollout/metricsource.h"
#include "rollout/trafficcontrol.h"

#include <optional>

namespace pilothouse {

/// How far back it is looked for what a revision has served.
inline constexpr std::chrono::hours servedWithin{24};

/// The highest rate that one revision was seen to serve.
struct MostServed
{
    double perSecond = 0;
    QDateTime at; ///< UTC

    bool operator==(const MostServed &) const = default;
};

/// nullopt = no sample in it that is a number.
[[nodiscard]] std::optional<MostServed> mostServed(const QList<Sample> &samples);

/// From when on a track's stable series tells of this stable: where the series is called by its
/// commit or its revision, all of it; where the name stays while the revision behind it changes,
/// since the weight was last put to 100 for it, as far as the traffic object remembers.
[[nodiscard]] QDateTime servedSince(const TrafficState &traffic, const QString &stableSeries,
                                    const QDateTime &now);

/// Whether the stable could carry all of the traffic by itself.
struct CarryView
{
    enum class State {
        Unknown,   ///< nobody counted: words say why
        Proved,    ///< it has served as much as there is now
        NotProved, ///< it has never been seen to serve as much; it may well be able to
    };

    State state = State::Unknown;
    QString words; ///< "can carry 120/s alone: yes (138/s at 12:04)"

    bool operator==(const CarryView &) const = default;
};

/// The highest rate it served for each of the pods that it is meant to have, times those that are
/// ready, against all the traffic of now; two per cent less are the same. `now` is for telling the
/// day.
[[nodiscard]] CarryView carryOf(const std::optional<MostServed> &most,
                                const RevisionState &revision, std::optional<double> load,
                                const QDateTime &now);

/// The same as a reason of the dialogs: "stable can carry 120/s alone: yes (138/s at 12:04)". Only
/// what is proved speaks for anything.
[[nodiscard]] Reason carryReason(const CarryView &view);

} // namespace pilothouse

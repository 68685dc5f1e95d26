#pragma once

#include "rollout/rolloutviews.h"

namespace pilothouse {

/// A time in which a candidate held one weight.
struct PastWindow
{
    enum class End {
        Over,
        Open, ///< it holds the weight still: `to` is when it was looked at
    };

    QDateTime from; ///< UTC
    QDateTime to;
    End end = End::Over;
    Weight weight;
    CommitId candidate; ///< empty = not told
    QString actor;      ///< who gave it the weight

    bool operator==(const PastWindow &) const = default;
};

/// The windows that the marks of a track tell (oldest first, as marksOf() gives them), newest
/// window first: from a change to a weight over 0 until the next change. What came before the
/// oldest mark is not known and not told. Pure.
///
/// `closedAt`: the newest weight holds no longer, though no mark says so (the deploy job has made
/// the candidate the stable), at the latest since then; invalid = it still holds.
[[nodiscard]] QList<PastWindow> pastWindows(const QList<WeightMark> &marks, const QDateTime &now,
                                            const QDateTime &closedAt = {});

/// When the newest weight of this rollout was over without a mark; invalid = it still holds.
[[nodiscard]] QDateTime closedAt(const RolloutState &state, const QDateTime &now);

/// The weight and the candidate that held for the most of [from, to], as the marks tell; weight 0
/// where they do not.
[[nodiscard]] PastWindow windowBetween(const QList<WeightMark> &marks, const QDateTime &from,
                                       const QDateTime &to);

/// The traffic as it was then, as far as a query needs it: the candidate of the window, and the
/// stable that the changes before it tell. A revision that is not reachable any more keeps its
/// commit and has no name, so that it matches no series.
[[nodiscard]] TrafficState trafficThen(const TrafficState &now, const PastWindow &window);

} // namespace pilothouse

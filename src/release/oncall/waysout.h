#pragma once

#include "release/oncall/oncallviews.h"
#include "release/releaseviews.h"

namespace pilothouse {

class RolloutController;

/// The row of a track; an empty one where there is none.
[[nodiscard]] LiveRow liveRowOf(const QList<LiveRow> &rows, const TrackName &track);

/// What a rollback of this track would run now, whether it hurts or not.
[[nodiscard]] WayLine rollbackLine(const RolloutController &track, const LiveRow &live);
/// A backfill that runs, here or in another console, can be paused; nothing for one that does not.
/// What is told of another console is `age` old, and off once that is too old to act on.
[[nodiscard]] std::optional<WayLine> pauseLine(const ChangeView &change,
                                               std::chrono::milliseconds age, const Limits &limits);
/// A rollout in flight that nobody holds can be held, and so can a track that a run at a CI host
/// could still promote, whatever its weight: one way for both. `live` is the track's.
[[nodiscard]] std::optional<WayLine> holdLine(const RolloutController &track, const LiveRow &live);

/// The first so many ways have the keys 1 to 9.
inline constexpr qsizetype mostKeys = 9;

/// What is shown next where `shown` is on screen: nothing moves, so that a key keeps its meaning.
/// What is over stays in its place and is off; what is new comes last. Where there are more ways
/// than keys, what is over gives its key back to the first that has none.
[[nodiscard]] QList<WayLine> inPlace(const QList<WayLine> &shown, const QList<WayLine> &now);

} // namespace pilothouse

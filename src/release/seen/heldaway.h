#pragma once

#include "journal/journal.h"
#include "release/releaseviews.h"

#include <optional>

namespace pilothouse {

/// That the hold of a track which this journal set last is gone though no console lifted it:
/// neither this journal nor the traffic object tells of a lift. nullopt = it stands, was lifted, or
/// it cannot be told (a lift whose outcome is not known, or notes that no longer reach back so
/// far).
///
/// Who wrote the object's annotations last is named where the system tells it, and its time is the
/// line's. Else the line stands at the time of the hold, and says that its end is not told.
/// `records` are newest first.
[[nodiscard]] std::optional<LatelyLine>
heldAwayLine(const TrackName &track, const TrafficState &traffic, const QList<Record> &records);

} // namespace pilothouse

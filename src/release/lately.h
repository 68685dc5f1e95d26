#pragma once

#include "journal/journal.h"
#include "release/releaseviews.h"
#include "rollout/guard/windowguard.h"

namespace pilothouse {

/// What the records of the journal tell, one line a decision: an outcome stands with its intent, an
/// intent alone while it is under way. Newest first. `records` are newest first.
[[nodiscard]] QList<LatelyLine> linesOf(const QList<Record> &records);
/// Changes of a track's weight, its hold, and what else was done to it that this journal does not
/// know, as the traffic object tells them.
[[nodiscard]] QList<LatelyLine> linesOf(const TrackName &track, const TrafficState &traffic,
                                        const QList<Record> &known);
/// The end of runs.
[[nodiscard]] QList<LatelyLine> linesOf(const QList<Run> &runs);
[[nodiscard]] QList<LatelyLine> linesOf(const QList<Alert> &alerts);

/// All of them, newest first, at most `limit`, none twice.
[[nodiscard]] QList<LatelyLine> merged(QList<LatelyLine> lines, int limit);

/// What was given up as a way back of each track, by its identity, with when: from the journal,
/// beside what the traffic object remembers. The newest counts.
[[nodiscard]] QHash<QString, QHash<QString, QDateTime>> retiredIn(const QList<Record> &records);

/// By track, the guard that a console of this computer armed and neither it nor anybody else ended:
/// its process is gone, and no rollback, disarming or note of a closing came after it. Newest
/// first.
[[nodiscard]] QHash<QString, ArmedGuard> guardsLeftIn(const QList<Record> &records);

} // namespace pilothouse

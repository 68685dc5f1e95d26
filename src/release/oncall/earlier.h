#pragma once

#include "release/oncall/clusterevents.h"
#include "release/oncall/oncallviews.h"
#include "release/releaseviews.h"

namespace pilothouse {

/// How far back a cause is looked for.
inline constexpr std::chrono::hours causesWithin{24};

/// What happened in the day before the first bad sample, newest first; an alert is a consequence
/// and stands elsewhere.
[[nodiscard]] QList<EarlierLine> changedBefore(const QList<LatelyLine> &lately,
                                               const QDateTime &firstBad);

/// The same of what the clusters remember.
[[nodiscard]] QList<EarlierLine> changedBefore(const QList<ClusterEvent> &events,
                                               const QDateTime &firstBad);

[[nodiscard]] QList<EarlierLine> newestFirst(QList<EarlierLine> lines);

/// A rise of the requests within the quarter of an hour before the first bad sample: the mean of
/// its last minute is at least half as much again as the mean before. Nothing else is a rise.
[[nodiscard]] std::optional<EarlierLine>
trafficRise(const TrackName &track, const ChartSeries &requests, const QDateTime &firstBad);

/// To the newest change of the weight of a track that is in flight is added that it is, and how it
/// is guarded: "IN FLIGHT, no guard". `lines` are newest first.
void tellInFlight(QList<EarlierLine> &lines, const TrackName &track, const QString &guard);

/// Who acted after the alert began, newest first, on this machine or as the systems tell: "B.
/// Novak: standalone 50 → 0 (seen in the traffic object)"; of an alert with a label "track" only
/// what was done to that track counts. "nobody yet", and where not all is heard that this is all it
/// means.
[[nodiscard]] QString actedOn(const Alert &alert, const QList<LatelyLine> &happened,
                              bool isAllHeard);

/// Firing ones first, then as the metrics server tells them.
[[nodiscard]] QList<AlertLine> alertLines(const QList<Alert> &alerts,
                                          const QList<LatelyLine> &happened, bool isAllHeard);

/// Puts those that fire, each once, below the alerts of the tracks.
void addOfNoTrack(const QList<Alert> &alerts, QList<AlertLine> &lines);

} // namespace pilothouse

#pragma once

#include "release/oncall/clusterevents.h"
#include "release/oncall/oncallviews.h"
#include "release/releaseviews.h"

namespace pilothouse {

/// How far back is told what changed, whether it hurts or not.
inline constexpr std::chrono::hours recentWithin{6};

/// What changed in the hours before `now`, newest first: deploys, decisions, steps, weights, config
/// maps, alerts. The end of a run changes nothing by itself (its deployments are told), nor does a
/// cron job that begins, nor a note.
[[nodiscard]] QList<RecentLine> recentLines(const QList<LatelyLine> &happened,
                                            const QList<ClusterEvent> &events,
                                            const QDateTime &now);

/// What of it cannot be told: one line for each reason, and one without reasons for all whose
/// reason stands among what is lost.
[[nodiscard]] QStringList recentUnknown(const QList<Unheard> &unheard, const QList<LostLine> &lost,
                                        const QStringList &clusters);
/// "being read: runs, GitHub deployments"; empty = nothing is.
[[nodiscard]] QString recentReading(const QList<Unheard> &unheard);

} // namespace pilothouse

#pragma once

#include "release/oncall/oncallviews.h"
#include "rollout/act/runsline.h"

namespace pilothouse {

/// What the console has a source for: it decides what is still possible without it.
enum class SourceRole { Traffic, Metrics, Alerts, Schema, CiHost };

struct RoleState
{
    SourceRole role = SourceRole::Traffic;
    SourceState state;
    QString track; ///< Traffic: whose
};

/// A line for each source that was lost, refuses us or is signed out, in the order given, each name
/// once: its error, since when, what is still possible, and when it is tried again. `now` is since
/// boot.
[[nodiscard]] QList<LostLine> lostLines(const QList<RoleState> &sources,
                                        std::chrono::milliseconds now);

/// A line for each run that can still promote a track that was rolled back: it stands above what is
/// lost, for it is worse.
[[nodiscard]] QList<LostLine> stillAbleLines(const TrackName &track, const RunsLine &runs);

/// Why there may be alerts that are not shown, and which; empty = all are.
[[nodiscard]] QString unseenAlerts(const SourceState &metrics, const SourceState &alertmanager);

} // namespace pilothouse

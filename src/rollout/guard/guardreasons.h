#pragma once

#include "rollout/guard/guardwatch.h"
#include "rollout/rolloutviews.h"

namespace pilothouse {

/// GuardRule::watchFor of a guard that ends with its rollout and not before; giveUpAfter of one
/// that never gives up.
inline constexpr std::chrono::milliseconds untilOver = std::chrono::milliseconds::max();

/// What both guards judge by: a critical check that failed often enough, or an alert that fires.
/// Empty = there is no reason to roll back.
[[nodiscard]] QString reasonToRollBack(int failures, const GuardSight &sight);

/// Why nothing is judged by data now.
[[nodiscard]] QString whyNotJudged(const GuardSight &sight, std::chrono::milliseconds oldest);

/// What is said of a watch that does not see all alerts: "; Alertmanager lost: …"; else empty.
[[nodiscard]] QString butUnseen(const GuardSight &sight);

/// The candidate has traffic that a guard can take away.
[[nodiscard]] bool isGuarded(Phase phase);

/// How a track is guarded: failures as its settings say, a judgement may be three paces old, but at
/// least 30 s.
[[nodiscard]] GuardRule guardRule(int failures, std::chrono::milliseconds judgeEvery);

} // namespace pilothouse

#pragma once

#include "rollout/guard/guardwatch.h"

#include <QDateTime>

namespace pilothouse {

/// A guard that a person armed for one rollout, in the window of a console.
struct ArmedGuard
{
    QString by;
    QDateTime at;       ///< UTC
    CommitId candidate; ///< of this rollout and no other
    IntentId intent = {};

    bool operator==(const ArmedGuard &) const = default;
};

/// What such a guard keeps from one look to the next. Times since boot: that clock runs in suspend.
struct WindowGuard
{
    std::optional<ArmedGuard> armed;
    /// Until when it is known to have watched: the arming, or the newest judgement by data.
    std::chrono::milliseconds watchedUntil{0};
    std::optional<std::chrono::milliseconds> lookedAt;
    /// When looking went on after a time without a look; a judgement from before counts for
    /// nothing. 0 = it never stopped.
    std::chrono::milliseconds wokeAt{0};
    std::chrono::milliseconds stoodStill{0}; ///< how long that time was
    QString ended;                           ///< why it is not armed any more; empty = it never was
    CommitId endedOf;                        ///< whose rollout it watched then

    bool operator==(const WindowGuard &) const = default;
};

/// What is to be seen of it.
struct GuardView
{
    enum class Kind {
        Off,       ///< nobody armed it, or its rollout is over
        Elsewhere, ///< not armed in this window: another one says that it watches
        Waiting,   ///< armed, and nothing to judge yet
        Watching,  ///< armed, and a judgement by data stands behind it
        Unwatched, ///< armed, here or elsewhere, and nothing judges: said in red
        RollBack,  ///< armed, and to roll back now
    };
    Kind kind = Kind::Off;
    /// "armed by A. Muster, judged 4 s ago", "armed by ci, runs in CI since 14:28"; RollBack: the
    /// reason.
    QString words;
    QString howToGo; ///< Unwatched: what would watch on without this window; empty = not told

    bool operator==(const GuardView &) const = default;
};

/// Looks come about every second while the computer is awake; after more than this it slept, or
/// stood still, and watched nothing.
inline constexpr std::chrono::milliseconds longestBlink{10'000};

void arm(WindowGuard &guard, const ArmedGuard &armed, std::chrono::milliseconds now);
void disarm(WindowGuard &guard, const QString &why);

/// One look at the rollout of `candidate`. Pure; `guard` is taken on. UNWATCHED when no judgement
/// by data was made for `rule.oldest`, and after a sleep until one is made. It disarms itself when
/// its rollout is over: the candidate is another one, became the stable or lost its traffic.
[[nodiscard]] GuardView lookOf(const GuardRule &rule, WindowGuard &guard, const GuardSight &sight,
                               const CommitId &candidate);

} // namespace pilothouse

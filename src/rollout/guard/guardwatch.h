#pragma once

#include "rollout/analysis/judge.h"
#include "rollout/step.h"

#include <QStringList>

namespace pilothouse {

/// How a guard watches one rollout.
struct GuardRule
{
    std::chrono::milliseconds watchFor{5 * 60'000}; ///< time under judgement, not time that passed
    std::chrono::milliseconds giveUpAfter{5 * 60'000}; ///< unwatched for so long: NoData
    int failures = 3; ///< judgements of FAIL in a row of a critical check that roll back
    std::chrono::milliseconds oldest{60'000}; ///< a judgement older than this watches nothing
};

/// What a guard sees of its track at one moment.
struct GuardSight
{
    std::chrono::milliseconds now{0}; ///< since boot
    Phase phase = Phase::Unread;
    Verdict verdict = Verdict::NoData;
    std::optional<std::chrono::milliseconds> judgedAge; ///< nullopt = never judged
    QList<CheckResult> checks;
    QStringList firing;  ///< names of the track's alerts that fire
    QString unseen = {}; ///< why not all alerts are seen; empty = they are
};

/// What a guard keeps from one look to the next.
struct GuardMemory
{
    std::optional<std::chrono::milliseconds> lookedAt; ///< since boot
    std::chrono::milliseconds watched{0};   ///< with traffic and a fresh judgement by data
    std::chrono::milliseconds unwatched{0}; ///< without one of them
    /// How long the judgement of the last look stays fresh: no more of the time until the next
    /// look is watched.
    std::chrono::milliseconds covered{0};
    bool hadTraffic = false;
};

/// What a guard makes of it.
struct GuardAdvice
{
    enum class Kind {
        Watch,     ///< goes on
        Unwatched, ///< goes on, but nothing is judged now
        RollBack,  ///< now
        Pass,      ///< the time is over and the last judgement is PASS, or it became the stable
        Marginal,  ///< the time is over and the last judgement is MARGINAL
        NoData,    ///< unwatched for too long: never a pass
        Gone,      ///< another took the traffic away
        Replaced,  ///< another candidate stands behind the traffic, at the weight of this one
    };
    Kind kind = Kind::Watch;
    QString sentence;

    [[nodiscard]] bool ends() const { return kind != Kind::Watch && kind != Kind::Unwatched; }
    bool operator==(const GuardAdvice &) const = default;
};

/// One look. Pure; `memory` is taken on. Time passes only while a fresh judgement by data stands
/// behind it, so a computer that slept, a process that was stopped or metrics that were lost
/// lengthen the watch; unwatched for too long ends it with NoData. A check that fails when the time
/// is over is watched on until it has failed often enough or is well again.
[[nodiscard]] GuardAdvice guard(const GuardRule &rule, GuardMemory &memory,
                                const GuardSight &sight);

} // namespace pilothouse

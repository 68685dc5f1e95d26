#pragma once

#include "action/preview.h"
#include "rollout/analysis/judge.h"
#include "rollout/permissions.h"
#include "rollout/step.h"

#include <QDateTime>

#include <chrono>
#include <functional>
#include <optional>

namespace pilothouse {

/// What a track's controller is told once, from the workspace.
struct RolloutSettings
{
    TrackName track;
    Plan plan;
    QList<Check> checks;
    SeriesNames series;
    Limits limits;
    EnvironmentMark environment;
    /// `sum by (label) (rate(…))` with the series label: gives the measured share and the chart of
    /// requests/s; empty = no measured share.
    QString requestRateQuery;
    std::chrono::milliseconds judgeEvery{0}; ///< 0 = five sample steps, at most 15 s
    std::chrono::milliseconds sampleStep{0}; ///< 0 = sampleStep(plan, checks)
    std::chrono::milliseconds chartSpan{15 * 60'000};
    int chartPoints = 180;      ///< points per series of a chart
    int failuresToRollBack = 3; ///< judgements of FAIL in a row that advise to roll back
    /// Who arms the guard of a window: a person for each rollout, or the plan when one begins.
    enum class GuardArms { ByHand, WithRollout } guardArms = GuardArms::ByHand;
    /// Command line that guards this track without a window; empty = none is offered.
    QString headlessGuard;
    StepRules::AfterFull afterFull = StepRules::AfterFull::StableIsReplaced;
    /// Why starting a rollout is refused at this time (UTC): "weekend, until Mon 08:00"; empty = it
    /// is not. May be null.
    std::function<QString(const QDateTime &)> frozen;
};

/// The one next action of a track.
struct NextAction
{
    enum class Kind { Nothing, Wait, Promote, RollBack, Lift, Settle };
    Kind kind = Kind::Nothing;
    QString sentence;    ///< "bakes at 10 % for 1:48 more, then 10 → 50"
    QString verb;        ///< on the button: "Promote 10 → 50…"; empty = no button
    bool bakes = false;  ///< Promote, but its time has not come
    QString frozen = {}; ///< what a freeze asks about the rollout in flight; empty = nothing
    QString otherwise
        = {}; ///< frozen: the other answer, "Roll back to 9f3c2a1…"; empty = no button

    bool operator==(const NextAction &) const = default;
};

/// What to do next, from the same facts. `failuresToRollBack` judgements of FAIL in a row of a
/// check advise to roll back.
[[nodiscard]] NextAction nextAction(const RolloutFacts &facts, int failuresToRollBack);

/// One mark of the stage rail.
struct StageView
{
    enum class Kind { Weight, Finishing };
    enum class State { Done, Current, Held, ToCome };

    Kind kind = Kind::Weight;
    State state = State::ToCome;
    Weight weight;
    std::chrono::milliseconds bake{0};    ///< wanted
    std::chrono::milliseconds elapsed{0}; ///< of it; meaningful for Current and Held

    bool operator==(const StageView &) const = default;
};

/// Asked, accepted and measured: three values, three ages.
struct WeightView
{
    std::optional<Weight> asked;
    std::optional<Weight> accepted; ///< nullopt = not yet, or it does not say
    std::optional<double> measured; ///< per cent of requests; nullopt = no data
    std::optional<std::chrono::milliseconds> trafficAge; ///< of asked and accepted
    std::optional<std::chrono::milliseconds> measuredAge;
    QString problem; ///< a condition of the traffic object that is not well

    bool operator==(const WeightView &) const = default;
};

/// One chart: stable against candidate. NaN and Inf stand in the samples, absent points are gaps.
struct ChartSeries
{
    enum class Presence {
        NotAsked, ///< no answer yet, or there is no candidate
        NoSeries, ///< asked, and the metrics server knows no such series
        Present,
    };

    Check check; ///< of the track; for "requests/s" one without a limit
    QString unit;
    std::optional<double> limit;
    QList<Sample> stable;
    QList<Sample> candidate;
    Presence stablePresence = Presence::NotAsked;
    Presence candidatePresence = Presence::NotAsked;
    std::chrono::milliseconds step{0}; ///< a distance over 1.5 of it is a gap
    QString error;                     ///< of the last try, while older samples stay
    QStringList warnings;              ///< of the metrics server
};

/// A vertical line in every chart.
struct WeightMark
{
    QDateTime at; ///< UTC
    Weight from;
    Weight to;
    QString actor;
    CommitId candidate;

    bool operator==(const WeightMark &) const = default;
};

/// The stage rail: the plan's stages, and Finishing where the stable itself changes at the end.
[[nodiscard]] QList<StageView> stagesOf(const RolloutState &state, const StepRules &rules);
/// A row for every check: the last judgement of this weight, else why there is none.
[[nodiscard]] QList<CheckResult> verdictsOf(const RolloutFacts &facts);
/// Oldest first.
[[nodiscard]] QList<WeightMark> marksOf(const TrafficState &traffic);
/// Whoever wrote the object last left no note of ours: somebody went past every console.
[[nodiscard]] bool writtenPast(const TrafficState &traffic);
/// The same, and the stable is another one than our notes gave all traffic last: they do not tell
/// who moved it, nor when.
[[nodiscard]] bool movedPast(const TrafficState &traffic);

} // namespace pilothouse

#pragma once

#include "rollout/analysis/check.h"
#include "rollout/trafficcontrol.h"

#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// One step of a plan: the weight to ask for, and how long it must hold before the next one.
struct Stage
{
    Weight weight;
    std::chrono::milliseconds bake{0}; ///< 0 = none; the last stage usually has none
    bool operator==(const Stage &) const = default;
};

/// How a candidate gets its traffic. A plan read from a workspace has at least one stage, rising
/// weights, and ends at 100.
struct Plan
{
    QList<Stage> stages;
    bool operator==(const Plan &) const = default;
};

/// How the two sides are told apart in a query's answer: the label and its two values, which may
/// hold ${stable.revision} and ${candidate.revision}.
struct SeriesNames
{
    QString label;
    QString stable;
    QString candidate;
    bool operator==(const SeriesNames &) const = default;
};

/// From which age data is shown as old, and from which age of the traffic object a promote is
/// refused until it is read again. A rollback is never refused for age.
struct Limits
{
    std::chrono::milliseconds staleAfter{15'000};
    std::chrono::milliseconds refuseAfter{60'000};
    bool operator==(const Limits &) const = default;
};

/// ${stable.revision}, ${stable.commit}, ${candidate.revision} and ${candidate.commit} in the two
/// values put in. A value whose revision is not there becomes empty: it matches no series.
[[nodiscard]] SeriesNames resolved(const SeriesNames &names, const TrafficState &traffic);

/// The same names, and ${revision} and ${commit} of the candidate, put into a query, escaped as in
/// a PromQL label value.
[[nodiscard]] QString resolved(const QString &query, const TrafficState &traffic);

/// How far apart the samples of a judgement lie: the shortest bake of the plan over the largest
/// min_samples, so that a bake is just long enough to be judged. Whole seconds from 1 s up, at
/// least 100 ms, at most 15 s.
[[nodiscard]] std::chrono::milliseconds sampleStep(const Plan &plan, const QList<Check> &checks);

/// How far back a judgement looks: the check's window, else time for min_samples and a few more;
/// for Mann and Whitney's test at least for as many samples as make it reliable.
[[nodiscard]] std::chrono::milliseconds judgeWindow(const Check &check,
                                                    std::chrono::milliseconds step);

/// The weight that the next promote would ask for; nullopt = nothing above the present one.
[[nodiscard]] std::optional<Weight> nextWeight(const Plan &plan, Weight present);
/// The weight one stage below the present one; 0 below the first stage.
[[nodiscard]] std::optional<Weight> previousWeight(const Plan &plan, Weight present);
/// Index of the stage with the greatest weight that is not above `weight`; nullopt below the first.
[[nodiscard]] std::optional<int> stageAt(const Plan &plan, Weight weight);

} // namespace pilothouse

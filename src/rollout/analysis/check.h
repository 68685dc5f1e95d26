#pragma once

#include "rollout/judgement/classification.h"

#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// What a check measures, as far as a workspace file can say it without PromQL.
enum class CheckTemplate {
    None, ///< a query of its own
    ErrorRatio,
    P95,
    Saturation, ///< what is in use as a share of what there is
};

/// How a window of samples becomes a verdict.
enum class JudgeMethod {
    Threshold,   ///< the newest value against `max` and `min`, or against the stable's
    MannWhitney, ///< all samples of both sides, by Mann and Whitney's test in its exact mode
};

/// Whether what a check measures grows with the candidate's share of the requests.
enum class Scaling { Fixed, WithWeight };

/// One metric that is judged: the candidate against its limits or against the stable.
struct Check
{
    QString name; ///< "error ratio"; unique within a track
    QString
        query;    ///< PromQL that keeps the series label; ${commit} and ${revision} may stand in it
    QString unit; ///< "ratio", "s", …: how a value is shown
    CheckTemplate kind = CheckTemplate::None;
    JudgeMethod method = JudgeMethod::Threshold;
    Direction direction = Direction::Increase; ///< which way is bad
    std::optional<double> max;                 ///< in `unit`; nullopt = no upper limit
    std::optional<double> min;                 ///< in `unit`; nullopt = no lower limit
    bool critical = false; ///< its Fail is the verdict whatever the other checks say
    int minSamples = 0;    ///< fewer points in the window = NoData
    /// How far back a judgement looks; nullopt = as judgeWindow() says.
    std::optional<std::chrono::milliseconds> window;

    Scaling scales = Scaling::Fixed; ///< WithWeight: it is projected to the next weight
    std::optional<double> capacity;  ///< the value, in `unit`, at which what scales is full
    /// PromQL of the share in use, where that is not value / capacity: a check of the time that
    /// connections are held is projected by the pool that they come from. Empty = by the value.
    QString saturationQuery;
    QString fills; ///< what gets full: "the pool"; empty = "its limit"

    bool operator==(const Check &) const = default;
};

/// The limit that a check is shown with: the upper one, else the lower one.
[[nodiscard]] inline std::optional<double> limitOf(const Check &check)
{
    return check.max ? check.max : check.min;
}

[[nodiscard]] inline bool isOver(const Check &check, double value)
{
    return check.max && value > *check.max;
}

[[nodiscard]] inline bool isUnder(const Check &check, double value)
{
    return check.min && value < *check.min;
}

/// Over the upper limit or under the lower one.
[[nodiscard]] inline bool isBeyond(const Check &check, double value)
{
    return isOver(check, value) || isUnder(check, value);
}

} // namespace pilothouse

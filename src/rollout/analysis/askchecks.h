#pragma once

#include "rollout/analysis/judge.h"

#include <functional>

namespace pilothouse {

/// Asks for one range; the answer comes once, at once or later, in the same thread.
using RangeAnswer = std::function<void(const Result<SeriesSet> &)>;
using AskRange = std::function<void(const RangeQuery &, const RangeAnswer &)>;

/// What is judged: the checks of a track over one window each.
struct ChecksQuestion
{
    QList<Check> checks;
    SeriesNames series;   ///< not resolved yet
    TrafficState traffic; ///< what the names and queries are resolved by
    /// From, to and step for a check; its expression is put in.
    std::function<RangeQuery(const Check &)> window;
};

/// Asks the query of every check, and its saturation where it has one of its own, and calls `done`
/// once with a result for each check, in their order, when all were answered. A check that could
/// not be asked is NoData with the error's message.
void askChecks(const ChecksQuestion &question, const AskRange &ask,
               const std::function<void(const QList<CheckResult> &)> &done);

/// The distance of samples over a span: not finer than `scrape`, at most `most` points of a series;
/// whole seconds where it is over one.
[[nodiscard]] std::chrono::milliseconds rangeStep(std::chrono::milliseconds span,
                                                  std::chrono::milliseconds scrape, int most);

} // namespace pilothouse

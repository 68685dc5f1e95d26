#pragma once

#include "base/id.h"
#include "pipeline/graph.h"
#include "pipeline/overlay.h"

#include <QDateTime>
#include <QList>

#include <chrono>
#include <optional>

namespace pilothouse {

/// How long machines may take from the commit to the end of one track's pipeline. People's waiting
/// and bake are not in it.
struct TrackBudget
{
    TrackName track;
    std::chrono::milliseconds budget{};

    bool operator==(const TrackBudget &) const = default;
};

/// A budget beside what was used of it.
struct BudgetView
{
    TrackName track;
    std::chrono::milliseconds budget{};
    std::optional<std::chrono::milliseconds> used; ///< nothing while no machine has begun

    [[nodiscard]] bool isOver() const { return used && *used > budget; }

    bool operator==(const BudgetView &) const = default;
};

/// The machine time of each track: of the chain of jobs that decided when the last job of its
/// workflow ended, waiting for people left out. A track's workflow is the file with the track's
/// name in its own ("deploy-standalone.yml"); where no file has it, all files count.
[[nodiscard]] QList<BudgetView> budgetViews(const QList<TrackBudget> &budgets, const Graph &graph,
                                            const Overlay &overlay, const QDateTime &serverNow);

} // namespace pilothouse

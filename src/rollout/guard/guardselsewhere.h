#pragma once

#include "rollout/guard/guardmark.h"
#include "rollout/guard/windowguard.h"

#include <functional>

namespace pilothouse {

/// What is known of guards that are not armed in this window.
struct GuardsElsewhere
{
    QList<GuardMark> marks; ///< as the traffic object has them, without that of this process
    /// One that an earlier console of this computer armed, by its journal, and that has no mark.
    std::optional<ArmedGuard> earlier;

    bool operator==(const GuardsElsewhere &) const = default;
};

/// Whether the process that left a mark is known to be gone: it ran on this computer.
using IsGone = std::function<bool(const GuardMark &)>;
[[nodiscard]] bool isGone(const GuardMark &mark);

/// What is to be said of them, of the rollout of `candidate`. Off = nothing. Elsewhere: one says
/// that it watches, and nothing tells otherwise. Unwatched: all that said so are gone, should have
/// ended or have not said it again for longer than guardHeartbeat and what clocks and writes may
/// take, and the candidate has traffic. `now` is UTC. Pure but for `gone`.
[[nodiscard]] GuardView viewOf(const GuardsElsewhere &known, const CommitId &candidate, Phase phase,
                               const QDateTime &now, const IsGone &gone = isGone);

} // namespace pilothouse

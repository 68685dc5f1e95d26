#pragma once

#include "action/reason.h"
#include "migration/steps.h"

#include <chrono>

namespace pilothouse {

/// What the gate needs besides the facts.
struct GateContext
{
    QString database;      ///< its name, for the words
    QString lostSince;     ///< words when the database cannot be believed now; empty = it can
    QString running;       ///< what runs for this change in this database; empty = nothing
    bool readOnly = false; ///< the console may not write
    /// Age of the facts: everything in `Facts` was true that long ago.
    std::chrono::milliseconds age{0};
};

/// An INSERT without the column this short ago stands against CONTRACT whatever `soak` says: with
/// soak 0 s, as the rehearsal has it, a writer at work must still be seen.
inline constexpr std::chrono::seconds shortestQuiet{5};

/// May this step be run now? Every reason at once, each Blocks with the way to settle it. For the
/// steps that run together, asked of the first one that is open. Pure.
[[nodiscard]] Permission mayRun(StepId step, const Change &change, const Facts &facts,
                                const QList<ChangeStep> &steps,
                                const QList<RevisionReadiness> &readiness,
                                const GateContext &context);

/// May this step be undone now? The later steps that must go first, the code that would fail.
[[nodiscard]] Permission mayUndo(StepId step, const Change &change, const Facts &facts,
                                 const QList<ChangeStep> &steps,
                                 const QList<RevisionReadiness> &readiness,
                                 const GateContext &context);

} // namespace pilothouse

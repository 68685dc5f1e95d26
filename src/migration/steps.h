#pragma once

#include "action/plannedcall.h"
#include "migration/change.h"
#include "migration/facts.h"
#include "migration/readiness.h"
#include "migration/statementgroup.h"

#include <QList>
#include <QStringList>

namespace pilothouse {

/// The way back of a step.
struct StepUndo
{
    QList<StatementGroup> groups; ///< empty = nothing to undo, or no way back
    QString words;                ///< "DROP COLUMN", "DROP NOT NULL, instant, no data lost"
    bool losesData = false;
    bool operator==(const StepUndo &) const = default;
};

/// One step of a change in one database, computed from the facts alone.
struct ChangeStep
{
    enum class State {
        Open,
        Done,   ///< the done query says so, whatever the record says
        Broken, ///< something of that name is there but is not what the plan says: DRIFT
    };
    /// Whose code fails from here on.
    enum class Breaks { Nobody, WritersWithoutTrigger, CodeNotReady };

    StepId id = StepId::E1;
    QString title; ///< "add column"
    State state = State::Open;
    QString proof; ///< "column is uuid, nullable"; what the facts show now, also when open
    std::optional<StepRecord> record; ///< nullopt for a done step = done outside the console
    QList<StatementGroup> groups;     ///< empty for E3
    QString blocks;                   ///< "reads and writes", "nobody", "other DDL"
    QString duration; ///< "instant once the lock is granted", a range with its basis
    StepUndo undo;
    Breaks breaks = Breaks::Nobody;
    QString breaksWords; ///< the same as a sentence

    bool operator==(const ChangeStep &) const = default;
};

/// The whole checklist. `readiness` proves E3. Pure: same facts, same steps.
[[nodiscard]] QList<ChangeStep> planSteps(const Change &change, const Facts &facts,
                                          const QList<RevisionReadiness> &readiness);

/// The step that comes next: the first one not done, E3 left out while MIGRATE may go on without
/// it (the trigger fills the column for old code). nullopt = all done.
[[nodiscard]] std::optional<StepId> nextStep(const QList<ChangeStep> &steps);

[[nodiscard]] const ChangeStep *findStep(const QList<ChangeStep> &steps, StepId id);

/// Every statement of these steps as the confirmation lists them, in order.
[[nodiscard]] QList<PlannedCall> callsOf(const QList<ChangeStep> &steps);

} // namespace pilothouse

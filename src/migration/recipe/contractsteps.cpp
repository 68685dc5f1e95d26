#include "migration/recipe/contractsteps.h"

#include "base/words.h"
#include "migration/recipe/numberwords.h"
#include "migration/recipe/stepsql.h"

namespace pilothouse {

namespace {

using State = ChangeStep::State;

bool guarded(const Plan &plan)
{
    return plan.facts.guard && plan.facts.guard->provesNotNull;
}

/// C1 to C4 alike: nobody is broken while the trigger fills the column.
ChangeStep contractStep(const Plan &plan, StepId id, const QString &title)
{
    ChangeStep step;
    step.id = id;
    step.title = title;
    step.blocks = Words::tr("reads and writes");
    step.duration = Words::tr("instant once the lock is granted, no scan");
    step.breaks = ChangeStep::Breaks::WritersWithoutTrigger;
    step.breaksWords = Words::tr("nobody while the trigger is there: it fills the column for old "
                                 "code until C5");
    if (plan.facts.guard && !guarded(plan) && !plan.notNull())
        step.state = State::Broken;
    return step;
}

void finish(ChangeStep &step, const QString &proof, const QString &otherwise, State reached)
{
    step.proof = reached == State::Done ? proof : otherwise;
    if (step.state != State::Broken)
        step.state = reached;
}

} // namespace

ChangeStep guardStep(const Plan &plan)
{
    const Change &change = plan.change;
    ChangeStep step = contractStep(plan, StepId::C1, Words::tr("guard"));
    step.groups << plan.shortGroup({stepsql::addGuard(change)}, LockMode::AccessExclusive);
    step.undo.groups << plan.shortGroup({stepsql::dropGuard(change)}, LockMode::AccessExclusive);
    step.undo.words = Words::tr("DROP CONSTRAINT, instant, no data lost");
    finish(step,
           plan.notNull() ? Words::tr("NOT NULL holds")
                          : Words::tr("guard %1 is there").arg(stepsql::guardName(change)),
           Words::tr("no guard"), guarded(plan) || plan.notNull() ? State::Done : State::Open);
    return step;
}

ChangeStep proveStep(const Plan &plan)
{
    ChangeStep step = contractStep(plan, StepId::C2, Words::tr("prove"));
    step.groups << plan.longGroup(stepsql::validateGuard(plan.change),
                                  LockMode::ShareUpdateExclusive);
    step.blocks = Words::tr("other DDL; reads and writes go on");
    const qint64 bytes = plan.facts.table ? plan.facts.table->heapBytes : 0;
    // 50 to 500 MB/s until this console has measured a scan on that server (facts 3.6).
    const qint64 fastest = std::max<qint64>(1, bytes / (500LL << 20));
    const qint64 slowest = std::max<qint64>(1, bytes / (50LL << 20));
    step.duration = fastest == slowest
                        ? Words::tr("scan of %1, about %2 s").arg(bytesWords(bytes)).arg(slowest)
                        : Words::tr("scan of %1, %2–%3 s at a guess")
                              .arg(bytesWords(bytes))
                              .arg(fastest)
                              .arg(slowest);
    step.undo.words = Words::tr("none needed: undo C1");
    finish(step, Words::tr("every row was checked"), Words::tr("not proved"),
           (guarded(plan) && plan.facts.guard->validated) || plan.notNull() ? State::Done
                                                                            : State::Open);
    return step;
}

ChangeStep tightenStep(const Plan &plan)
{
    const Change &change = plan.change;
    ChangeStep step = contractStep(plan, StepId::C3, Words::tr("tighten"));
    step.groups << plan.shortGroup({stepsql::setNotNull(change)}, LockMode::AccessExclusive);
    step.undo.groups << plan.shortGroup({stepsql::dropNotNull(change)}, LockMode::AccessExclusive);
    step.undo.words = Words::tr("DROP NOT NULL, instant, no data lost");
    finish(step, Words::tr("column is NOT NULL"), Words::tr("column is nullable"),
           plan.notNull() ? State::Done : State::Open);
    return step;
}

ChangeStep dropGuardStep(const Plan &plan)
{
    ChangeStep step = contractStep(plan, StepId::C4, Words::tr("drop helper"));
    step.groups << plan.shortGroup({stepsql::dropGuard(plan.change)}, LockMode::AccessExclusive);
    step.undo.words = Words::tr("none needed: undo C3");
    finish(step, Words::tr("no guard left"),
           plan.facts.guard ? Words::tr("guard still there") : Words::tr("no guard yet"),
           plan.notNull() && !plan.facts.guard ? State::Done : State::Open);
    return step;
}

ChangeStep dropTriggerStep(const Plan &plan)
{
    const auto &[change, facts] = plan;
    ChangeStep step;
    step.id = StepId::C5;
    step.title = Words::tr("drop trigger");
    const bool there = facts.trigger || facts.triggerDisabled;
    step.state = plan.notNull() && !there ? State::Done : State::Open;
    step.proof = there ? Words::tr("trigger still there") : Words::tr("no trigger");
    QStringList statements = stepsql::dropSync(change);
    if (plan.markedByUs())
        statements << stepsql::unmarkColumn(change);
    step.groups << plan.shortGroup(statements, LockMode::AccessExclusive);
    step.blocks = Words::tr("reads and writes");
    step.duration = Words::tr("instant once the lock is granted");
    step.undo.groups << plan.shortGroup(stepsql::createSync(change), LockMode::ShareRowExclusive);
    step.undo.words = Words::tr("CREATE TRIGGER, instant; inserts refused in between are not "
                                "repeated");
    step.breaks = ChangeStep::Breaks::CodeNotReady;
    step.breaksWords
        = Words::tr("every revision that is not ready: its inserts without %1 are refused")
              .arg(change.column);
    return step;
}

} // namespace pilothouse

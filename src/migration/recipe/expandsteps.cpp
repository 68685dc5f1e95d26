#include "migration/recipe/expandsteps.h"

#include "base/words.h"
#include "migration/recipe/stepsql.h"

namespace pilothouse {

namespace {

using State = ChangeStep::State;

QString instant()
{
    return Words::tr("instant once the lock is granted");
}

} // namespace

ChangeStep addColumnStep(const Plan &plan)
{
    const auto &[change, facts] = plan;
    ChangeStep step;
    step.id = StepId::E1;
    step.title = Words::tr("add column");
    if (!facts.column) {
        step.proof = Words::tr("no column %1").arg(change.column);
    } else if (facts.column->typeMatches) {
        step.state = State::Done;
        step.proof = facts.column->notNull
                         ? Words::tr("column is %1, not null").arg(facts.column->type)
                         : Words::tr("column is %1, nullable").arg(facts.column->type);
    } else {
        step.state = State::Broken;
        step.proof = Words::tr("column is %1, not %2").arg(facts.column->type, change.type);
    }
    step.groups << plan.shortGroup(
        {stepsql::addColumn(change), stepsql::markColumn(change), stepsql::registerChange(change)},
        LockMode::AccessExclusive);
    step.blocks = Words::tr("reads and writes");
    step.duration = instant();
    step.undo.groups << plan.shortGroup(QStringList(stepsql::dropColumn(change))
                                            + stepsql::forgetChange(change),
                                        LockMode::AccessExclusive);
    step.undo.words = Words::tr("DROP COLUMN, instant; the values filled in so far are lost");
    step.undo.losesData = true;
    step.breaksWords = Words::tr("nobody: old and new code work with the column there");
    return step;
}

ChangeStep syncTriggerStep(const Plan &plan)
{
    const auto &[change, facts] = plan;
    ChangeStep step;
    step.id = StepId::E2;
    step.title = Words::tr("sync trigger");
    if (facts.trigger) {
        step.state = State::Done;
        step.proof = Words::tr("trigger enabled");
    } else if (facts.triggerDisabled) {
        step.state = State::Broken;
        step.proof = Words::tr("trigger disabled");
    } else if (plan.notNull()) {
        step.state = State::Done;
        step.proof = Words::tr("trigger dropped, NOT NULL holds");
    } else {
        step.proof = Words::tr("no trigger");
    }
    step.groups << plan.shortGroup(stepsql::createSync(change), LockMode::ShareRowExclusive);
    step.blocks = Words::tr("writes");
    step.duration = instant();
    step.undo.groups << plan.shortGroup(stepsql::dropSync(change), LockMode::AccessExclusive);
    step.undo.words = Words::tr("DROP TRIGGER, instant, no data lost");
    step.breaksWords = Words::tr("nobody: the trigger fills the column for old code");
    return step;
}

ChangeStep codeReadyStep(const QList<RevisionReadiness> &readiness)
{
    ChangeStep step;
    step.id = StepId::E3;
    step.title = Words::tr("code ready");
    QStringList ready;
    QStringList missing;
    for (const RevisionReadiness &revision : readiness) {
        const QString name
            = revision.commit.value.isEmpty() ? revision.where : shortSha(revision.commit);
        if (revision.state == RevisionReadiness::State::Ready)
            ready << name;
        else if (revision.state == RevisionReadiness::State::NotReady)
            missing << Words::tr("%1 NOT READY").arg(name);
        else
            missing << Words::tr("%1 cannot tell").arg(name);
    }
    ready.removeDuplicates();
    missing.removeDuplicates();
    const bool all = missing.isEmpty() && !ready.isEmpty();
    // What is missing stands first: where there is no room, the end is cut.
    QStringList words = missing;
    if (!ready.isEmpty())
        words << Words::tr("%1 ready").arg(ready.join(QLatin1Char(' ')));
    step.proof = words.isEmpty() ? Words::tr("not known yet which code runs")
                                 : words.join(QStringLiteral(" · "));
    step.state = all ? State::Done : State::Open;
    step.blocks = Words::tr("nobody");
    step.duration = Words::tr("as long as the rollout takes");
    step.undo.words = Words::tr("roll back: old code still works until C5");
    step.breaksWords = Words::tr("nobody");
    return step;
}

} // namespace pilothouse

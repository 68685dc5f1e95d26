#include "migration/gate.h"

#include "base/words.h"
#include "migration/gatereasons.h"

namespace pilothouse {

namespace {

using Kind = Reason::Kind;
using Readiness = RevisionReadiness;

bool isContract(StepId step)
{
    return phaseOfStep(step) == ChangePhase::Contract;
}

} // namespace

Permission mayRun(StepId step, const Change &change, const Facts &facts,
                  const QList<ChangeStep> &steps, const QList<RevisionReadiness> &readiness,
                  const GateContext &context)
{
    GateReasons reasons(change, facts, context);
    const ChangeStep *self = findStep(steps, step);
    if (step == StepId::E3) {
        reasons.blocks(Words::tr("code is brought by the tracks, not from here"),
                       Words::tr("promote a commit whose change file says contract_ready"));
        reasons.code(readiness);
        return reasons.take();
    }
    if (self && self->state == ChangeStep::State::Done) {
        reasons.blocks(Words::tr("%1 is done: %2").arg(stepWord(step), self->proof), {});
        return reasons.take();
    }
    reasons.console();
    reasons.server();
    reasons.drift();
    reasons.tool(step);
    reasons.order(step, steps);
    if (step == StepId::E2 || step == StepId::M2 || step == StepId::M3)
        reasons.source();
    if (step == StepId::M2 || step == StepId::M3) {
        reasons.rowSecurity();
        reasons.key();
        reasons.otherRunner();
    }
    if (isContract(step)) {
        reasons.rowSecurity();
        reasons.nulls();
        reasons.code(readiness);
        reasons.oldWriters();
        reasons.soak(step);
        reasons.index();
    }
    return reasons.take();
}

Permission mayUndo(StepId step, const Change &change, const Facts &facts,
                   const QList<ChangeStep> &steps, const QList<RevisionReadiness> &readiness,
                   const GateContext &context)
{
    GateReasons reasons(change, facts, context);
    const ChangeStep *self = findStep(steps, step);
    if (!self || self->undo.groups.isEmpty()) {
        reasons.blocks(Words::tr("there is nothing to take back"),
                       self ? self->undo.words : QString());
        return reasons.take();
    }
    reasons.console();
    reasons.server();
    reasons.tool(step);
    // What must be there for the statement to work; a later step hides an earlier one's object.
    bool there = self->state == ChangeStep::State::Done;
    if (step == StepId::C1)
        there = facts.guard.has_value();
    if (step == StepId::E2)
        there = facts.trigger;
    if (!there) {
        reasons.blocks(Words::tr("%1 is not done: %2").arg(stepWord(step), self->proof), {});
        return reasons.take();
    }
    const bool notNull = facts.column && facts.column->notNull;
    const auto first = [&](StepId later) {
        reasons.blocks(Words::tr("%1 has to be taken back first").arg(stepWord(later)),
                       Words::tr("undo %1").arg(stepWord(later)));
    };
    if (step <= StepId::M4 && notNull)
        first(StepId::C3);
    else if (step <= StepId::M4 && facts.guard)
        first(StepId::C1);
    if (step == StepId::E1 && facts.trigger)
        first(StepId::E2);
    if (step == StepId::C3 && !facts.trigger)
        first(StepId::C5);
    for (const Readiness &revision : readiness) {
        if (step == StepId::E1 && revision.state == Readiness::State::Ready) {
            reasons.blocks(
                Words::tr("%1 %2 writes %3")
                    .arg(revision.where, shortSha(revision.commit), change.column),
                Words::tr("roll %1 back to code without the column").arg(revision.where));
        }
    }
    if (self->undo.losesData)
        reasons.say(Kind::Against, self->undo.words);
    return reasons.take();
}

} // namespace pilothouse

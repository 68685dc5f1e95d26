#include "migration/steps.h"

#include "base/words.h"
#include "migration/recipe/contractsteps.h"
#include "migration/recipe/expandsteps.h"
#include "migration/recipe/migratesteps.h"
#include "migration/recipe/stepsql.h"

#include <QHash>

namespace pilothouse {

namespace {

using State = ChangeStep::State;

} // namespace

QList<ChangeStep> planSteps(const Change &change, const Facts &facts,
                            const QList<RevisionReadiness> &readiness)
{
    const Plan plan{change, facts};
    QHash<StepId, StepRecord> records;
    for (const StepRecord &record : facts.steps)
        records.insert(record.step, record);
    const auto record = [&](StepId id) {
        const auto it = records.constFind(id);
        return it == records.cend() ? std::nullopt : std::optional<StepRecord>(*it);
    };

    QList<ChangeStep> steps{addColumnStep(plan), syncTriggerStep(plan), codeReadyStep(readiness),
                            backfillStep(plan, StepId::M2), backfillStep(plan, StepId::M3)};
    if (!change.index.isEmpty())
        steps << indexStep(plan);
    steps << analyzeStep(plan, record(StepId::M5));
    steps << guardStep(plan) << proveStep(plan) << tightenStep(plan) << dropGuardStep(plan)
          << dropTriggerStep(plan);
    for (ChangeStep &step : steps) {
        step.record = record(step.id);
        // The database's own memory comes before the first thing that is written into it.
        if (!facts.recordKept && !step.groups.isEmpty())
            step.groups.prepend({LockClass::Short, stepsql::recordSchema(), {}, {}});
    }
    return steps;
}

std::optional<StepId> nextStep(const QList<ChangeStep> &steps)
{
    for (const ChangeStep &step : steps) {
        if (step.state != State::Done && step.id != StepId::E3)
            return step.id;
    }
    return std::nullopt;
}

const ChangeStep *findStep(const QList<ChangeStep> &steps, StepId id)
{
    for (const ChangeStep &step : steps) {
        if (step.id == id)
            return &step;
    }
    return nullptr;
}

QList<PlannedCall> callsOf(const QList<ChangeStep> &steps)
{
    QList<PlannedCall> calls;
    for (const ChangeStep &step : steps) {
        for (const StatementGroup &group : step.groups) {
            PlannedCall call;
            call.language = PlannedCall::Language::Sql;
            call.summary = QStringLiteral("%1  %2").arg(
                stepWord(step.id), group.statements.first().section(QLatin1Char('\n'), 0, 0));
            if (group.statements.size() > 1)
                call.summary += Words::tr("  and %1 more").arg(group.statements.size() - 1);
            call.exact = wrapped(group).join(QStringLiteral(";\n")) + QLatin1Char(';');
            call.copyable = call.exact;
            calls << call;
        }
    }
    return calls;
}

} // namespace pilothouse

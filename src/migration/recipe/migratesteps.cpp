#include "migration/recipe/migratesteps.h"

#include "base/words.h"
#include "migration/recipe/batchsql.h"
#include "migration/recipe/numberwords.h"
#include "migration/recipe/stepsql.h"

namespace pilothouse {

namespace {

using State = ChangeStep::State;

QString stamp(const QDateTime &at)
{
    return at.toUTC().toString(QStringLiteral("d MMM HH:mm 'UTC'"));
}

bool filled(const Plan &plan)
{
    if (plan.notNull())
        return true;
    if (!plan.facts.backfill)
        return plan.countedZero() && plan.facts.trigger;
    const BackfillRow &row = *plan.facts.backfill;
    return row.pass > 1 || row.state == BackfillRow::State::Sweeping
           || row.state == BackfillRow::State::Verified;
}

bool swept(const Plan &plan)
{
    if (plan.notNull())
        return true;
    if (plan.countedSome())
        return false;
    if (!plan.facts.backfill)
        return plan.countedZero() && plan.facts.trigger;
    return plan.facts.backfill->state == BackfillRow::State::Verified;
}

QString backfillProof(const Plan &plan)
{
    if (!plan.facts.backfill) {
        if (plan.countedZero())
            return Words::tr("0 NULL");
        return plan.countedSome() ? Words::tr("%1 NULL").arg(countWords(plan.facts.nulls->rows))
                                  : Words::tr("not begun");
    }
    const BackfillRow &row = *plan.facts.backfill;
    const QString done = Words::tr("%1 of ~%2 rows")
                             .arg(countWords(row.rowsScanned),
                                  countWords(std::max(row.rowsTotal, row.rowsScanned)));
    switch (row.state) {
    case BackfillRow::State::Paused:
        return Words::tr("%1 · paused: %2").arg(done, row.pausedReason);
    case BackfillRow::State::Failed:
        return Words::tr("%1 · failed: %2").arg(done, row.pausedReason);
    case BackfillRow::State::Running:
        return row.runnerAlive ? done : Words::tr("%1 · nobody runs it").arg(done);
    case BackfillRow::State::Sweeping:
    case BackfillRow::State::Verified:
        break;
    }
    return Words::tr("%1 rows, %2 written")
        .arg(countWords(row.rowsScanned), countWords(row.rowsWritten));
}

QString sampleBatch(const Plan &plan, StepId id)
{
    const KeyColumn key = plan.facts.table && plan.facts.table->key
                              ? *plan.facts.table->key
                              : KeyColumn{QStringLiteral("id"), QStringLiteral("bigint")};
    const QString upper = plan.facts.backfill ? plan.facts.backfill->upperBound : QString();
    const QString cursor = plan.facts.backfill ? plan.facts.backfill->cursor : QString();
    return id == StepId::M2 ? stepsql::backfillBatch(plan.change, key, cursor, upper, 1'000)
                            : stepsql::sweepBatch(plan.change, key, {}, upper, 1'000);
}

} // namespace

ChangeStep backfillStep(const Plan &plan, StepId id)
{
    ChangeStep step;
    step.id = id;
    if (id == StepId::M2) {
        step.title = Words::tr("backfill");
        step.state = filled(plan) ? State::Done : State::Open;
        step.proof = backfillProof(plan);
    } else {
        step.title = Words::tr("sweep");
        step.state = swept(plan) ? State::Done : State::Open;
        const auto &row = plan.facts.backfill;
        if (plan.countedSome())
            step.proof = Words::tr("%1 NULL").arg(countWords(plan.facts.nulls->rows));
        else if (row && row->finishedAt.isValid())
            step.proof = Words::tr("0 NULL on %1").arg(stamp(row->finishedAt));
        else
            step.proof = plan.countedZero() ? Words::tr("0 NULL") : Words::tr("not proved");
    }
    StatementGroup group{
        LockClass::Batch, {sampleBatch(plan, id)}, plan.lock(LockMode::RowExclusive), {}};
    group.locks << TableLock{plan.change.derive.from, LockMode::AccessShare};
    step.groups << group;
    step.blocks = Words::tr("nobody, but writers of the very rows of a batch");
    step.duration = Words::tr("100–300 ms a batch");
    step.undo.words = Words::tr("none needed: values are derived and can be derived again");
    step.breaksWords = Words::tr("nobody");
    return step;
}

ChangeStep indexStep(const Plan &plan)
{
    const auto &[change, facts] = plan;
    ChangeStep step;
    step.id = StepId::M4;
    step.title = Words::tr("index");
    if (!facts.index) {
        step.proof = Words::tr("no index %1").arg(change.index);
    } else if (!facts.index->matches) {
        step.state = State::Broken;
        step.proof = Words::tr("another index has the name %1").arg(change.index);
    } else if (facts.index->valid) {
        step.state = State::Done;
        step.proof = Words::tr("index is valid");
    } else {
        step.proof = facts.index->building ? Words::tr("being built")
                                           : Words::tr("INVALID leftover: dropped first");
    }
    StatementGroup group
        = plan.longGroup(stepsql::buildIndex(change), LockMode::ShareUpdateExclusive);
    if (facts.index && !facts.index->valid && !facts.index->building)
        group.statements.prepend(stepsql::dropIndex(change));
    group.buildsIndex = change.index;
    step.groups << group;
    step.blocks = Words::tr("other DDL");
    step.duration
        = Words::tr("two scans of %1 and a sort, and it waits for every transaction of "
                    "this database that began before it")
              .arg(facts.table ? bytesWords(facts.table->heapBytes) : Words::tr("the table"));
    step.undo.groups << plan.longGroup(stepsql::dropIndex(change), LockMode::ShareUpdateExclusive);
    step.undo.words = Words::tr("DROP INDEX CONCURRENTLY, no data lost");
    step.breaksWords = Words::tr("nobody");
    return step;
}

ChangeStep analyzeStep(const Plan &plan, const std::optional<StepRecord> &record)
{
    ChangeStep step;
    step.id = StepId::M5;
    step.title = Words::tr("analyze");
    const auto &backfill = plan.facts.backfill;
    const bool ranSince = record && backfill && backfill->finishedAt.isValid()
                          && record->at >= backfill->finishedAt;
    const bool done = plan.facts.columnAnalyzed || ranSince || plan.notNull();
    step.state = done ? State::Done : State::Open;
    step.proof = done ? Words::tr("analyzed after the backfill")
                      : Words::tr("statistics are from before the backfill");
    step.groups << plan.longGroup(stepsql::analyze(plan.change), LockMode::ShareUpdateExclusive);
    step.blocks = Words::tr("other DDL");
    step.duration = Words::tr("seconds: it reads a sample");
    step.undo.words = Words::tr("none needed");
    step.breaksWords = Words::tr("nobody");
    return step;
}

} // namespace pilothouse

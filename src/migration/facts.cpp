#include "migration/facts.h"

#include "base/words.h"
#include "migration/recipe/stepsql.h"

namespace pilothouse {

namespace {

ChangeState stateOfBackfill(const BackfillRow &row)
{
    switch (row.state) {
    case BackfillRow::State::Paused:
        return ChangeState::Paused;
    case BackfillRow::State::Verified:
        return ChangeState::Migrated;
    case BackfillRow::State::Running:
    case BackfillRow::State::Sweeping:
    case BackfillRow::State::Failed:
        break;
    }
    return ChangeState::Migrating;
}

} // namespace

ChangeState stateOf(const Change &change, const Facts &facts)
{
    Q_UNUSED(change)
    if (!facts.table)
        return ChangeState::TableMissing;
    if (!facts.column || !facts.column->typeMatches)
        return ChangeState::Planned;
    if (facts.column->notNull) {
        if (facts.guard)
            return ChangeState::Contracting;
        return facts.trigger || facts.triggerDisabled ? ChangeState::Contracted
                                                      : ChangeState::Cleaned;
    }
    if (facts.guard)
        return ChangeState::Contracting;
    if (facts.backfill)
        return stateOfBackfill(*facts.backfill);
    return facts.trigger ? ChangeState::Expanded : ChangeState::Expanding;
}

ChangePhase phaseOf(const Change &change, const Facts &facts)
{
    switch (stateOf(change, facts)) {
    case ChangeState::TableMissing:
    case ChangeState::Planned:
    case ChangeState::Expanding:
        return ChangePhase::Expand;
    case ChangeState::Expanded:
    case ChangeState::Migrating:
    case ChangeState::Paused:
        return ChangePhase::Migrate;
    case ChangeState::Migrated:
    case ChangeState::Contracting:
    case ChangeState::Contracted:
    case ChangeState::Cleaned:
        break;
    }
    return ChangePhase::Contract;
}

bool expandDone(const Facts &facts)
{
    return facts.column && facts.column->typeMatches && (facts.trigger || facts.column->notNull);
}

QStringList driftOf(const Change &change, const Facts &facts)
{
    QStringList drift;
    if (facts.column && !facts.column->typeMatches) {
        drift << Words::tr("%1.%2 is %3, but the change file says %4")
                     .arg(change.table.text(), change.column, facts.column->type, change.type);
    }
    if (facts.guard && !facts.guard->provesNotNull) {
        drift << Words::tr("constraint %1 is %2, not CHECK (%3 IS NOT NULL)")
                     .arg(stepsql::guardName(change), facts.guard->definition, change.column);
    }
    if (facts.index && !facts.index->matches) {
        drift
            << Words::tr("index %1 is another one: %2").arg(change.index, facts.index->definition);
    }
    if (facts.triggerDisabled) {
        drift << Words::tr("trigger %1 is disabled: nothing fills the column for old code")
                     .arg(stepsql::triggerName(change));
    }
    if (facts.trigger && !facts.recordKept) {
        drift << Words::tr(
                     "trigger %1 is there, but schema pilothouse lacks its tables: inserts of "
                     "old code fail")
                     .arg(stepsql::triggerName(change));
    }
    if (facts.column && !facts.recordedPlanHash.isEmpty()
        && facts.recordedPlanHash != stepsql::planHash(change)) {
        drift << Words::tr(
            "the change file was edited after EXPAND: its statements are others now");
    }
    return drift;
}

std::optional<OldWriter> lastOldInsert(const Facts &facts)
{
    std::optional<OldWriter> last;
    for (const OldWriter &writer : facts.oldWriters) {
        if (writer.op == QLatin1String("INSERT") && (!last || writer.lastAt > last->lastAt))
            last = writer;
    }
    return last;
}

QString stateWords(const Change &change, const Facts &facts)
{
    switch (stateOf(change, facts)) {
    case ChangeState::TableMissing:
        return Words::tr("no such table");
    case ChangeState::Planned:
        return facts.column ? Words::tr("DRIFT") : Words::tr("planned");
    case ChangeState::Expanding:
        return Words::tr("EXPANDING");
    case ChangeState::Expanded:
        return Words::tr("EXPANDED");
    case ChangeState::Migrating:
    case ChangeState::Paused: {
        const BackfillRow &row = *facts.backfill;
        const qint64 total = std::max(row.rowsTotal, row.rowsScanned);
        const qint64 percent = total > 0 ? row.rowsScanned * 100 / total : 0;
        if (row.state == BackfillRow::State::Sweeping)
            return Words::tr("MIGRATE, sweeping");
        return row.state == BackfillRow::State::Paused ? Words::tr("PAUSED at %1 %").arg(percent)
                                                       : Words::tr("MIGRATE %1 %").arg(percent);
    }
    case ChangeState::Migrated:
        return Words::tr("MIGRATED");
    case ChangeState::Contracting:
        return Words::tr("CONTRACTING");
    case ChangeState::Contracted:
        return Words::tr("CONTRACTED");
    case ChangeState::Cleaned:
        break;
    }
    return Words::tr("CLEANED");
}

} // namespace pilothouse

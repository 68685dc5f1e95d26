#include "migration/samplechange.h"

#include "migration/recipe/stepsql.h"

namespace pilothouse {

QByteArray sampleChangeFile()
{
    return R"(change: 1
name: conversations-organization-id
owner: platform-team
recipe: required-column
table: public.conversations
column: {name: organization_id, type: uuid}
derive: {from: public.users, join: users.id = conversations.user_id, value: users.organization_id}
databases: [context]
contract_ready: false
soak: 3d
contract_due: 2026-12-15
index: idx_conversations_org
)";
}

Change sampleChange()
{
    const Result<Change> change
        = readChange(sampleChangeFile(),
                     QStringLiteral("migrations/changes/conversations-organization-id.yaml"), {});
    Q_ASSERT(change);
    return *change;
}

QDateTime sampleNow()
{
    return QDateTime(QDate(2026, 11, 24), QTime(14, 0), Qt::UTC);
}

Facts untouchedFacts()
{
    Facts facts;
    facts.server = {150014,
                    QStringLiteral("15.14"),
                    QStringLiteral("context"),
                    QStringLiteral("migrator"),
                    false,
                    true,
                    true};
    facts.at = sampleNow();
    TableFacts table;
    table.rowEstimate = 2'100'000;
    table.heapBytes = 581LL << 20;
    table.totalBytes = 1100LL << 20;
    table.key = KeyColumn{QStringLiteral("id"), QStringLiteral("bigint")};
    table.isOwner = true;
    table.mayUpdate = true;
    facts.table = table;
    facts.sourceTable = true;
    return facts;
}

Facts expandedFacts()
{
    Facts facts = untouchedFacts();
    facts.column = ColumnFacts{QStringLiteral("uuid"), true, false,
                               QStringLiteral("pilothouse:{\"change\":\"x\"}")};
    facts.trigger = true;
    facts.recordKept = true;
    facts.recordedPlanHash = stepsql::planHash(sampleChange());
    facts.steps = {{StepId::E1, QStringLiteral("A. Muster"), QStringLiteral("migrator"),
                    sampleNow().addDays(-21), IntentId(QStringLiteral("i1"))},
                   {StepId::E2, QStringLiteral("A. Muster"), QStringLiteral("migrator"),
                    sampleNow().addDays(-21), IntentId(QStringLiteral("i2"))}};
    facts.nulls = NullCount{NullCount::Kind::Exact, 2'100'000, sampleNow(), {}};
    return facts;
}

Facts migratingFacts()
{
    Facts facts = expandedFacts();
    BackfillRow row;
    row.state = BackfillRow::State::Running;
    row.cursor = QStringLiteral("1310000");
    row.upperBound = QStringLiteral("2100000");
    row.rowsScanned = 1'310'000;
    row.rowsWritten = 1'300'000;
    row.rowsTotal = 2'100'000;
    row.batches = 80;
    row.runnerPid = 4711;
    row.startedAt = sampleNow().addSecs(-600);
    facts.backfill = row;
    facts.nulls = NullCount{NullCount::Kind::Exact, 790'112, sampleNow(), {}};
    return facts;
}

Facts migratedFacts()
{
    Facts facts = migratingFacts();
    facts.backfill->state = BackfillRow::State::Verified;
    facts.backfill->pass = 2;
    facts.backfill->rowsScanned = 2'100'000;
    facts.backfill->runnerPid = 0;
    facts.backfill->finishedAt = sampleNow().addDays(-10);
    facts.nulls = NullCount{NullCount::Kind::Exact, 0, sampleNow(), {}};
    facts.index = IndexFacts{QStringLiteral("CREATE INDEX …"), true, true, false};
    facts.columnAnalyzed = true;
    return facts;
}

Facts contractedFacts()
{
    Facts facts = migratedFacts();
    facts.column->notNull = true;
    facts.nulls.reset();
    facts.steps.append({StepId::C3, QStringLiteral("A. Muster"), QStringLiteral("migrator"),
                        sampleNow().addDays(-4), IntentId(QStringLiteral("i3"))});
    return facts;
}

Facts cleanedFacts()
{
    Facts facts = contractedFacts();
    facts.trigger = false;
    facts.column->comment.clear();
    return facts;
}

} // namespace pilothouse

#include "migration/lint/rules/rulewords.h"

#include <algorithm>

namespace pilothouse {

using namespace rules;

namespace {

bool makesIndex(const LintView &view)
{
    return view.is(Kind::CreateIndex) && view.isOnOldTable();
}

/// The columns that a foreign key of this act has in the table.
QList<SqlConstraint> foreignKeysOf(const SqlAct &act)
{
    QList<SqlConstraint> keys;
    const auto take = [&keys](const QList<SqlConstraint> &all) {
        for (const SqlConstraint &each : all) {
            if (each.kind == SqlConstraint::Kind::ForeignKey)
                keys.append(each);
        }
    };
    take(act.constraints);
    for (const SqlColumn &column : act.declared)
        take(column.constraints);
    return keys;
}

bool hasIndexOn(const LintView &view, const QString &column)
{
    const SqlName table = view.act().table;
    const auto leads = [&](const QStringList &columns) {
        return !columns.isEmpty() && columns.first() == column;
    };
    const LintCatalog::Table *known = view.known();
    if (known
        && std::any_of(known->indexes.cbegin(), known->indexes.cend(),
                       [&](const LintCatalog::Index &index) { return leads(index.columns); }))
        return true;
    const auto makes = [&](const PlacedAct &each) {
        const SqlAct &act = each.act;
        if (!act.table.mayBe(table))
            return false;
        if (act.kind == Kind::CreateIndex)
            return leads(act.columns);
        const auto isKey = [&](const SqlConstraint &constraint) {
            return (constraint.kind == SqlConstraint::Kind::Primary
                    || constraint.kind == SqlConstraint::Kind::Unique)
                   && leads(constraint.columns);
        };
        return std::any_of(act.constraints.cbegin(), act.constraints.cend(), isKey)
               || std::any_of(act.declared.cbegin(), act.declared.cend(),
                              [&](const SqlColumn &declared) {
                                  return std::any_of(declared.constraints.cbegin(),
                                                     declared.constraints.cend(), isKey);
                              });
    };
    return view.isAnywhere(makes) || makes(view.placed());
}

Match keyWithoutIndex(const LintView &view)
{
    if (!view.is(Kind::AddConstraint) && !view.is(Kind::AddColumn) && !view.is(Kind::CreateTable))
        return Match::No;
    const QList<SqlConstraint> keys = foreignKeysOf(view.act());
    return unsafeIf(std::any_of(keys.cbegin(), keys.cend(), [&view](const SqlConstraint &key) {
        return !key.columns.isEmpty() && !hasIndexOn(view, key.columns.first());
    }));
}

bool isPartitioned(const LintView &view)
{
    const SqlAct *made = view.file.making(view.at, view.act().table);
    return (made && made->isPartitioned) || (view.known() && view.known()->isPartitioned);
}

Match indexOnEmptyColumn(const LintView &view)
{
    if (!makesIndex(view))
        return Match::No;
    return view.isBefore([&view](const PlacedAct &each) {
        return each.act.kind == Kind::AddColumn && each.act.table.mayBe(view.act().table)
               && view.act().columns.contains(each.act.name) && each.act.column()
               && !each.act.column()->byDefault;
    })
               ? Match::OutOfPhase
               : Match::No;
}

} // namespace

const QList<LintRule> &indexRules()
{
    static const QList<LintRule> rules{
        {"IX01", S::Block, expand | contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE INDEX on a table in use"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Writes to {table} wait until the whole index is built."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "CREATE INDEX CONCURRENTLY, by itself and outside of a transaction"),
         [](const LintView &v) {
             return unsafeIf(makesIndex(v) && !v.act().isConcurrent && !v.act().isOnly);
         }},
        {"IX02", S::Block, contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE UNIQUE INDEX over rows that are there"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "It fails on the first duplicate; built concurrently it refuses new "
             "duplicates before it is of use, and may go on doing so after it failed."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "first look for duplicates (GROUP BY … HAVING count(*) > 1), then CREATE "
             "UNIQUE INDEX CONCURRENTLY, then look whether it is valid"),
         [](const LintView &v) {
             if (!makesIndex(v) || !v.act().isUnique)
                 return Match::No;
             return v.act().isConcurrent ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"IX03", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE INDEX CONCURRENTLY in a transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The server refuses it (25001), or the tool waits for itself."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "run it alone: Alembic autocommit_block(), Django atomic = False"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && v.act().isConcurrent
                             && v.placed().isInTransaction);
         }},
        {"IX04", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a timeout over a statement that waits by design"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The timeout counts the waiting for other transactions too; a concurrent "
             "build that is cut off leaves an INVALID index."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "lock_timeout and statement_timeout 0 for this statement, with somebody "
                           "who watches it"),
         [](const LintView &v) {
             const bool waits = (v.is(Kind::CreateIndex) && v.act().isConcurrent)
                                || (v.is(Kind::Reindex) && v.act().isConcurrent)
                                || (v.is(Kind::ValidateConstraint) && v.isOnOldTable());
             return unsafeIf(waits
                             && (v.placed().lockTimeout > 0 || v.placed().statementTimeout > 0));
         }},
        {"IX05", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE INDEX CONCURRENTLY IF NOT EXISTS"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Over an INVALID index of that name it reports success and does nothing."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "look in pg_index: not there → create it; invalid → REINDEX INDEX "
                           "CONCURRENTLY; valid and as wanted → done"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && v.act().isConcurrent && v.act().isGuarded);
         }},
        {"IX06", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a concurrent index without a name"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "If it fails nobody finds it again; a second try makes another one."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "give it a name"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && v.act().isConcurrent
                             && v.act().name.isEmpty());
         }},
        {"IX07", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE INDEX CONCURRENTLY on a partitioned table"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The server refuses it: the parent has no rows of its own."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "CREATE INDEX … ON ONLY {table}, one CONCURRENTLY on each partition, then "
             "ALTER INDEX … ATTACH PARTITION"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && v.act().isConcurrent && !v.act().isOnly
                             && isPartitioned(v));
         }},
        {"IX08", S::Warn, contract, QT_TRANSLATE_NOOP("pilothouse::Words", "DROP INDEX"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "It is short, but while it waits for its lock all traffic of the table "
                           "queues behind it."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "DROP INDEX CONCURRENTLY {name} (not for the index of a constraint)"),
         [](const LintView &v) {
             if (!v.is(Kind::DropIndex) || v.isBefore([&v](const PlacedAct &each) {
                     return each.act.kind == Kind::CreateIndex && each.act.name == v.act().name;
                 }))
                 return Match::No;
             return v.act().isConcurrent ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"IX09", S::Block, migrate | contract, QT_TRANSLATE_NOOP("pilothouse::Words", "REINDEX"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Writes stop until it is built, and so does every plan that would use it."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "REINDEX … CONCURRENTLY; what a failed one leaves ends in _ccnew"),
         [](const LintView &v) {
             if (!v.is(Kind::Reindex))
                 return Match::No;
             return v.act().isConcurrent ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"IX10", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "DROP INDEX, REINDEX or DETACH CONCURRENTLY in a transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The server refuses it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "run it alone"),
         [](const LintView &v) {
             const bool isOne
                 = v.is(Kind::DropIndex) || v.is(Kind::Reindex) || v.is(Kind::DetachPartition);
             return unsafeIf(isOne && v.act().isConcurrent && v.placed().isInTransaction);
         }},
        {"IX11", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "an index over more than three columns"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "It rarely helps, and every write pays for it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "lead with the columns that select most"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && !v.act().isUnique
                             && v.act().columns.size() > 3);
         }},
        {"IX12", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE INDEX CONCURRENTLY on 14.0 to 14.3"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "These versions may build an index that lacks rows, and say nothing."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "first bring the server to 14.4 or later"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateIndex) && v.act().isConcurrent
                             && v.settings.server >= 140000 && v.settings.server <= 140003);
         }},
        {"IX13", S::Inform, migrate,
         QT_TRANSLATE_NOOP("pilothouse::Words", "an index on a column that is still empty"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Every row that is then filled writes the index too: almost twice the WAL, "
             "and an index twice as large."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "build it after the backfill, unless new code needs it at once"),
         &indexOnEmptyColumn},
        {"IX14", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "VACUUM FULL, CLUSTER"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} is written anew; nobody reads or writes it meanwhile."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "pg_repack, or REPACK (CONCURRENTLY) from PostgreSQL 19 on"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::VacuumFull) || v.is(Kind::Cluster));
         }},
        {"IX15", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a foreign key without an index on its column"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Each DELETE and each change of a key in {other} reads all of {table}."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "CREATE INDEX CONCURRENTLY on the column, then the foreign key"),
         &keyWithoutIndex},
    };
    return rules;
}

} // namespace pilothouse

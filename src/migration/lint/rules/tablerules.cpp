#include "migration/lint/rules/rulewords.h"

#include <algorithm>

namespace pilothouse {

using namespace rules;

namespace {

/// In the same transaction the old name comes back as a view.
bool keepsOldName(const LintView &view)
{
    return view.placed().isInTransaction && view.isBehind([&view](const PlacedAct &each) {
        return each.act.kind == Kind::CreateView && each.act.other.mayBe(view.act().table)
               && each.transaction == view.placed().transaction;
    });
}

Match madeAgain(const LintView &view)
{
    return unsafeIf(view.is(Kind::CreateTable) && view.isBefore([&view](const PlacedAct &each) {
        return each.act.kind == Kind::DropTable && each.act.isGuarded
               && each.act.table.mayBe(view.act().table);
    }));
}

Match withoutProvingCheck(const LintView &view)
{
    if (!view.is(Kind::AttachPartition))
        return Match::No;
    const SqlName partition = view.act().other;
    const LintCatalog::Table *known
        = view.settings.catalog ? view.settings.catalog->table(partition) : nullptr;
    const bool knownCheck = known && known->hasValidCheck();
    const auto checks = [&partition](const PlacedAct &each) {
        if (!each.act.table.mayBe(partition))
            return false;
        if (each.act.kind == Kind::ValidateConstraint)
            return true;
        const auto isCheck = [](const SqlConstraint &constraint) {
            return constraint.kind == Constraint::Check && !constraint.notValid;
        };
        return std::any_of(each.act.constraints.cbegin(), each.act.constraints.cend(), isCheck)
               || std::any_of(each.act.declared.cbegin(), each.act.declared.cend(),
                              [&isCheck](const SqlColumn &column) {
                                  return std::any_of(column.constraints.cbegin(),
                                                     column.constraints.cend(), isCheck);
                              });
    };
    return knownCheck || view.isBefore(checks) ? Match::OutOfPhase : Match::Unsafe;
}

Match withoutKey(const LintView &view)
{
    if ((!view.is(Kind::CreateTable) && !view.is(Kind::CreateTableAs)) || view.act().isTemporary)
        return Match::No;
    const auto isPrimary = [](const SqlConstraint &each) {
        return each.kind == Constraint::Primary;
    };
    const SqlAct &act = view.act();
    const bool hasKey
        = std::any_of(act.constraints.cbegin(), act.constraints.cend(), isPrimary)
          || std::any_of(act.declared.cbegin(), act.declared.cend(), [](const SqlColumn &column) {
                 return column.constraint(Constraint::Primary) != nullptr;
             });
    return unsafeIf(!hasKey && !view.isBehind([&](const PlacedAct &each) {
        return each.act.kind == Kind::AddConstraint && each.act.table.mayBe(act.table)
               && each.act.constraint() && isPrimary(*each.act.constraint());
    }));
}

Match withoutSchema(const LintView &view)
{
    const SqlAct &act = view.act();
    return unsafeIf(!act.table.isEmpty() && act.table.schema.isEmpty() && !act.isTemporary);
}

bool referencesAnother(const SqlAct &act)
{
    const auto isOther = [&act](const SqlConstraint &each) {
        return each.kind == Constraint::ForeignKey && !each.references.mayBe(act.table);
    };
    return std::any_of(act.constraints.cbegin(), act.constraints.cend(), isOther)
           || std::any_of(act.declared.cbegin(), act.declared.cend(),
                          [&isOther](const SqlColumn &column) {
                              return std::any_of(column.constraints.cbegin(),
                                                 column.constraints.cend(), isOther);
                          });
}

bool changesShape(const LintView &view)
{
    return view.is(Kind::AddColumn) || view.is(Kind::DropColumn) || view.is(Kind::RenameColumn)
           || view.is(Kind::AlterType) || view.is(Kind::RenameTable) || view.is(Kind::DropTable);
}

} // namespace

const QList<LintRule> &tableRules()
{
    static const QList<LintRule> rules{
        {"TB01", S::Block, contract, QT_TRANSLATE_NOOP("pilothouse::Words", "DROP TABLE"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The data is gone, and the tables it refers to are locked too."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "rename it out of the way first, and keep it for some days"),
         [](const LintView &v) {
             return outOfPhaseIf(v.is(Kind::DropTable) && v.isOnOldTable());
         }},
        {"TB02", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER TABLE … RENAME"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Code that still says {table} fails at that instant."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "in one transaction also CREATE VIEW {table} AS SELECT * FROM {value}; the "
             "view goes in CONTRACT"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::RenameTable) && v.isOnOldTable() && !keepsOldName(v));
         }},
        {"TB03", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER SCHEMA … RENAME, SET SCHEMA"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Every qualified name in old code fails."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "views in the old schema"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::RenameSchema)
                             || (v.is(Kind::MoveTable) && v.isOnOldTable()));
         }},
        {"TB04", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "DROP SCHEMA, DROP DATABASE"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Everything in {name} is gone."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "drop what is not needed by its name"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::DropSchema) || v.is(Kind::DropDatabase));
         }},
        {"TB05", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "TRUNCATE"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The rows are gone; with CASCADE those of every table that refers to it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "DELETE in batches"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::Truncate) && v.isOnOldTable());
         }},
        {"TB06", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "DROP TABLE IF EXISTS, and CREATE TABLE"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Where {table} is in use, it and its rows are destroyed."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TABLE alone, which fails then"),
         &madeAgain},
        {"TB07", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET TABLESPACE, SET LOGGED, SET ACCESS METHOD"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} is written anew while reads and writes wait."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a new table and a copy"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::RewriteTable) && v.isOnOldTable());
         }},
        {"TB08", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TABLE … PARTITION OF"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "It locks {other} against reads and writes while it is made."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "CREATE TABLE (LIKE {other}) with a CHECK of its bounds, then ATTACH "
                           "PARTITION"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreatePartition)
                             && !v.file.isMadeBefore(v.at, v.act().other));
         }},
        {"TB09", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ATTACH PARTITION without a CHECK of its bounds"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Every row of {other} is read while nobody else may; a DEFAULT partition is "
             "read too."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a valid CHECK equal to its bounds first"),
         &withoutProvingCheck},
        {"TB10", S::Block, contract, QT_TRANSLATE_NOOP("pilothouse::Words", "DETACH PARTITION"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Both tables are locked against reads and writes."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "DETACH PARTITION … CONCURRENTLY; if it was cut off, … FINALIZE"),
         [](const LintView &v) {
             if (!v.is(Kind::DetachPartition))
                 return Match::No;
             return v.act().isConcurrent ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"TB11", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TRIGGER, ENABLE and DISABLE TRIGGER"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Writes queue behind it; a trigger that is off leaves a hole in what it "
                           "fills."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "a short lock_timeout; what it does is changed by CREATE OR REPLACE FUNCTION, "
             "which locks no table"),
         [](const LintView &v) {
             const bool isOne = v.is(Kind::CreateTrigger) || v.is(Kind::SwitchTrigger);
             return unsafeWithoutTimeoutIf(v, isOne && v.isOnOldTable());
         }},
        {"TB12", S::Warn, expand | contract,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "policy, row security, rule, owner, replica identity"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Reads and writes of {table} queue behind it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a short lock_timeout"),
         [](const LintView &v) {
             return unsafeWithoutTimeoutIf(v, v.is(Kind::ChangeTable) && v.isOnOldTable());
         }},
        {"TB13", S::Warn, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER TYPE … ADD VALUE"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Without BEFORE or AFTER its place is left to chance, and in the transaction "
             "that adds it it cannot be used."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "say its place; commit; then use it"),
         [](const LintView &v) {
             if (!v.is(Kind::AddEnumValue))
                 return Match::No;
             const bool isUsed
                 = v.placed().isInTransaction && v.isBehind([&v](const PlacedAct &each) {
                       return each.transaction == v.placed().transaction
                              && (each.act.kind == Kind::Insert || each.act.kind == Kind::Update
                                  || each.act.kind == Kind::SetDefault);
                   });
             return v.act().isPlaced && !isUsed ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"TB14", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ALTER TYPE … RENAME VALUE"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Code that still says the old value fails."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a new value, code that reads both, and a backfill"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::RenameEnumValue));
         }},
        {"TB15", S::Warn, migrate,
         QT_TRANSLATE_NOOP("pilothouse::Words", "REFRESH MATERIALIZED VIEW"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Nobody reads {table} until it is done."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "CONCURRENTLY, over a unique index"),
         [](const LintView &v) {
             if (!v.is(Kind::Refresh))
                 return Match::No;
             return v.act().isConcurrent ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"TB16", S::Inform, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE EXTENSION"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "It needs rights that a release should not have."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "by itself, by who runs the database"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateExtension));
         }},
        {"TB17", S::Inform, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TYPE … AS ENUM"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "A value never goes away again."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a table of values"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::CreateEnum));
         }},
        {"TB18", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TABLE without a primary key"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "It can be filled in no batches, and logical replication cannot update it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a primary key"), &withoutKey},
        {"TB19", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a table without its schema"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The search_path may pick another table than is meant."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "schema.{table}"), &withoutSchema},
        {"TB20", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "DDL on a table that is published"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "DDL is not replicated: the subscriber stops at the first row that it does "
             "not know."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "add on the subscriber first, drop on the publisher first"),
         [](const LintView &v) {
             return unsafeIf(changesShape(v) && v.known() && !v.known()->publications.isEmpty());
         }},
        {"TB21", S::Inform, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "CREATE TABLE … REFERENCES"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Writes to the table that it refers to queue behind it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a short lock_timeout"),
         [](const LintView &v) {
             return unsafeWithoutTimeoutIf(v,
                                           v.is(Kind::CreateTable) && referencesAnother(v.act()));
         }},
    };
    return rules;
}

} // namespace pilothouse

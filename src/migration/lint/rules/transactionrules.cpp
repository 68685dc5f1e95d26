#include "migration/lint/rules/rulewords.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

using namespace rules;

namespace {

bool isOfSession(const LintView &view)
{
    return view.is(Kind::Begin) || view.is(Kind::Commit) || view.is(Kind::Rollback)
           || view.is(Kind::Set) || view.is(Kind::Select);
}

/// A view in the place of a table that was renamed belongs to it.
bool completesRename(const LintView &view)
{
    const PlacedAct *first = view.file.exclusiveBefore(view.at);
    return view.is(Kind::CreateView) && first && first->act.kind == Kind::RenameTable
           && first->act.table.mayBe(view.act().other);
}

Match holdsExclusiveLonger(const LintView &view)
{
    if (isOfSession(view) || completesRename(view))
        return Match::No;
    return unsafeIf(view.file.exclusiveBefore(view.at) != nullptr);
}

Match locksTwoTables(const LintView &view)
{
    if (!view.placed().isExclusive() || view.act().table.isEmpty())
        return Match::No;
    const PlacedAct *first = view.file.exclusiveBefore(view.at);
    return unsafeIf(first && !first->act.table.isEmpty()
                    && !first->act.table.mayBe(view.act().table));
}

Match rowsBesideDdl(const LintView &view)
{
    if (view.placed().changesRows())
        return unsafeIf(view.isOnOldTable() && view.file.ddlBefore(view.at));
    return unsafeIf(view.placed().isDdl() && view.file.rowsBefore(view.at));
}

Match neverCommitted(const LintView &view)
{
    return unsafeIf(view.is(Kind::Begin) && !view.isBehind([](const PlacedAct &each) {
        return each.act.kind == Kind::Commit || each.act.kind == Kind::Rollback;
    }));
}

Match transactionInTransaction(const LintView &view)
{
    if (view.is(Kind::Begin))
        return unsafeIf(view.placed().isInTransaction);
    const bool ends = view.is(Kind::Commit) || view.is(Kind::Rollback);
    // One that the file has not begun is the tool's.
    return unsafeIf(ends
                    && (!view.placed().isInTransaction
                        || view.settings.wrapped == LintFile::Wrapped::InTransaction));
}

/// What a second run meets as done already, or gone already.
bool failsTwice(const SqlAct &act)
{
    switch (act.kind) {
    case Kind::CreateIndex:
    case Kind::CreateTable:
    case Kind::CreateTableAs:
    case Kind::CreatePartition:
    case Kind::CreateExtension:
    case Kind::CreateTrigger:
    case Kind::AddColumn:
    case Kind::AddEnumValue:
    case Kind::DropIndex:
    case Kind::DropTable:
    case Kind::DropColumn:
    case Kind::DropConstraint:
    case Kind::DropSchema:
    case Kind::CreateView:
        return !act.isGuarded;
    case Kind::AddConstraint:
    case Kind::RenameColumn:
    case Kind::RenameTable:
    case Kind::RenameConstraint:
    case Kind::CreateEnum:
    case Kind::CreateDomain:
    case Kind::AttachPartition:
    case Kind::DetachPartition:
        return true;
    default:
        return false;
    }
}

Match halfDone(const LintView &view)
{
    if (view.placed().isInTransaction || !failsTwice(view.act()))
        return Match::No;
    // A file of one statement is done, or it is not.
    const auto isOther = [&view](const PlacedAct &each) {
        return each.statement != view.placed().statement && each.act.kind != Kind::Set
               && each.act.kind != Kind::Select;
    };
    return unsafeIf(view.isAnywhere(isOther));
}

Match scansAgain(const LintView &view)
{
    if (!view.isOnOldTable() || !view.locks().scans)
        return Match::No;
    return unsafeIf(view.isBefore([&view](const PlacedAct &each) {
        return each.statement != view.placed().statement && each.act.table.mayBe(view.act().table)
               && each.act.kind != Kind::CreateIndex && view.act().kind != Kind::CreateIndex
               && each.act.kind != Kind::ValidateConstraint && each.locks.scans;
    }));
}

Match setTwice(const LintView &view)
{
    if (!view.is(Kind::Update) && !view.is(Kind::Insert))
        return Match::No;
    const QStringList &columns = view.act().columns;
    return unsafeIf(QSet<QString>(columns.cbegin(), columns.cend()).size() != columns.size());
}

bool destroys(const LintView &view)
{
    return view.is(Kind::DropColumn) || view.is(Kind::DropTable) || view.is(Kind::DropConstraint)
           || view.is(Kind::RenameColumn) || view.is(Kind::RenameTable)
           || view.is(Kind::SetNotNull);
}

} // namespace

const QList<LintRule> &transactionRules()
{
    static const QList<LintRule> rules{
        {"TX01", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a strong lock without lock_timeout"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "While it waits for its lock, everybody queues behind it."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "SET LOCAL lock_timeout = '1s', and another try after a while"),
         [](const LintView &v) {
             return unsafeIf(v.placed().inUse >= LockMode::Share && v.placed().lockTimeout <= 0);
         }},
        {"TX02", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ACCESS EXCLUSIVE without statement_timeout"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "A scan or a rewrite that nobody thought of goes on and on."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET LOCAL statement_timeout = '5s'"),
         [](const LintView &v) {
             return unsafeIf(v.placed().inUse == LockMode::AccessExclusive
                             && v.placed().statementTimeout <= 0);
         }},
        {"TX03", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "more behind ACCESS EXCLUSIVE in one transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The lock is held until all of it is done."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "one such statement a transaction, unless the two belong together"),
         &holdsExclusiveLonger},
        {"TX04", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "ACCESS EXCLUSIVE on two tables in one transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Who takes them in another order is in a deadlock with it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "two transactions; or the parent before the child"),
         &locksTwoTables},
        {"TX05", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "rows changed in the transaction of DDL"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The lock of the DDL is held until every row is written."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "rows are changed in MIGRATE, in batches"),
         &rowsBesideDdl},
        {"TX06", S::Block, migrate,
         QT_TRANSLATE_NOOP("pilothouse::Words", "UPDATE or DELETE of a whole table"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "One huge transaction: bloat, a burst of WAL, rows locked until its end, and "
             "no vacuum meanwhile."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "a backfill in batches by key"),
         [](const LintView &v) {
             const bool isOne = v.is(Kind::Update) || v.is(Kind::Delete);
             return unsafeIf(isOne && v.act().isWhole && v.isOnOldTable());
         }},
        {"TX07", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a transaction in a transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "It ends the one that the tool has begun."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "leave BEGIN and COMMIT to the tool"),
         &transactionInTransaction},
        {"TX08", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "BEGIN without COMMIT"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "It reports success and applies nothing."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "COMMIT"), &neverCommitted},
        {"TX09", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "what fails at a second run, outside of a transaction"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "A file that stopped half-way cannot be run again."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a step that looks at the catalog first whether it is done"),
         &halfDone},
        {"TX10", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "SET through a pooler"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The next transaction is another session: the setting is lost, or another "
             "client has it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET LOCAL, or a connection without the pooler"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::Set) && !v.act().isLocal && v.settings.catalog
                             && v.settings.catalog->isBehindPooler);
         }},
        {"TX11", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a last try without lock_timeout"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "After all the short ones it stops everybody."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "stop, and tell a person"), nullptr},
        {"TX12", S::Inform, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "several ALTER TABLE that each read the table"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "{table} is read once for each."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "one ALTER TABLE, if it need not hold a strong lock for long"),
         &scansAgain},
        {"TX13", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a column that is assigned twice"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The server refuses it when it runs."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "once"), &setTwice},
        {"TX14", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a statement that cannot be read"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "What it locks is not known: {value}."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "rehearse it on a clone"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::Opaque));
         }},
        {"TX15", S::Warn, none, QT_TRANSLATE_NOOP("pilothouse::Words", "LOCK TABLE"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Without a mode it stops reads and writes."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "the weakest mode that serves"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::Lock));
         }},
        {"TX16", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "what destroys, while an old release is connected"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The old release fails at that instant."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "wait until nobody of it is left"),
         [](const LintView &v) {
             return unsafeIf(destroys(v) && v.known() && !v.known()->oldWriters.isEmpty());
         }},
        {"TX17", S::Warn, migrate, QT_TRANSLATE_NOOP("pilothouse::Words", "batches by OFFSET"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Each batch reads all that the ones before it have read."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "go on behind the last key"),
         [](const LintView &v) {
             return unsafeIf(v.act().pagesByOffset);
         }},
        {"TX18", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "DDL that is generated while it is deployed"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Nobody has read what is run."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "generate it in CI, lint it, commit it, then apply it"),
         nullptr},
    };
    return rules;
}

} // namespace pilothouse

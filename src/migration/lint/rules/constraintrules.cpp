#include "migration/lint/rules/proofs.h"
#include "migration/lint/rules/rulewords.h"

#include <algorithm>

namespace pilothouse {

using namespace rules;

namespace {

bool looksAtRows(const SqlConstraint &constraint)
{
    return !constraint.notValid && !constraint.notEnforced;
}

bool setsNotNull(const LintView &view)
{
    return view.is(Kind::SetNotNull) && view.isOnOldTable();
}

/// Something is validated before that proves another thing.
Match trustedByWrongProof(const LintView &view)
{
    if (!setsNotNull(view) || isProvedNotNull(view, view.act().name))
        return Match::No;
    return unsafeIf(view.isBefore([&view](const PlacedAct &each) {
        return each.act.kind == Kind::ValidateConstraint && each.act.table.mayBe(view.act().table);
    }));
}

Match addedAndValidatedAtOnce(const LintView &view)
{
    if (!view.is(Kind::ValidateConstraint) || !view.isOnOldTable())
        return Match::No;
    return unsafeIf(
        anyAddedBefore(view, [&view](const PlacedAct &each, const SqlConstraint &constraint) {
            return constraint.name == view.act().name && constraint.notValid
                   && each.transaction == view.placed().transaction;
        }));
}

Match primaryKeyOverNullable(const LintView &view)
{
    const SqlConstraint *key = addedConstraint(view, Constraint::Primary);
    if (!key || key->usingIndex.isEmpty())
        return Match::No;
    QStringList columns;
    if (view.known())
        columns = view.known()->indexes.value(key->usingIndex).columns;
    for (qsizetype i = 0; i < view.at && columns.isEmpty(); ++i) {
        const SqlAct &each = view.file.acts()[i].act;
        if (each.kind == Kind::CreateIndex && each.name == key->usingIndex)
            columns = each.columns;
    }
    const bool allProved
        = !columns.isEmpty()
          && std::all_of(columns.cbegin(), columns.cend(),
                         [&view](const QString &column) { return isProvedNotNull(view, column); });
    return allProved ? Match::OutOfPhase : Match::Unsafe;
}

Match guardBeforeBackfill(const LintView &view)
{
    const SqlConstraint *constraint = addedConstraint(view);
    if (!constraint || !constraint->notValid || constraint->provesNotNull.isEmpty())
        return Match::No;
    const auto *column = view.knownColumn(constraint->provesNotNull);
    const LintCatalog::Table *table = view.known();
    if (column && column->hasNulls.has_value()) {
        const bool isFilled = !*column->hasNulls || (table && table->hasFillTrigger);
        return unsafeIf(!isFilled);
    }
    return table && table->hasFillTrigger ? Match::No : Match::OutOfPhase;
}

/// A column that this file brought is empty: no value of it dangles.
bool isOnNewColumn(const LintView &view, const SqlConstraint &key)
{
    return std::all_of(key.columns.cbegin(), key.columns.cend(), [&view](const QString &column) {
        return view.isBefore([&](const PlacedAct &each) {
            return each.act.kind == Kind::AddColumn && each.act.name == column
                   && each.act.table.mayBe(view.act().table);
        });
    });
}

bool isPartitionedTable(const LintView &view)
{
    const SqlAct *made = view.file.making(view.at, view.act().table);
    return (made && made->isPartitioned) || (view.known() && view.known()->isPartitioned);
}

Match neverValidated(const LintView &view)
{
    const SqlConstraint *constraint = addedConstraint(view);
    if (!constraint || !constraint->notValid)
        return Match::No;
    return unsafeIf(!view.isBehind([&](const PlacedAct &each) {
        return each.act.kind == Kind::ValidateConstraint && each.act.name == constraint->name;
    }));
}

bool soundsLikeKey(const QString &name, const char *ending, const char *begin)
{
    return name.endsWith(QLatin1String(ending)) || name.startsWith(QLatin1String(begin))
           || name.contains(QLatin1Char('_') + QLatin1String(begin));
}

bool dropsForeignKey(const LintView &view)
{
    if (!view.isOnOldTable())
        return false;
    if (view.is(Kind::DropConstraint)) {
        if (const auto *known = knownConstraint(view, view.act().name))
            return known->said.kind == Constraint::ForeignKey;
        return soundsLikeKey(view.act().name, "_fkey", "fk_")
               || view.act().name.endsWith(QLatin1String("_fk"));
    }
    return (view.is(Kind::DropColumn) || view.is(Kind::DropTable))
           && view.locks().onOther == LockMode::AccessExclusive;
}

/// Two tables are locked, and more by several keys in one statement.
Match dropOfForeignKey(const LintView &view)
{
    if (!dropsForeignKey(view))
        return Match::No;
    int keys = 0;
    for (qsizetype at = 0; at < view.file.acts().size(); ++at) {
        if (view.file.acts()[at].statement == view.placed().statement)
            keys += int(dropsForeignKey({view.file, at, view.settings}));
    }
    return keys > 1 ? Match::Unsafe : unsafeWithoutTimeoutIf(view, true);
}

QList<SqlConstraint> keysOf(const SqlAct &act)
{
    QList<SqlConstraint> keys;
    for (const SqlConstraint &each : act.constraints) {
        if (each.kind == Constraint::ForeignKey)
            keys.append(each);
    }
    for (const SqlColumn &column : act.declared) {
        if (const SqlConstraint *key = column.constraint(Constraint::ForeignKey))
            keys.append(*key);
    }
    return keys;
}

Match severalForeignKeys(const LintView &view)
{
    const bool adds = view.is(Kind::AddConstraint) || view.is(Kind::AddColumn);
    if (!adds || !view.isOnOldTable() || keysOf(view.act()).isEmpty())
        return Match::No;
    return unsafeIf(view.isBefore([](const PlacedAct &each) {
        return (each.act.kind == Kind::AddConstraint || each.act.kind == Kind::AddColumn)
               && !keysOf(each.act).isEmpty();
    }));
}

/// The type of a column as the file or the catalog says it.
std::optional<SqlType> typeOfColumn(const LintView &view, const SqlName &table,
                                    const QString &column)
{
    for (qsizetype i = view.at; i >= 0; --i) {
        const SqlAct &each = view.file.acts()[i].act;
        if (!each.table.mayBe(table)
            || (each.kind != Kind::CreateTable && each.kind != Kind::AddColumn
                && each.kind != Kind::AlterType))
            continue;
        for (const SqlColumn &declared : each.declared) {
            if (declared.name == column)
                return declared.type;
        }
    }
    const LintCatalog::Table *known
        = view.settings.catalog ? view.settings.catalog->table(table) : nullptr;
    if (known && known->columns.contains(column))
        return known->columns[column].type;
    return std::nullopt;
}

QString plainType(const SqlType &type)
{
    const QString name = type.name.name;
    if (name == QLatin1String("serial") || name == QLatin1String("serial4"))
        return QStringLiteral("int4");
    if (name == QLatin1String("bigserial") || name == QLatin1String("serial8"))
        return QStringLiteral("int8");
    return name;
}

Match otherTypeThanParent(const LintView &view)
{
    const QList<SqlConstraint> keys = keysOf(view.act());
    return unsafeIf(std::any_of(keys.cbegin(), keys.cend(), [&view](const SqlConstraint &key) {
        if (key.columns.isEmpty() || key.referenced.isEmpty())
            return false;
        const auto own = typeOfColumn(view, view.act().table, key.columns.first());
        const auto theirs = typeOfColumn(view, key.references, key.referenced.first());
        return own && theirs && plainType(*own) != plainType(*theirs);
    }));
}

bool anyCascades(const SqlAct &act)
{
    const QList<SqlConstraint> keys = keysOf(act);
    return std::any_of(keys.cbegin(), keys.cend(),
                       [](const SqlConstraint &key) { return key.cascades; });
}

Match notEnforced(const LintView &view)
{
    if (view.is(Kind::AlterConstraint))
        return unsafeIf(view.act().value == QLatin1String("NOT ENFORCED"));
    const auto any = [](const QList<SqlConstraint> &all) {
        return std::any_of(all.cbegin(), all.cend(),
                           [](const SqlConstraint &each) { return each.notEnforced; });
    };
    return unsafeIf(
        any(view.act().constraints)
        || std::any_of(view.act().declared.cbegin(), view.act().declared.cend(),
                       [&any](const SqlColumn &each) { return any(each.constraints); }));
}

Match constrainedDomain(const LintView &view)
{
    const SqlColumn *column = addedColumn(view);
    if (!column)
        return Match::No;
    const QString type = column->type.name.name;
    const bool known
        = view.settings.catalog && view.settings.catalog->constrainedDomains.contains(type);
    return unsafeIf(known || view.isBefore([&type](const PlacedAct &each) {
        return (each.act.kind == Kind::CreateDomain || each.act.kind == Kind::AlterDomain)
               && each.act.other.name == type && !each.act.constraints.isEmpty();
    }));
}

} // namespace

const QList<LintRule> &constraintRules()
{
    static const QList<LintRule> rules{
        {"CN01", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD CHECK without NOT VALID"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Every row of {table} is read while reads and writes wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "ADD CONSTRAINT … CHECK (…) NOT VALID, and in another transaction VALIDATE "
             "CONSTRAINT"),
         [](const LintView &v) {
             const SqlConstraint *check = addedConstraint(v, Constraint::Check);
             return unsafeIf(check && looksAtRows(*check));
         }},
        {"CN02", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD FOREIGN KEY without NOT VALID"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Every row of {table} is read while writes to it and to {other} wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "FOREIGN KEY … NOT VALID, and in another transaction VALIDATE CONSTRAINT"),
         [](const LintView &v) {
             const SqlConstraint *key = addedConstraint(v, Constraint::ForeignKey);
             return unsafeIf(key && looksAtRows(*key));
         }},
        {"CN03", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "NOT VALID and VALIDATE in one transaction"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The strong lock of the first is held while the second reads every row."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "two transactions"), &addedAndValidatedAtOnce},
        {"CN04", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD UNIQUE without an index that is there"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Reads and writes of {table} wait until its index is built."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "CREATE UNIQUE INDEX CONCURRENTLY, look whether it is valid, then ADD "
                           "CONSTRAINT … UNIQUE USING INDEX"),
         [](const LintView &v) {
             const SqlConstraint *unique = addedConstraint(v, Constraint::Unique);
             return unsafeIf(unique && unique->usingIndex.isEmpty());
         }},
        {"CN05", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD PRIMARY KEY without an index that is there"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Reads and writes of {table} wait until its index is built and every row is "
             "read."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "prove NOT NULL, CREATE UNIQUE INDEX CONCURRENTLY, then ADD PRIMARY KEY "
                           "USING INDEX"),
         [](const LintView &v) {
             const SqlConstraint *key = addedConstraint(v, Constraint::Primary);
             return unsafeIf(key && key->usingIndex.isEmpty());
         }},
        {"CN06", S::Block, contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "PRIMARY KEY USING INDEX over a nullable column"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "It sets NOT NULL by itself, and reads every row of {table} while reads and "
             "writes wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "first a valid CHECK (… IS NOT NULL) on each of its columns: then nothing "
             "is read"),
         &primaryKeyOverNullable},
        {"CN07", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ADD EXCLUDE"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Reads and writes of {table} wait until its index is built; there is no NOT "
             "VALID for it."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a new table and a copy, or a maintenance window that knows the size"),
         [](const LintView &v) {
             return unsafeIf(addedConstraint(v, Constraint::Exclude) != nullptr);
         }},
        {"CN08", S::Block, none, QT_TRANSLATE_NOOP("pilothouse::Words", "USING an INVALID INDEX"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The server refuses it: the index is not valid."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "REINDEX INDEX CONCURRENTLY first"),
         [](const LintView &v) {
             const SqlConstraint *constraint = addedConstraint(v);
             if (!constraint || constraint->usingIndex.isEmpty() || !v.known()
                 || !v.known()->indexes.contains(constraint->usingIndex))
                 return Match::No;
             return unsafeIf(!v.known()->indexes[constraint->usingIndex].isValid);
         }},
        {"CN09", S::Block, contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "NOT NULL … NOT VALID while there are NULLs"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Every UPDATE of a row that is not filled yet fails, whatever column it is "
             "about."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "fill the column to the last row first, or have a trigger that fills it"),
         &guardBeforeBackfill},
        {"CN10", S::Warn, migrate | contract,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "FOREIGN KEY … NOT VALID over values that may dangle"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "New and changed keys are checked at once, and VALIDATE fails on the old "
             "ones."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "first clear away what refers to nothing"),
         [](const LintView &v) {
             const SqlConstraint *key = addedConstraint(v, Constraint::ForeignKey);
             return outOfPhaseIf(key && key->notValid && !isOnNewColumn(v, *key));
         }},
        {"CN11", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "FOREIGN KEY … NOT VALID on a partitioned table"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "The server refuses it up to version 17."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "on each partition, or from version 18 on"),
         [](const LintView &v) {
             const SqlConstraint *key = addedConstraint(v, Constraint::ForeignKey);
             return unsafeIf(key && key->notValid && v.settings.server < 180000
                             && isPartitionedTable(v));
         }},
        {"CN12", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "NOT VALID, and never VALIDATE"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "The planner does not use it, and nobody proves the rows that were there."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "plan its VALIDATE CONSTRAINT, with a date"),
         &neverValidated},
        {"CN13", S::Warn, contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "dropping a foreign key"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "The table that it refers to is locked too: its reads queue as well."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "one foreign key a statement, with a short lock_timeout"),
         &dropOfForeignKey},
        {"CN14", S::Warn, none, QT_TRANSLATE_NOOP("pilothouse::Words", "dropping a primary key"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Replication, foreign keys and object mappers go by it."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "swap it within one short transaction"),
         [](const LintView &v) {
             if (!v.is(Kind::DropConstraint) || !v.isOnOldTable())
                 return Match::No;
             const auto *known = knownConstraint(v, v.act().name);
             return unsafeIf(known ? known->said.kind == Constraint::Primary
                                   : soundsLikeKey(v.act().name, "_pkey", "pk_"));
         }},
        {"CN15", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a constraint without a name"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Each database may give it another one: it cannot be validated or dropped "
             "by name."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD CONSTRAINT with a name"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::AddConstraint) && v.act().constraint()
                             && v.act().constraint()->name.isEmpty());
         }},
        {"CN16", S::Block, contract,
         QT_TRANSLATE_NOOP("pilothouse::Words", "SET NOT NULL that nothing proves"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Every row of {table} is read while reads and writes wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "ADD CONSTRAINT c CHECK ({name} IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT "
             "c; SET NOT NULL; DROP CONSTRAINT c: four transactions"),
         [](const LintView &v) {
             if (!setsNotNull(v))
                 return Match::No;
             return isProvedNotNull(v, v.act().name) ? Match::OutOfPhase : Match::Unsafe;
         }},
        {"CN17", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD CONSTRAINT … NOT NULL without NOT VALID"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Every row of {table} is read while reads and writes wait."),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "NOT NULL … NOT VALID (from version 18 on), then VALIDATE CONSTRAINT; never "
             "SET NOT NULL over it"),
         [](const LintView &v) {
             const SqlConstraint *constraint = addedConstraint(v, Constraint::NotNull);
             return unsafeIf(constraint && looksAtRows(*constraint));
         }},
        {"CN18", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "SET NOT NULL behind a VALIDATE that proves another thing"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "What was validated does not say that {name} has no NULL: every row is read "
             "while reads and writes wait."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "validate CHECK ({name} IS NOT NULL) itself, alone"),
         &trustedByWrongProof},
        {"CN19", S::Warn, expand, QT_TRANSLATE_NOOP("pilothouse::Words", "DROP NOT NULL"),
         QT_TRANSLATE_NOOP("pilothouse::Words", "Whoever reads {name} does not expect NULL."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "first bring out readers that do"),
         [](const LintView &v) {
             return unsafeIf(v.is(Kind::DropNotNull) && v.isOnOldTable());
         }},
        {"CN20", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a domain with a constraint"),
         QT_TRANSLATE_NOOP(
             "pilothouse::Words",
             "Each change of it locks every table that uses {other}, and reads its rows."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "a CHECK on the column instead; or NOT VALID and VALIDATE"),
         [](const LintView &v) {
             const bool isDomain = v.is(Kind::CreateDomain) || v.is(Kind::AlterDomain);
             return unsafeIf(isDomain && !v.act().constraints.isEmpty()
                             && !(v.is(Kind::AlterDomain) && v.act().constraint()
                                  && v.act().constraint()->notValid));
         }},
        {"CN21", S::Block, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "ADD COLUMN of a domain with a constraint"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "{table} is written anew, even where the column may be NULL."),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "the type below it, and CHECK (…) NOT VALID on the column"),
         &constrainedDomain},
        {"CN22", S::Warn, none, QT_TRANSLATE_NOOP("pilothouse::Words", "NOT ENFORCED"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "It looks like a constraint and checks nothing: it proves nothing."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "leave it out, or enforce it"), &notEnforced},
        {"CN23", S::Warn, none,
         QT_TRANSLATE_NOOP("pilothouse::Words", "several foreign keys in one file"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Three tables and more are locked: deadlocks, and long queues."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "one foreign key a step"), &severalForeignKeys},
        {"CN24", S::Warn, expand,
         QT_TRANSLATE_NOOP("pilothouse::Words", "a foreign key of another type than its parent"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "Each check casts, and the index may be of no use."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "the same type as in {other}"),
         &otherTypeThanParent},
        {"CN25", S::Inform, none, QT_TRANSLATE_NOOP("pilothouse::Words", "ON DELETE CASCADE"),
         QT_TRANSLATE_NOOP("pilothouse::Words",
                           "One DELETE in {other} may take rows without number, under long locks."),
         QT_TRANSLATE_NOOP("pilothouse::Words", "RESTRICT, and a job that deletes in batches"),
         [](const LintView &v) {
             return unsafeIf(anyCascades(v.act()));
         }},
    };
    return rules;
}

} // namespace pilothouse

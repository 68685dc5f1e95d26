#include "migration/lint/locks.h"

#include <QSet>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;

ActLocks only(LockMode mode)
{
    ActLocks locks;
    locks.table = mode;
    return locks;
}

ActLocks scanning(LockMode mode)
{
    ActLocks locks = only(mode);
    locks.scans = true;
    return locks;
}

ActLocks rewriting()
{
    ActLocks locks = only(LockMode::AccessExclusive);
    locks.rewrites = true;
    return locks;
}

bool writesEachRow(const SqlColumn &column, const LintCatalog *catalog)
{
    return (column.byDefault
            && (*column.byDefault == Volatility::Volatile
                || *column.byDefault == Volatility::Unknown))
           || column.isSerial() || column.isIdentity
           || column.generated == SqlColumn::Generated::Stored
           || (catalog && catalog->constrainedDomains.contains(column.type.name.name));
}

ActLocks ofAddColumn(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = only(LockMode::AccessExclusive);
    const SqlColumn *column = act.column();
    if (!column)
        return locks;
    locks.rewrites = writesEachRow(*column, catalog);
    locks.scans = column->constraint(SqlConstraint::Kind::Unique)
                  || column->constraint(SqlConstraint::Kind::Primary)
                  || column->constraint(SqlConstraint::Kind::Check);
    if (const SqlConstraint *reference = column->constraint(SqlConstraint::Kind::ForeignKey)) {
        locks.other = reference->references;
        locks.onOther = LockMode::ShareRowExclusive;
        // Where every new value is the same and is none of NULL, the key is checked.
        locks.scans = locks.scans || column->byDefault.has_value();
    }
    return locks;
}

ActLocks ofAddConstraint(const SqlAct &act)
{
    const SqlConstraint *constraint = act.constraint();
    if (!constraint)
        return only(LockMode::AccessExclusive);
    ActLocks locks = only(LockMode::AccessExclusive);
    const bool looksAtRows = !constraint->notValid && !constraint->notEnforced;
    switch (constraint->kind) {
    case SqlConstraint::Kind::Check:
    case SqlConstraint::Kind::NotNull:
        locks.scans = looksAtRows;
        return locks;
    case SqlConstraint::Kind::ForeignKey:
        locks.table = LockMode::ShareRowExclusive;
        locks.other = constraint->references;
        locks.onOther = LockMode::ShareRowExclusive;
        locks.scans = looksAtRows;
        return locks;
    case SqlConstraint::Kind::Unique:
    case SqlConstraint::Kind::Primary:
        locks.scans
            = constraint->usingIndex.isEmpty() || constraint->kind == SqlConstraint::Kind::Primary;
        return locks;
    case SqlConstraint::Kind::Exclude:
        locks.scans = true;
        return locks;
    }
    return locks;
}

ActLocks ofAlterType(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = only(LockMode::AccessExclusive);
    const auto *table = catalog ? catalog->table(act.table) : nullptr;
    const SqlColumn *column = act.column();
    if (!table || !column || !table->columns.contains(act.name)) {
        locks.rewrites = true;
        return locks;
    }
    locks.rewrites
        = act.value == QLatin1String("using")
          || rewritesForType(table->columns[act.name].type, column->type, false).value_or(true);
    return locks;
}

/// The table of a foreign key that is dropped or changed, where the catalog knows it.
ActLocks ofConstraint(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = only(LockMode::AccessExclusive);
    const auto *table = catalog ? catalog->table(act.table) : nullptr;
    if (!table || !table->constraints.contains(act.name))
        return locks;
    const SqlConstraint &said = table->constraints[act.name].said;
    if (said.kind == SqlConstraint::Kind::ForeignKey)
        locks.lockOther(said.references, LockMode::AccessExclusive);
    return locks;
}

/// A column or a table that goes takes its foreign keys along, and those to it where it cascades.
ActLocks ofDrop(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = only(LockMode::AccessExclusive);
    const auto *table = catalog ? catalog->table(act.table) : nullptr;
    if (!table)
        return locks;
    for (const LintCatalog::Constraint &each : table->constraints) {
        if (each.said.kind == SqlConstraint::Kind::ForeignKey
            && (act.kind == Kind::DropTable || each.said.columns.contains(act.name)))
            locks.lockOther(each.said.references, LockMode::AccessExclusive);
    }
    if (act.kind == Kind::DropTable && act.cascades) {
        for (const SqlName &child : table->referencedBy)
            locks.lockOther(child, LockMode::AccessExclusive);
    }
    return locks;
}

ActLocks ofTruncate(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = rewriting();
    const auto *table = catalog && act.cascades ? catalog->table(act.table) : nullptr;
    if (table) {
        for (const SqlName &child : table->referencedBy)
            locks.lockOther(child, LockMode::AccessExclusive);
    }
    return locks;
}

ActLocks ofSetNotNull(const SqlAct &act, const LintCatalog *catalog)
{
    const auto *table = catalog ? catalog->table(act.table) : nullptr;
    return table && table->isProvedNotNull(act.name) ? only(LockMode::AccessExclusive)
                                                     : scanning(LockMode::AccessExclusive);
}

ActLocks ofAttach(const SqlAct &act, const LintCatalog *catalog)
{
    ActLocks locks = only(LockMode::ShareUpdateExclusive);
    locks.lockOther(act.other, LockMode::AccessExclusive);
    const auto *partition = catalog ? catalog->table(act.other) : nullptr;
    locks.scans = !partition || !partition->hasValidCheck();
    return locks;
}

} // namespace

QList<SqlName> ActLocks::others() const
{
    return other.isEmpty() ? QList<SqlName>() : QList<SqlName>{other} + further;
}

void ActLocks::lockOther(const SqlName &name, LockMode mode)
{
    onOther = std::max(onOther, mode);
    if (other.isEmpty() || other == name)
        other = name;
    else if (!further.contains(name))
        further.append(name);
}

ActLocks locksOf(const SqlAct &act, const LintCatalog *catalog)
{
    switch (act.kind) {
    case Kind::CreateIndex:
        return act.isOnly
                   ? only(LockMode::Share)
                   : scanning(act.isConcurrent ? LockMode::ShareUpdateExclusive : LockMode::Share);
    case Kind::DropIndex:
        return only(act.isConcurrent ? LockMode::ShareUpdateExclusive : LockMode::AccessExclusive);
    case Kind::Reindex:
        return scanning(act.isConcurrent ? LockMode::ShareUpdateExclusive : LockMode::Share);
    case Kind::AddColumn:
        return ofAddColumn(act, catalog);
    case Kind::DropColumn:
    case Kind::DropTable:
        return ofDrop(act, catalog);
    case Kind::AddConstraint:
        return ofAddConstraint(act);
    case Kind::DropConstraint:
    case Kind::AlterConstraint:
        return ofConstraint(act, catalog);
    case Kind::ValidateConstraint:
        return scanning(LockMode::ShareUpdateExclusive);
    case Kind::SetNotNull:
        return ofSetNotNull(act, catalog);
    case Kind::AlterType:
        return ofAlterType(act, catalog);
    case Kind::RewriteTable:
    case Kind::VacuumFull:
    case Kind::Cluster:
    case Kind::SetExpression:
    case Kind::AddIdentity:
        return rewriting();
    case Kind::RenameColumn:
    case Kind::RenameTable:
    case Kind::RenameConstraint:
    case Kind::MoveTable:
    case Kind::ChangeTable:
    case Kind::SetDefault:
    case Kind::DropDefault:
    case Kind::DropNotNull:
    case Kind::ChangeColumn:
    case Kind::Lock:
        return only(LockMode::AccessExclusive);
    case Kind::CreateTrigger:
    case Kind::SwitchTrigger:
        return only(LockMode::ShareRowExclusive);
    case Kind::TuneTable:
    case Kind::Maintain:
        return only(LockMode::ShareUpdateExclusive);
    case Kind::AttachPartition:
        return ofAttach(act, catalog);
    case Kind::Truncate:
        return ofTruncate(act, catalog);
    case Kind::DetachPartition: {
        ActLocks locks
            = only(act.isConcurrent ? LockMode::ShareUpdateExclusive : LockMode::AccessExclusive);
        locks.other = act.other;
        locks.onOther = LockMode::AccessExclusive;
        return locks;
    }
    case Kind::CreatePartition: {
        ActLocks locks;
        locks.other = act.other;
        locks.onOther = LockMode::AccessExclusive;
        return locks;
    }
    case Kind::Refresh:
        return act.isConcurrent ? scanning(LockMode::Exclusive) : rewriting();
    case Kind::Update:
    case Kind::Delete:
    case Kind::Insert:
        return only(LockMode::RowExclusive);
    default:
        return {};
    }
}

std::optional<bool> rewritesForType(const SqlType &from, const SqlType &to, bool inUtc)
{
    if (from == to)
        return false;
    if (from.isArray || to.isArray)
        return true;
    const QString was = from.name.name;
    const QString is = to.name.name;
    const auto first = [](const SqlType &type) {
        return type.modifiers.value(0, -1);
    };
    const QString varchar = QStringLiteral("varchar");
    const QString text = QStringLiteral("text");
    if (was == varchar && (is == text || (is == varchar && first(to) < 0)))
        return false;
    if (was == varchar && is == varchar)
        return first(from) < 0 || first(to) < first(from);
    if (was == text && is == varchar)
        return first(to) >= 0;
    const QString numeric = QStringLiteral("numeric");
    if (was == numeric && is == numeric) {
        if (to.modifiers.isEmpty())
            return false;
        return from.modifiers.isEmpty() || first(to) < first(from)
               || from.modifiers.value(1) != to.modifiers.value(1);
    }
    const QString plain = QStringLiteral("timestamp");
    const QString zoned = QStringLiteral("timestamptz");
    static const QSet<QString> timed{plain, zoned, QStringLiteral("time"), QStringLiteral("timetz"),
                                     QStringLiteral("interval")};
    if (was == is && timed.contains(was))
        return first(to) >= 0 && (first(from) < 0 ? first(to) < 6 : first(to) < first(from));
    if ((was == plain && is == zoned) || (was == zoned && is == plain))
        return !inUtc;
    if (was == QLatin1String("cidr") && is == QLatin1String("inet"))
        return false;
    return true;
}

} // namespace pilothouse

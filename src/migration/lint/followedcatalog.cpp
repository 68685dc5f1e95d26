#include "migration/lint/followedcatalog.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;
using Table = LintCatalog::Table;

/// As the server names what has no name.
QString givenName(const SqlConstraint &constraint, const QString &table)
{
    const QString columns = constraint.columns.isEmpty()
                                ? constraint.provesNotNull
                                : constraint.columns.join(QLatin1Char('_'));
    switch (constraint.kind) {
    case SqlConstraint::Kind::Primary:
        return table + QLatin1String("_pkey");
    case SqlConstraint::Kind::Unique:
        return QStringLiteral("%1_%2_key").arg(table, columns);
    case SqlConstraint::Kind::ForeignKey:
        return QStringLiteral("%1_%2_fkey").arg(table, columns);
    case SqlConstraint::Kind::NotNull:
        return QStringLiteral("%1_%2_not_null").arg(table, columns);
    case SqlConstraint::Kind::Exclude:
        return QStringLiteral("%1_%2_excl").arg(table, columns);
    case SqlConstraint::Kind::Check:
        break;
    }
    return columns.isEmpty() ? table + QLatin1String("_check")
                             : QStringLiteral("%1_%2_check").arg(table, columns);
}

void add(Table &table, const QString &tableName, const SqlConstraint &constraint)
{
    LintCatalog::Constraint made;
    made.said = constraint;
    made.isValidated = !constraint.notValid;
    const QString name
        = constraint.name.isEmpty() ? givenName(constraint, tableName) : constraint.name;
    table.constraints.insert(name, made);
    if (constraint.kind != SqlConstraint::Kind::Primary)
        return;
    const QStringList columns = constraint.usingIndex.isEmpty()
                                    ? constraint.columns
                                    : table.indexes.value(constraint.usingIndex).columns;
    for (const QString &column : columns)
        table.columns[column].isNotNull = true;
}

void add(Table &table, const QString &tableName, const SqlColumn &column)
{
    LintCatalog::Column made;
    made.type = column.type;
    made.isNotNull = column.isNotNull;
    made.generated = column.generated;
    table.columns.insert(column.name, made);
    for (SqlConstraint constraint : column.constraints) {
        if (constraint.columns.isEmpty())
            constraint.columns = QStringList{column.name};
        add(table, tableName, constraint);
    }
}

void dropColumn(Table &table, const QString &column)
{
    table.columns.remove(column);
    for (auto each = table.constraints.begin(); each != table.constraints.end();) {
        const SqlConstraint &said = each->said;
        const bool goes = said.columns.contains(column) || said.provesNotNull == column;
        each = goes ? table.constraints.erase(each) : std::next(each);
    }
    for (auto each = table.indexes.begin(); each != table.indexes.end();)
        each = each->columns.contains(column) ? table.indexes.erase(each) : std::next(each);
}

void renameColumn(Table &table, const QString &from, const QString &to)
{
    const auto renamed = [&](QStringList &columns) {
        std::replace(columns.begin(), columns.end(), from, to);
    };
    if (table.columns.contains(from))
        table.columns.insert(to, table.columns.take(from));
    for (LintCatalog::Constraint &each : table.constraints) {
        renamed(each.said.columns);
        if (each.said.provesNotNull == from)
            each.said.provesNotNull = to;
    }
    for (LintCatalog::Index &each : table.indexes)
        renamed(each.columns);
}

template <typename Value>
void renameKey(QMap<QString, Value> &all, const QString &from, const QString &to)
{
    if (all.contains(from))
        all.insert(to, all.take(from));
}

} // namespace

FollowedCatalog::FollowedCatalog(const LintCatalog *before)
    : m_now(before ? *before : LintCatalog())
{}

LintCatalog::Table &FollowedCatalog::table(const SqlName &name)
{
    const QString known = m_now.keyOf(name);
    return m_now.tables[known.isEmpty() ? name.text() : known];
}

void FollowedCatalog::dropTable(const SqlName &name)
{
    m_now.tables.remove(m_now.keyOf(name));
}

void FollowedCatalog::renameTable(const SqlName &from, const SqlName &to)
{
    const Table moved = table(from);
    dropTable(from);
    m_now.tables.insert(to.text(), moved);
}

void FollowedCatalog::create(const SqlAct &act, Table &table)
{
    table = {};
    table.isPartitioned = act.isPartitioned;
    for (const SqlColumn &column : act.declared)
        add(table, act.table.name, column);
    for (const SqlConstraint &constraint : act.constraints)
        add(table, act.table.name, constraint);
}

void FollowedCatalog::change(const SqlAct &act, Table &table)
{
    const SqlColumn *column = act.column();
    const SqlConstraint *constraint = act.constraint();
    switch (act.kind) {
    case Kind::AddColumn:
        if (column && !(act.isGuarded && table.columns.contains(column->name)))
            add(table, act.table.name, *column);
        break;
    case Kind::DropColumn:
        dropColumn(table, act.name);
        break;
    case Kind::RenameColumn:
        renameColumn(table, act.name, act.value);
        break;
    case Kind::AlterType:
        if (column && table.columns.contains(act.name))
            table.columns[act.name].type = column->type;
        break;
    case Kind::SetNotNull:
        table.columns[act.name].isNotNull = true;
        break;
    case Kind::DropNotNull:
        table.columns[act.name].isNotNull = false;
        break;
    case Kind::AddConstraint:
        if (constraint)
            add(table, act.table.name, *constraint);
        break;
    case Kind::ValidateConstraint:
        if (table.constraints.contains(act.name))
            table.constraints[act.name].isValidated = true;
        break;
    case Kind::DropConstraint:
        table.constraints.remove(act.name);
        break;
    case Kind::RenameConstraint:
        renameKey(table.constraints, act.name, act.value);
        break;
    case Kind::CreateIndex:
        if (!(act.isGuarded && table.indexes.contains(act.name)))
            table.indexes.insert(act.name, {act.columns, true, act.isUnique});
        break;
    case Kind::DropIndex:
        table.indexes.remove(act.other.name);
        break;
    default:
        break;
    }
}

void FollowedCatalog::follow(const SqlAct &act)
{
    switch (act.kind) {
    case Kind::Begin:
        m_begun = m_now;
        break;
    case Kind::Commit:
        m_begun.reset();
        break;
    case Kind::Rollback:
        if (m_begun)
            m_now = *m_begun;
        m_begun.reset();
        break;
    case Kind::CreateTable:
        if (!(act.isGuarded && m_now.table(act.table)))
            create(act, table(act.table));
        break;
    case Kind::CreateTableAs:
    case Kind::CreatePartition: // their columns are another table's
        break;
    case Kind::DropTable:
        dropTable(act.table);
        break;
    case Kind::RenameTable:
        renameTable(act.table, {act.table.schema, act.value});
        break;
    case Kind::MoveTable:
        renameTable(act.table, {act.value, act.table.name});
        break;
    case Kind::CreateDomain:
        if (!act.constraints.isEmpty())
            m_now.constrainedDomains.insert(act.other.name);
        break;
    default:
        if (!act.table.isEmpty())
            change(act, table(act.table));
        break;
    }
}

} // namespace pilothouse

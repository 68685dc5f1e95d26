#include "migration/lint/sql/sqlreading.h"

#include "base/words.h"
#include "migration/lint/sql/objectreading.h"
#include "migration/lint/sql/rowreading.h"
#include "migration/lint/sql/sqlnodes.h"
#include "migration/lint/sql/sqlparser.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;
using Acts = QList<SqlAct>;

constexpr qsizetype longestName = 63; // bytes, NAMEDATALEN - 1

SqlAct act(Kind kind)
{
    SqlAct made;
    made.kind = kind;
    return made;
}

SqlAct createTable(const QJsonObject &fields, const QList<NewerSpan> &newer)
{
    SqlAct made
        = onTable(isIn(fields, "partbound") ? Kind::CreatePartition : Kind::CreateTable, fields);
    made.isGuarded = flagIn(fields, "if_not_exists");
    made.isPartitioned = isIn(fields, "partspec");
    const QJsonArray parents = itemsIn(fields, "inhRelations");
    if (!parents.isEmpty())
        made.other = tableOf(SqlNode(parents.first()).fields);
    for (const auto &item : itemsIn(fields, "tableElts")) {
        const SqlNode element(item);
        if (element.is("ColumnDef")) {
            made.declared.append(columnOf(element.fields, newer));
        } else if (element.is("Constraint")) {
            if (const auto constraint = constraintOf(element.fields, newer))
                made.constraints.append(*constraint);
        } else if (element.is("TableLikeClause")) {
            made.other = tableOf(element["relation"].toObject());
        }
    }
    return made;
}

Acts domain(Kind kind, const QJsonObject &fields, const QList<NewerSpan> &newer)
{
    SqlAct made = act(kind);
    made.other = nameIn(
        fields.value(QLatin1String(kind == Kind::CreateDomain ? "domainname" : "typeName")));
    QJsonArray all = itemsIn(fields, "constraints");
    if (kind == Kind::AlterDomain && textIn(fields, "subtype") == QLatin1String("C"))
        all.append(fields.value(QLatin1String("def")));
    for (const auto &item : std::as_const(all)) {
        if (const auto constraint = constraintOf(SqlNode(item).fields, newer))
            made.constraints.append(*constraint);
    }
    return {made};
}

Acts alterEnum(const QJsonObject &fields)
{
    SqlAct made = act(isIn(fields, "oldVal") ? Kind::RenameEnumValue : Kind::AddEnumValue);
    made.other = nameIn(fields.value(QLatin1String("typeName")));
    made.value = textIn(fields, "newVal");
    made.isPlaced = isIn(fields, "newValNeighbor");
    made.isGuarded = flagIn(fields, "skipIfNewValExists");
    return {made};
}

Acts transaction(const QJsonObject &fields)
{
    const QString kind = textIn(fields, "kind");
    if (kind == QLatin1String("TRANS_STMT_BEGIN") || kind == QLatin1String("TRANS_STMT_START"))
        return {act(Kind::Begin)};
    if (kind == QLatin1String("TRANS_STMT_COMMIT"))
        return {act(Kind::Commit)};
    if (kind == QLatin1String("TRANS_STMT_ROLLBACK"))
        return {act(Kind::Rollback)};
    return {act(Kind::Other)};
}

Acts maintain(const QJsonObject &fields)
{
    const bool isFull = hasOption(itemsIn(fields, "options"), "full");
    Acts acts;
    for (const auto &item : itemsIn(fields, "rels")) {
        SqlAct made = onTable(isFull ? Kind::VacuumFull : Kind::Maintain, SqlNode(item).fields);
        acts.append(made);
    }
    return acts.isEmpty() ? Acts{act(isFull ? Kind::VacuumFull : Kind::Maintain)} : acts;
}

Acts onEach(Kind kind, const QJsonObject &fields)
{
    Acts acts;
    for (const auto &item : itemsIn(fields, "relations")) {
        SqlAct made = act(kind);
        const QJsonObject range = SqlNode(item).fields;
        made.table = tableOf(range);
        made.at = locationOf(range);
        made.cascades = textIn(fields, "behavior") == QLatin1String("DROP_CASCADE");
        if (kind == Kind::Lock)
            made.value = QString::number(fields.value(QLatin1String("mode")).toInt());
        acts.append(made);
    }
    return acts;
}

SqlAct changeTable(const QJsonObject &fields, const char *relation, const char *words)
{
    SqlAct made = onTable(Kind::ChangeTable, fields, relation);
    made.value = QLatin1String(words);
    return made;
}

Acts alterTable(const QJsonObject &fields, const QList<NewerSpan> &newer)
{
    return alterTableActs(fields, newer);
}

using Read = Acts (*)(const QJsonObject &fields, const QList<NewerSpan> &newer);

const QHash<QString, Read> &readers()
{
    using F = const QJsonObject &;
    using N = const QList<NewerSpan> &;
    static const QHash<QString, Read> all{
        {QStringLiteral("IndexStmt"),
         [](F f, N) {
             return Acts{createIndexAct(f)};
         }},
        {QStringLiteral("ReindexStmt"),
         [](F f, N) {
             return reindexActs(f);
         }},
        {QStringLiteral("DropStmt"),
         [](F f, N) {
             return dropActs(f);
         }},
        {QStringLiteral("AlterTableStmt"), &alterTable},
        {QStringLiteral("CreateStmt"),
         [](F f, N n) {
             return Acts{createTable(f, n)};
         }},
        {QStringLiteral("RenameStmt"),
         [](F f, N) {
             return renameActs(f);
         }},
        {QStringLiteral("CreateDomainStmt"),
         [](F f, N n) {
             return domain(Kind::CreateDomain, f, n);
         }},
        {QStringLiteral("AlterDomainStmt"),
         [](F f, N n) {
             return domain(Kind::AlterDomain, f, n);
         }},
        {QStringLiteral("AlterEnumStmt"),
         [](F f, N) {
             return alterEnum(f);
         }},
        {QStringLiteral("UpdateStmt"),
         [](F f, N) {
             return Acts{rowsAct(Kind::Update, f)};
         }},
        {QStringLiteral("DeleteStmt"),
         [](F f, N) {
             return Acts{rowsAct(Kind::Delete, f)};
         }},
        {QStringLiteral("InsertStmt"),
         [](F f, N) {
             return Acts{rowsAct(Kind::Insert, f)};
         }},
        {QStringLiteral("SelectStmt"),
         [](F f, N) {
             return Acts{selectAct(f)};
         }},
        {QStringLiteral("VariableSetStmt"),
         [](F f, N) {
             return Acts{setAct(f)};
         }},
        {QStringLiteral("TransactionStmt"),
         [](F f, N) {
             return transaction(f);
         }},
        {QStringLiteral("VacuumStmt"),
         [](F f, N) {
             return maintain(f);
         }},
        {QStringLiteral("ClusterStmt"),
         [](F f, N) {
             return Acts{onTable(Kind::Cluster, f)};
         }},
        {QStringLiteral("TruncateStmt"),
         [](F f, N) {
             return onEach(Kind::Truncate, f);
         }},
        {QStringLiteral("CommentStmt"),
         [](F f, N) {
             return commentActs(f);
         }},
        {QStringLiteral("CreateStatsStmt"),
         [](F f, N) {
             return tuneEach(itemsIn(f, "relations"), "CREATE STATISTICS");
         }},
        {QStringLiteral("CreatePublicationStmt"),
         [](F f, N) {
             return tuneEach(itemsIn(f, "pubobjects"), "CREATE PUBLICATION");
         }},
        {QStringLiteral("AlterPublicationStmt"),
         [](F f, N) {
             return tuneEach(itemsIn(f, "pubobjects"), "ALTER PUBLICATION");
         }},
        {QStringLiteral("LockStmt"),
         [](F f, N) {
             return onEach(Kind::Lock, f);
         }},
        {QStringLiteral("CreatePolicyStmt"),
         [](F f, N) {
             return Acts{changeTable(f, "table", "CREATE POLICY")};
         }},
        {QStringLiteral("AlterPolicyStmt"),
         [](F f, N) {
             return Acts{changeTable(f, "table", "ALTER POLICY")};
         }},
        {QStringLiteral("RuleStmt"),
         [](F f, N) {
             return Acts{changeTable(f, "relation", "CREATE RULE")};
         }},
        {QStringLiteral("CreateTrigStmt"),
         [](F f, N) {
             SqlAct made = onTable(Kind::CreateTrigger, f);
             made.name = textIn(f, "trigname");
             made.isGuarded = flagIn(f, "replace");
             return Acts{made};
         }},
        {QStringLiteral("CreateTableAsStmt"),
         [](F f, N) {
             const bool isView = textIn(f, "objtype") == QLatin1String("OBJECT_MATVIEW");
             SqlAct made = onTable(isView ? Kind::Other : Kind::CreateTableAs,
                                   f[QLatin1String("into")].toObject(), "rel");
             made.isGuarded = flagIn(f, "if_not_exists");
             return Acts{made};
         }},
        {QStringLiteral("AlterObjectSchemaStmt"),
         [](F f, N) {
             SqlAct made = onTable(textIn(f, "objectType") == QLatin1String("OBJECT_TABLE")
                                       ? Kind::MoveTable
                                       : Kind::Other,
                                   f);
             made.value = textIn(f, "newschema");
             return Acts{made};
         }},
        {QStringLiteral("RefreshMatViewStmt"),
         [](F f, N) {
             SqlAct made = onTable(Kind::Refresh, f);
             made.isConcurrent = flagIn(f, "concurrent");
             return Acts{made};
         }},
        {QStringLiteral("ViewStmt"),
         [](F f, N) {
             SqlAct made = act(Kind::CreateView);
             made.other = tableOf(f[QLatin1String("view")].toObject());
             made.isGuarded = flagIn(f, "replace");
             return Acts{made};
         }},
        {QStringLiteral("CreateEnumStmt"),
         [](F f, N) {
             SqlAct made = act(Kind::CreateEnum);
             made.other = nameIn(f[QLatin1String("typeName")]);
             return Acts{made};
         }},
        {QStringLiteral("CreateExtensionStmt"),
         [](F f, N) {
             SqlAct made = act(Kind::CreateExtension);
             made.name = textIn(f, "extname");
             made.isGuarded = flagIn(f, "if_not_exists");
             return Acts{made};
         }},
        {QStringLiteral("DropdbStmt"),
         [](F f, N) {
             SqlAct made = act(Kind::DropDatabase);
             made.name = textIn(f, "dbname");
             return Acts{made};
         }},
        {QStringLiteral("DoStmt"),
         [](F, N) {
             SqlAct made = act(Kind::Opaque);
             made.value = Words::tr("what a DO block does is not in its text");
             return Acts{made};
         }},
        {QStringLiteral("CallStmt"),
         [](F, N) {
             SqlAct made = act(Kind::Opaque);
             made.value = Words::tr("what a procedure does is not in this text");
             return Acts{made};
         }},
    };
    return all;
}

SqlAct opaque(const QString &why)
{
    SqlAct made = act(Kind::Opaque);
    made.value = why;
    return made;
}

Acts actsOf(const QByteArray &sql, const SqlPart &part)
{
    if (part.isOfPsql)
        return {opaque(Words::tr("this is a command of psql, not of the server"))};
    QList<NewerSpan> newer;
    Result<SqlTree> tree = parseSql(sql);
    if (!tree) {
        QList<SqlToken> tokens = part.tokens;
        for (SqlToken &token : tokens) {
            token.from -= part.from;
            token.to -= part.from;
        }
        const OlderText older = olderText(sql, tokens);
        if (const auto again = parseSql(older.sql)) {
            tree = *again;
            newer = older.newer;
        }
    }
    if (!tree)
        return {opaque(tree.error().message)};
    const Read read = readers().value(tree->kind);
    if (!read) {
        SqlAct other = act(Kind::Other);
        other.value = tree->kind;
        return {other};
    }
    const Acts acts = read(tree->node, newer);
    return acts.isEmpty() ? Acts{act(Kind::Other)} : acts;
}

} // namespace

QList<SqlStatement> readSql(const QByteArray &file)
{
    QList<SqlStatement> statements;
    const QList<SqlPart> parts = sqlParts(file);
    for (const SqlPart &part : parts) {
        SqlStatement statement;
        statement.from = part.from;
        statement.to = part.to;
        statement.isOfPsql = part.isOfPsql;
        for (const SqlToken &token : part.tokens) {
            if (token.isName() && token.text.size() > longestName)
                statement.longNames << QString::fromUtf8(token.text);
        }
        statement.acts = actsOf(file.mid(part.from, part.to - part.from), part);
        statements.append(statement);
    }
    return statements;
}

QList<SqlName> tablesOf(const QList<SqlStatement> &statements)
{
    QList<SqlName> tables;
    const auto add = [&tables](const SqlName &name) {
        if (!name.isEmpty() && !tables.contains(name))
            tables.append(name);
    };
    for (const SqlStatement &statement : statements) {
        for (const SqlAct &act : statement.acts) {
            add(act.table);
            add(act.other);
            for (const SqlConstraint &constraint : act.constraints)
                add(constraint.references);
            for (const SqlColumn &column : act.declared) {
                for (const SqlConstraint &constraint : column.constraints)
                    add(constraint.references);
            }
        }
    }
    return tables;
}

QList<GuardedColumn> guardedColumnsOf(const QList<SqlStatement> &statements)
{
    QList<GuardedColumn> guarded;
    for (const SqlStatement &statement : statements) {
        for (const SqlAct &act : statement.acts) {
            const SqlConstraint *constraint = act.constraint();
            if (act.kind != SqlAct::Kind::AddConstraint || !constraint
                || constraint->provesNotNull.isEmpty())
                continue;
            const GuardedColumn column{act.table, constraint->provesNotNull};
            if (!guarded.contains(column))
                guarded.append(column);
        }
    }
    return guarded;
}

} // namespace pilothouse

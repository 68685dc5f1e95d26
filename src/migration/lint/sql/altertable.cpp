#include "migration/lint/sql/sqlnodes.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;

struct Meaning
{
    Kind kind;
    const char *value = "";
};

/// Commands that say all by their own name.
const QHash<QString, Meaning> &meanings()
{
    static const QHash<QString, Meaning> all{
        {QStringLiteral("AT_SetNotNull"), {Kind::SetNotNull}},
        {QStringLiteral("AT_DropNotNull"), {Kind::DropNotNull}},
        {QStringLiteral("AT_DropColumn"), {Kind::DropColumn}},
        {QStringLiteral("AT_DropConstraint"), {Kind::DropConstraint}},
        {QStringLiteral("AT_ValidateConstraint"), {Kind::ValidateConstraint}},
        // A grammar of 17 and later reads it itself.
        {QStringLiteral("AT_SetExpression"), {Kind::SetExpression}},
        {QStringLiteral("AT_AddIdentity"), {Kind::AddIdentity}},
        {QStringLiteral("AT_SetIdentity"), {Kind::ChangeColumn, "SET identity"}},
        {QStringLiteral("AT_DropIdentity"), {Kind::ChangeColumn, "DROP IDENTITY"}},
        {QStringLiteral("AT_DropExpression"), {Kind::ChangeColumn, "DROP EXPRESSION"}},
        {QStringLiteral("AT_SetStorage"), {Kind::ChangeColumn, "SET STORAGE"}},
        {QStringLiteral("AT_SetCompression"), {Kind::ChangeColumn, "SET COMPRESSION"}},
        {QStringLiteral("AT_SetStatistics"), {Kind::TuneTable, "SET STATISTICS"}},
        {QStringLiteral("AT_SetOptions"), {Kind::TuneTable, "SET options"}},
        {QStringLiteral("AT_ResetOptions"), {Kind::TuneTable, "RESET options"}},
        {QStringLiteral("AT_SetRelOptions"), {Kind::TuneTable, "SET options"}},
        {QStringLiteral("AT_ResetRelOptions"), {Kind::TuneTable, "RESET options"}},
        {QStringLiteral("AT_ClusterOn"), {Kind::TuneTable, "CLUSTER ON"}},
        {QStringLiteral("AT_DropCluster"), {Kind::TuneTable, "SET WITHOUT CLUSTER"}},
        {QStringLiteral("AT_SetTableSpace"), {Kind::RewriteTable, "SET TABLESPACE"}},
        {QStringLiteral("AT_SetLogged"), {Kind::RewriteTable, "SET LOGGED"}},
        {QStringLiteral("AT_SetUnLogged"), {Kind::RewriteTable, "SET UNLOGGED"}},
        {QStringLiteral("AT_SetAccessMethod"), {Kind::RewriteTable, "SET ACCESS METHOD"}},
        {QStringLiteral("AT_ChangeOwner"), {Kind::ChangeTable, "OWNER TO"}},
        {QStringLiteral("AT_EnableRowSecurity"), {Kind::ChangeTable, "ENABLE ROW LEVEL SECURITY"}},
        {QStringLiteral("AT_DisableRowSecurity"),
         {Kind::ChangeTable, "DISABLE ROW LEVEL SECURITY"}},
        {QStringLiteral("AT_ForceRowSecurity"), {Kind::ChangeTable, "FORCE ROW LEVEL SECURITY"}},
        {QStringLiteral("AT_NoForceRowSecurity"),
         {Kind::ChangeTable, "NO FORCE ROW LEVEL SECURITY"}},
        {QStringLiteral("AT_ReplicaIdentity"), {Kind::ChangeTable, "REPLICA IDENTITY"}},
        {QStringLiteral("AT_AddInherit"), {Kind::ChangeTable, "INHERIT"}},
        {QStringLiteral("AT_DropInherit"), {Kind::ChangeTable, "NO INHERIT"}},
        {QStringLiteral("AT_EnableRule"), {Kind::ChangeTable, "ENABLE RULE"}},
        {QStringLiteral("AT_DisableRule"), {Kind::ChangeTable, "DISABLE RULE"}},
        {QStringLiteral("AT_EnableTrig"), {Kind::SwitchTrigger, "ENABLE TRIGGER"}},
        {QStringLiteral("AT_EnableAlwaysTrig"), {Kind::SwitchTrigger, "ENABLE TRIGGER"}},
        {QStringLiteral("AT_EnableReplicaTrig"), {Kind::SwitchTrigger, "ENABLE TRIGGER"}},
        {QStringLiteral("AT_EnableTrigAll"), {Kind::SwitchTrigger, "ENABLE TRIGGER"}},
        {QStringLiteral("AT_EnableTrigUser"), {Kind::SwitchTrigger, "ENABLE TRIGGER"}},
        {QStringLiteral("AT_DisableTrig"), {Kind::SwitchTrigger, "DISABLE TRIGGER"}},
        {QStringLiteral("AT_DisableTrigAll"), {Kind::SwitchTrigger, "DISABLE TRIGGER"}},
        {QStringLiteral("AT_DisableTrigUser"), {Kind::SwitchTrigger, "DISABLE TRIGGER"}},
        {QStringLiteral("AT_DetachPartitionFinalize"), {Kind::TuneTable, "FINALIZE"}},
    };
    return all;
}

bool isAfter(const QList<NewerSpan> &newer, NewerForm form, qsizetype from, qsizetype to)
{
    return std::any_of(newer.cbegin(), newer.cend(), [&](const NewerSpan &span) {
        return span.form == form && span.at >= from && (to < 0 || span.at < to);
    });
}

/// The first byte that any node below tells of; -1 = none does.
qsizetype firstLocation(const QJsonValue &value)
{
    qsizetype first = -1;
    const auto take = [&first](qsizetype at) {
        if (at >= 0 && (first < 0 || at < first))
            first = at;
    };
    if (value.isArray()) {
        const QJsonArray items = value.toArray();
        for (const auto &item : items)
            take(firstLocation(item));
    } else if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto field = object.constBegin(); field != object.constEnd(); ++field)
            take(field.key() == QLatin1String("location") ? qsizetype(field.value().toInteger())
                                                          : firstLocation(field.value()));
    }
    return first;
}

class Command
{
public:
    Command(const QJsonObject &fields, const QList<NewerSpan> &newer)
        : m_fields(fields), m_newer(newer), m_def(fields.value(QLatin1String("def")))
    {
        m_act.name = fields.value(QLatin1String("name")).toString();
        m_act.isGuarded = fields.value(QLatin1String("missing_ok")).toBool();
        m_act.cascades
            = fields.value(QLatin1String("behavior")).toString() == QLatin1String("DROP_CASCADE");
        m_act.at = std::max<qsizetype>(firstLocation(fields), 0);
    }

    /// `end` is the byte at which the next command says something; -1 = there is none.
    SqlAct read(const QString &object, qsizetype end)
    {
        const QString kind = m_fields.value(QLatin1String("subtype")).toString();
        const auto meaning = meanings().constFind(kind);
        if (meaning != meanings().constEnd()) {
            m_act.kind = meaning->kind;
            m_act.value = QLatin1String(meaning->value);
            if (m_act.kind == Kind::TuneTable && setsCatalogTable())
                m_act.kind = Kind::ChangeTable;
        } else if (kind == QLatin1String("AT_AddColumn")) {
            addColumn(end);
        } else if (kind == QLatin1String("AT_AlterColumnType")) {
            alterType();
        } else if (kind == QLatin1String("AT_ColumnDefault")) {
            setDefault();
        } else if (kind == QLatin1String("AT_AddConstraint")) {
            addConstraint(end);
        } else if (kind == QLatin1String("AT_AlterConstraint")) {
            m_act.kind = Kind::AlterConstraint;
            m_act.name = m_def["conname"].toString();
            if (isAfter(m_newer, NewerForm::NotEnforced, m_act.at, end))
                m_act.value = QStringLiteral("NOT ENFORCED");
        } else if (kind == QLatin1String("AT_AttachPartition")) {
            m_act.kind = object == QLatin1String("OBJECT_INDEX") ? Kind::AttachIndex
                                                                 : Kind::AttachPartition;
            m_act.other = tableOf(m_def["name"].toObject());
        } else if (kind == QLatin1String("AT_DetachPartition")) {
            m_act.kind = Kind::DetachPartition;
            m_act.other = tableOf(m_def["name"].toObject());
            m_act.isConcurrent = m_def["concurrent"].toBool();
        } else {
            m_act.kind = Kind::Other;
            m_act.value = kind;
        }
        return m_act;
    }

private:
    /// The one option of a table that nobody may read meanwhile.
    [[nodiscard]] bool setsCatalogTable() const
    {
        return hasOption(m_def["items"].toArray(), "user_catalog_table");
    }
    void addColumn(qsizetype end)
    {
        m_act.kind = Kind::AddColumn;
        SqlColumn column = columnOf(m_def.fields, m_newer);
        m_act.name = column.name;
        for (SqlConstraint &constraint : column.constraints)
            constraint.notEnforced = isAfter(m_newer, NewerForm::NotEnforced, m_act.at, end);
        m_act.declared = {column};
    }
    void alterType()
    {
        m_act.kind = Kind::AlterType;
        SqlColumn column = columnOf(m_def.fields, m_newer);
        column.name = m_act.name;
        m_act.declared = {column};
        if (!m_def["raw_default"].isUndefined())
            m_act.value = QStringLiteral("using");
    }
    void setDefault()
    {
        m_act.kind = m_def.fields.isEmpty() ? Kind::DropDefault : Kind::SetDefault;
        // The words before the expression were rewritten.
        if (m_act.kind == Kind::SetDefault
            && std::any_of(m_newer.cbegin(), m_newer.cend(), [this](const NewerSpan &span) {
                   return span.form == NewerForm::SetExpression && span.at < m_act.at
                          && span.at + 24 > m_act.at;
               }))
            m_act.kind = Kind::SetExpression;
    }
    void addConstraint(qsizetype end)
    {
        m_act.kind = Kind::AddConstraint;
        if (auto constraint = constraintOf(m_def.fields, m_newer)) {
            constraint->notEnforced = isAfter(m_newer, NewerForm::NotEnforced, m_act.at, end);
            m_act.name = constraint->name;
            m_act.constraints = {*constraint};
        }
    }

    QJsonObject m_fields;
    const QList<NewerSpan> &m_newer;
    SqlNode m_def;
    SqlAct m_act;
};

} // namespace

QList<SqlAct> alterTableActs(const QJsonObject &statement, const QList<NewerSpan> &newer)
{
    QList<SqlAct> acts;
    const QJsonObject relation = statement.value(QLatin1String("relation")).toObject();
    const QString object = statement.value(QLatin1String("objtype")).toString();
    const bool isGuarded = statement.value(QLatin1String("missing_ok")).toBool();
    const QJsonArray commands = statement.value(QLatin1String("cmds")).toArray();
    for (qsizetype i = 0; i < commands.size(); ++i) {
        const SqlNode node(commands[i]);
        const qsizetype end
            = i + 1 < commands.size() ? firstLocation(commands[i + 1]) : qsizetype(-1);
        SqlAct act = Command(node.fields, newer).read(object, end);
        act.isGuarded |= isGuarded && act.kind != SqlAct::Kind::AddColumn;
        if (act.at == 0)
            act.at = locationOf(relation);
        if (object == QLatin1String("OBJECT_INDEX")) {
            act.name = tableOf(relation).name;
            if (act.kind != SqlAct::Kind::AttachIndex)
                act.kind = SqlAct::Kind::Other;
        } else if (object != QLatin1String("OBJECT_TABLE")) {
            act.kind = SqlAct::Kind::Other;
        } else {
            act.table = tableOf(relation);
        }
        act.isOnly = !relation.value(QLatin1String("inh")).toBool();
        acts.append(act);
    }
    return acts;
}

} // namespace pilothouse

#include "migration/lint/sql/sqlnodes.h"

#include <QHash>

#include <algorithm>

namespace pilothouse {
namespace {

QJsonObject objectIn(const QJsonObject &fields, const char *name)
{
    return fields.value(QLatin1String(name)).toObject();
}

Volatility worse(Volatility a, Volatility b)
{
    const auto rank = [](Volatility each) {
        switch (each) {
        case Volatility::Constant:
            return 0;
        case Volatility::Stable:
            return 1;
        case Volatility::Unknown:
            return 2;
        case Volatility::Volatile:
            return 3;
        }
        return 3;
    };
    return rank(a) >= rank(b) ? a : b;
}

/// provolatile of pg_proc, for what is often a default.
Volatility ofFunction(const QString &name)
{
    static const QHash<QString, Volatility> known = [] {
        QHash<QString, Volatility> all;
        for (const char *each : {"clock_timestamp",  "timeofday",
                                 "random",           "random_normal",
                                 "setseed",          "nextval",
                                 "currval",          "lastval",
                                 "setval",           "gen_random_uuid",
                                 "uuidv4",           "uuidv7",
                                 "uuid_generate_v1", "uuid_generate_v1mc",
                                 "uuid_generate_v4", "gen_random_bytes",
                                 "gen_salt",         "pg_sleep",
                                 "txid_current",     "pg_current_xact_id",
                                 "set_config",       "gen_ulid",
                                 "ulid_generate"})
            all.insert(QLatin1String(each), Volatility::Volatile);
        for (const char *each : {"now",
                                 "transaction_timestamp",
                                 "statement_timestamp",
                                 "current_setting",
                                 "current_database",
                                 "current_schema",
                                 "current_user",
                                 "session_user",
                                 "user",
                                 "current_date",
                                 "current_time",
                                 "current_timestamp",
                                 "localtime",
                                 "localtimestamp",
                                 "to_char",
                                 "to_timestamp",
                                 "to_date",
                                 "age",
                                 "timezone",
                                 "date_trunc",
                                 "date_part",
                                 "inet_client_addr",
                                 "pg_backend_pid",
                                 "concat",
                                 "concat_ws",
                                 "format",
                                 "row_to_json",
                                 "to_json",
                                 "to_jsonb",
                                 "json_build_object",
                                 "jsonb_build_object",
                                 "json_build_array",
                                 "jsonb_build_array"})
            all.insert(QLatin1String(each), Volatility::Stable);
        for (const char *each : {"md5",
                                 "upper",
                                 "lower",
                                 "initcap",
                                 "length",
                                 "char_length",
                                 "abs",
                                 "round",
                                 "floor",
                                 "ceil",
                                 "ceiling",
                                 "trunc",
                                 "substr",
                                 "substring",
                                 "replace",
                                 "repeat",
                                 "lpad",
                                 "rpad",
                                 "btrim",
                                 "ltrim",
                                 "rtrim",
                                 "trim",
                                 "left",
                                 "right",
                                 "reverse",
                                 "chr",
                                 "ascii",
                                 "decode",
                                 "encode",
                                 "sha224",
                                 "sha256",
                                 "sha384",
                                 "sha512",
                                 "make_date",
                                 "make_interval",
                                 "make_time",
                                 "make_timestamp",
                                 "int4range",
                                 "int8range",
                                 "numrange",
                                 "daterange",
                                 "tsrange",
                                 "array_fill",
                                 "array_append",
                                 "array_length",
                                 "string_to_array",
                                 "uuid_generate_v3",
                                 "uuid_generate_v5",
                                 "uuid_nil",
                                 "uuid_ns_dns",
                                 "uuid_ns_url",
                                 "like_escape",
                                 "power",
                                 "sqrt",
                                 "mod",
                                 "div",
                                 "sign"})
            all.insert(QLatin1String(each), Volatility::Constant);
        return all;
    }();
    return known.value(name, Volatility::Unknown);
}

bool isNewer(const QList<NewerSpan> &newer, NewerForm form, qsizetype from, qsizetype to)
{
    return std::any_of(newer.cbegin(), newer.cend(), [&](const NewerSpan &span) {
        return span.form == form && span.at >= from && span.at < to;
    });
}

/// "c" of an expression that is nothing but a column.
QString onlyColumn(const QJsonValue &expression)
{
    const SqlNode node(expression);
    if (!node.is("ColumnRef"))
        return {};
    const QStringList names = namesIn(node["fields"]);
    return names.isEmpty() ? QString() : names.last();
}

/// The column of "c IS NOT NULL".
QString provenColumn(const QJsonValue &expression)
{
    const SqlNode node(expression);
    if (!node.is("NullTest") || node["nulltesttype"].toString() != QLatin1String("IS_NOT_NULL"))
        return {};
    return onlyColumn(node["arg"]);
}

void addReference(const QJsonObject &fields, SqlConstraint &constraint)
{
    constraint.kind = SqlConstraint::Kind::ForeignKey;
    constraint.references = tableOf(objectIn(fields, "pktable"));
    constraint.columns = namesIn(fields.value(QLatin1String("fk_attrs")));
    constraint.referenced = namesIn(fields.value(QLatin1String("pk_attrs")));
    constraint.cascades = textIn(fields, "fk_del_action") == QLatin1String("c");
}

void addCheck(const QJsonObject &fields, const QList<NewerSpan> &newer, SqlConstraint &constraint)
{
    const QJsonValue expression = fields.value(QLatin1String("raw_expr"));
    const QString column = onlyColumn(expression);
    // Its own span begins at CONSTRAINT or at CHECK, and a rewritten NOT NULL behind it.
    const qsizetype from = locationOf(fields);
    const qsizetype to
        = from + 64 + constraint.name.toUtf8().size(); // CONSTRAINT, the name, and blanks
    if (!column.isEmpty() && isNewer(newer, NewerForm::NotNullConstraint, from, to)) {
        constraint.kind = SqlConstraint::Kind::NotNull;
        constraint.columns = {column};
        constraint.provesNotNull = column;
        return;
    }
    constraint.provesNotNull = provenColumn(expression);
    if (!constraint.provesNotNull.isEmpty())
        constraint.columns = {constraint.provesNotNull};
}

} // namespace

SqlNode::SqlNode(const QJsonValue &value)
{
    const QJsonObject object = value.toObject();
    if (object.isEmpty())
        return;
    kind = object.constBegin().key();
    fields = object.constBegin().value().toObject();
}

QStringList namesIn(const QJsonValue &list)
{
    QStringList names;
    const QJsonArray items = list.toArray();
    for (const auto &item : items) {
        const SqlNode node(item);
        if (node.is("String"))
            names << node["sval"].toString();
    }
    return names;
}

SqlName nameIn(const QJsonValue &list)
{
    const QStringList names = namesIn(list);
    if (names.isEmpty())
        return {};
    return {names.size() > 1 ? names[names.size() - 2] : QString(), names.last()};
}

QString textIn(const QJsonObject &fields, const char *name)
{
    return fields.value(QLatin1String(name)).toString();
}

bool flagIn(const QJsonObject &fields, const char *name)
{
    return fields.value(QLatin1String(name)).toBool();
}

bool isIn(const QJsonObject &fields, const char *name)
{
    return fields.contains(QLatin1String(name));
}

QJsonArray itemsIn(const QJsonObject &fields, const char *name)
{
    return fields.value(QLatin1String(name)).toArray();
}

bool hasOption(const QJsonArray &options, const char *name)
{
    return std::any_of(options.cbegin(), options.cend(), [name](const QJsonValue &option) {
        return SqlNode(option)["defname"].toString() == QLatin1String(name);
    });
}

SqlName tableOf(const QJsonObject &range)
{
    return {textIn(range, "schemaname"), textIn(range, "relname")};
}

SqlAct onTable(SqlAct::Kind kind, const QJsonObject &fields, const char *relation)
{
    SqlAct made;
    made.kind = kind;
    const QJsonObject range = fields.value(QLatin1String(relation)).toObject();
    made.table = tableOf(range);
    made.at = locationOf(range);
    made.isTemporary
        = range.value(QLatin1String("relpersistence")).toString() == QLatin1String("t");
    made.isOnly = !range.isEmpty() && !range.value(QLatin1String("inh")).toBool();
    return made;
}

SqlType typeOf(const QJsonObject &typeName)
{
    SqlType type;
    type.name = nameIn(typeName.value(QLatin1String("names")));
    if (type.name.schema == QLatin1String("pg_catalog"))
        type.name.schema.clear();
    type.isArray = !typeName.value(QLatin1String("arrayBounds")).toArray().isEmpty();
    const QJsonArray modifiers = typeName.value(QLatin1String("typmods")).toArray();
    for (const auto &modifier : modifiers) {
        const SqlNode constant(modifier);
        type.modifiers << objectIn(constant.fields, "ival").value(QLatin1String("ival")).toInt();
    }
    return type;
}

qsizetype locationOf(const QJsonObject &node)
{
    return qsizetype(node.value(QLatin1String("location")).toInteger());
}

Volatility volatilityOf(const QJsonValue &expression, QString *function)
{
    if (expression.isArray()) {
        Volatility all = Volatility::Constant;
        const QJsonArray items = expression.toArray();
        for (const auto &item : items)
            all = worse(all, volatilityOf(item, function));
        return all;
    }
    const QJsonObject object = expression.toObject();
    Volatility all = Volatility::Constant;
    for (auto field = object.constBegin(); field != object.constEnd(); ++field) {
        if (field.key() == QLatin1String("FuncCall")) {
            const QString name = nameIn(field.value().toObject()[QLatin1String("funcname")]).name;
            const Volatility own = ofFunction(name);
            if (own != Volatility::Constant && worse(own, all) == own && function)
                *function = name;
            all = worse(all, own);
        } else if (field.key() == QLatin1String("SubLink")) {
            return Volatility::Unknown;
        } else if (field.key() == QLatin1String("SQLValueFunction")) {
            all = worse(all, Volatility::Stable);
        }
        if (field.value().isObject() || field.value().isArray())
            all = worse(all, volatilityOf(field.value(), function));
    }
    return all;
}

std::optional<SqlConstraint> constraintOf(const QJsonObject &fields, const QList<NewerSpan> &newer)
{
    SqlConstraint constraint;
    const QString kind = textIn(fields, "contype");
    constraint.name = textIn(fields, "conname");
    constraint.notValid = flagIn(fields, "skip_validation");
    constraint.usingIndex = textIn(fields, "indexname");
    constraint.columns = namesIn(fields.value(QLatin1String("keys")));
    if (kind == QLatin1String("CONSTR_CHECK"))
        addCheck(fields, newer, constraint);
    else if (kind == QLatin1String("CONSTR_FOREIGN"))
        addReference(fields, constraint);
    else if (kind == QLatin1String("CONSTR_UNIQUE"))
        constraint.kind = SqlConstraint::Kind::Unique;
    else if (kind == QLatin1String("CONSTR_PRIMARY"))
        constraint.kind = SqlConstraint::Kind::Primary;
    else if (kind == QLatin1String("CONSTR_EXCLUSION"))
        constraint.kind = SqlConstraint::Kind::Exclude;
    else
        return std::nullopt;
    return constraint;
}

SqlColumn columnOf(const QJsonObject &definition, const QList<NewerSpan> &newer)
{
    SqlColumn column;
    column.name = textIn(definition, "colname");
    column.type = typeOf(objectIn(definition, "typeName"));
    column.isNotNull = flagIn(definition, "is_not_null");
    column.collation
        = nameIn(objectIn(definition, "collClause").value(QLatin1String("collname"))).name;
    const QJsonArray constraints = definition.value(QLatin1String("constraints")).toArray();
    for (const auto &item : constraints) {
        const SqlNode node(item);
        const QString kind = node["contype"].toString();
        const qsizetype at = locationOf(node.fields);
        if (kind == QLatin1String("CONSTR_NOTNULL")) {
            column.isNotNull = true;
        } else if (kind == QLatin1String("CONSTR_DEFAULT")
                   && isNewer(newer, NewerForm::VirtualColumn, at, at + 1)) {
            column.generated = SqlColumn::Generated::Virtual;
        } else if (kind == QLatin1String("CONSTR_DEFAULT")) {
            column.byDefault = volatilityOf(node["raw_expr"], &column.defaultFunction);
        } else if (kind == QLatin1String("CONSTR_IDENTITY")) {
            column.isIdentity = true;
        } else if (kind == QLatin1String("CONSTR_GENERATED")) {
            column.generated = SqlColumn::Generated::Stored;
        } else if (const auto constraint = constraintOf(node.fields, newer)) {
            column.constraints.append(*constraint);
            if (constraint->columns.isEmpty())
                column.constraints.last().columns = {column.name};
        }
    }
    return column;
}

} // namespace pilothouse

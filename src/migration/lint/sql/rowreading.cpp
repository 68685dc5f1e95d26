#include "migration/lint/sql/rowreading.h"

#include "migration/lint/sql/sqlnodes.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;

/// Whether something bounds the rows: a comparison with a value, or a list of keys that is cut.
bool isBounded(const QJsonValue &condition)
{
    if (condition.isArray()) {
        const QJsonArray all = condition.toArray();
        return std::any_of(all.cbegin(), all.cend(), &isBounded);
    }
    const SqlNode node(condition);
    if (node.kind.isEmpty())
        return false;
    const auto isValue = [](const QJsonValue &side) {
        const SqlNode value(side);
        return value.is("A_Const") || value.is("ParamRef") || value.is("TypeCast")
               || value.is("A_ArrayExpr") || value.is("List");
    };
    if (node.is("A_Expr"))
        return isValue(node["lexpr"]) || isValue(node["rexpr"]);
    if (node.is("SubLink")) {
        const SqlNode below(node["subselect"]);
        return !below["limitCount"].isUndefined() || isBounded(below["whereClause"]);
    }
    if (node.is("BoolExpr")) {
        const QJsonArray parts = node["args"].toArray();
        if (node["boolop"].toString() == QLatin1String("AND_EXPR"))
            return std::any_of(parts.cbegin(), parts.cend(), &isBounded);
        return node["boolop"].toString() == QLatin1String("OR_EXPR")
               && std::all_of(parts.cbegin(), parts.cend(), &isBounded);
    }
    return node.is("CurrentOfExpr");
}

/// OFFSET anywhere in it.
bool pagesByOffset(const QJsonValue &value)
{
    if (value.isArray()) {
        const QJsonArray all = value.toArray();
        return std::any_of(all.cbegin(), all.cend(), &pagesByOffset);
    }
    const QJsonObject object = value.toObject();
    return std::any_of(object.constBegin(), object.constEnd(),
                       [](const QJsonValue &field) { return pagesByOffset(field); })
           || object.contains(QLatin1String("limitOffset"));
}

} // namespace

SqlAct rowsAct(SqlAct::Kind kind, const QJsonObject &fields)
{
    SqlAct made = onTable(kind, fields);
    const QJsonArray targets
        = fields.value(QLatin1String(kind == Kind::Insert ? "cols" : "targetList")).toArray();
    for (const auto &item : targets)
        made.columns << SqlNode(item)["name"].toString();
    made.isWhole = kind != Kind::Insert && !isBounded(fields.value(QLatin1String("whereClause")));
    made.pagesByOffset = pagesByOffset(fields);
    return made;
}

/// set_config('lock_timeout', '1s', true) does what SET LOCAL does.
SqlAct selectAct(const QJsonObject &fields)
{
    SqlAct made;
    made.kind = Kind::Select;
    made.pagesByOffset = pagesByOffset(fields);
    const QJsonArray targets = fields.value(QLatin1String("targetList")).toArray();
    for (const auto &item : targets) {
        const SqlNode target(item);
        const SqlNode call(target["val"]);
        const QJsonArray arguments = call["args"].toArray();
        if (nameIn(call["funcname"]).name != QLatin1String("set_config") || arguments.size() != 3)
            continue;
        const auto constant = [&arguments](qsizetype at) {
            return SqlNode(arguments[at]).fields;
        };
        made.kind = Kind::Set;
        made.name
            = constant(0).value(QLatin1String("sval")).toObject()[QLatin1String("sval")].toString();
        made.value
            = constant(1).value(QLatin1String("sval")).toObject()[QLatin1String("sval")].toString();
        made.isLocal = constant(2)
                           .value(QLatin1String("boolval"))
                           .toObject()[QLatin1String("boolval")]
                           .toBool();
    }
    return made;
}

SqlAct setAct(const QJsonObject &fields)
{
    SqlAct made;
    made.kind = Kind::Set;
    made.name = fields.value(QLatin1String("name")).toString();
    made.isLocal = fields.value(QLatin1String("is_local")).toBool();
    const QJsonArray arguments = fields.value(QLatin1String("args")).toArray();
    if (fields.value(QLatin1String("kind")).toString() == QLatin1String("VAR_SET_VALUE")
        && !arguments.isEmpty()) {
        const QJsonObject constant = SqlNode(arguments.first()).fields;
        made.value
            = constant.contains(QLatin1String("sval"))
                  ? constant[QLatin1String("sval")][QLatin1String("sval")].toString()
                  : QString::number(constant[QLatin1String("ival")][QLatin1String("ival")].toInt());
    }
    return made;
}

} // namespace pilothouse

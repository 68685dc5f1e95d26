#include "migration/lint/sql/objectreading.h"

#include "migration/lint/sql/sqlnodes.h"

#include <QHash>
#include <QSet>

namespace pilothouse {
namespace {

using Kind = SqlAct::Kind;

SqlAct act(Kind kind)
{
    SqlAct made;
    made.kind = kind;
    return made;
}

} // namespace

SqlAct createIndexAct(const QJsonObject &fields)
{
    SqlAct made = onTable(Kind::CreateIndex, fields);
    made.name = textIn(fields, "idxname");
    made.isConcurrent = flagIn(fields, "concurrent");
    made.isGuarded = flagIn(fields, "if_not_exists");
    made.isUnique = flagIn(fields, "unique");
    for (const auto &item : itemsIn(fields, "indexParams"))
        made.columns << SqlNode(item)["name"].toString();
    return made;
}

QList<SqlAct> reindexActs(const QJsonObject &fields)
{
    SqlAct made = onTable(Kind::Reindex, fields);
    made.value = textIn(fields, "kind").section(QLatin1Char('_'), -1).toLower();
    if (made.value == QLatin1String("index")) {
        made.name = made.table.name;
        made.other = made.table;
        made.table = {};
    }
    made.isConcurrent = hasOption(itemsIn(fields, "params"), "concurrently");
    return {made};
}

QList<SqlAct> dropActs(const QJsonObject &fields)
{
    static const QHash<QString, Kind> kinds{
        {QStringLiteral("OBJECT_INDEX"), Kind::DropIndex},
        {QStringLiteral("OBJECT_TABLE"), Kind::DropTable},
        {QStringLiteral("OBJECT_SCHEMA"), Kind::DropSchema},
        {QStringLiteral("OBJECT_TRIGGER"), Kind::ChangeTable},
        {QStringLiteral("OBJECT_RULE"), Kind::ChangeTable},
        {QStringLiteral("OBJECT_POLICY"), Kind::ChangeTable},
    };
    QList<SqlAct> acts;
    const QString type = textIn(fields, "removeType");
    for (const auto &item : itemsIn(fields, "objects")) {
        SqlAct made = act(kinds.value(type, Kind::Other));
        const SqlNode object(item);
        const SqlName name = object.is("String") ? SqlName{{}, object["sval"].toString()}
                                                 : nameIn(object["items"]);
        made.isGuarded = flagIn(fields, "missing_ok");
        made.isConcurrent = flagIn(fields, "concurrent");
        made.cascades = textIn(fields, "behavior") == QLatin1String("DROP_CASCADE");
        if (made.kind == Kind::DropTable) {
            made.table = name;
        } else if (made.kind == Kind::ChangeTable) {
            const QStringList names = namesIn(object["items"]);
            made.name = names.value(names.size() - 1);
            made.table = {names.size() > 2 ? names[names.size() - 3] : QString(),
                          names.value(names.size() - 2)};
            made.value = QStringLiteral("DROP ") + type.section(QLatin1Char('_'), -1);
        } else {
            made.other = name;
            made.name = name.name;
        }
        acts.append(made);
    }
    return acts;
}

QList<SqlAct> renameActs(const QJsonObject &fields)
{
    static const QHash<QString, Kind> kinds{
        {QStringLiteral("OBJECT_COLUMN"), Kind::RenameColumn},
        {QStringLiteral("OBJECT_TABLE"), Kind::RenameTable},
        {QStringLiteral("OBJECT_INDEX"), Kind::RenameIndex},
        {QStringLiteral("OBJECT_SCHEMA"), Kind::RenameSchema},
        {QStringLiteral("OBJECT_TABCONSTRAINT"), Kind::RenameConstraint},
    };
    SqlAct made = onTable(kinds.value(textIn(fields, "renameType"), Kind::Other), fields);
    made.name = made.kind == Kind::RenameIndex ? made.table.name : textIn(fields, "subname");
    made.value = textIn(fields, "newname");
    made.isGuarded = flagIn(fields, "missing_ok");
    if (made.kind == Kind::RenameIndex)
        made.table = {};
    return {made};
}

QList<SqlAct> commentActs(const QJsonObject &fields)
{
    static const QSet<QString> parts{QStringLiteral("OBJECT_COLUMN"),
                                     QStringLiteral("OBJECT_TABCONSTRAINT"),
                                     QStringLiteral("OBJECT_TRIGGER")};
    const QString object = textIn(fields, "objtype");
    QStringList names = namesIn(SqlNode(fields.value(QLatin1String("object")))["items"]);
    if (parts.contains(object) && names.size() > 1)
        names.removeLast();
    else if (object != QLatin1String("OBJECT_TABLE"))
        return {act(Kind::Other)};
    SqlAct made = act(Kind::TuneTable);
    made.table = {names.value(names.size() - 2), names.value(names.size() - 1)};
    made.value = QStringLiteral("COMMENT");
    return {made};
}

QList<SqlAct> tuneEach(const QJsonArray &tables, const char *words)
{
    QList<SqlAct> acts;
    for (const auto &item : tables) {
        SqlAct made = act(Kind::TuneTable);
        const SqlNode node(item);
        const QJsonObject range
            = node.is("PublicationObjSpec")
                  ? node["pubtable"].toObject().value(QLatin1String("relation")).toObject()
                  : node.fields;
        made.table = tableOf(range);
        made.at = locationOf(range);
        made.value = QLatin1String(words);
        if (!made.table.isEmpty())
            acts.append(made);
    }
    return acts.isEmpty() ? QList<SqlAct>{act(Kind::Other)} : acts;
}

} // namespace pilothouse

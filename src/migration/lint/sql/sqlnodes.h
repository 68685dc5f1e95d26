#pragma once

#include "migration/lint/sql/newerforms.h"
#include "migration/lint/sql/sqlact.h"

#include <QJsonArray>
#include <QJsonObject>

namespace pilothouse {

// What the fields of PostgreSQL's parse tree mean, as libpg_query writes them. Pure.

/// A field that holds one node: its kind, and what is in it.
struct SqlNode
{
    QString kind;
    QJsonObject fields;

    explicit SqlNode(const QJsonValue &value);
    [[nodiscard]] bool is(const char *wanted) const { return kind == QLatin1String(wanted); }
    [[nodiscard]] QJsonValue operator[](const char *name) const
    {
        return fields.value(QLatin1String(name));
    }
};

/// A field's value; empty, false or none where it is not there.
[[nodiscard]] QString textIn(const QJsonObject &fields, const char *name);
[[nodiscard]] bool flagIn(const QJsonObject &fields, const char *name);
[[nodiscard]] bool isIn(const QJsonObject &fields, const char *name);
[[nodiscard]] QJsonArray itemsIn(const QJsonObject &fields, const char *name);
/// Whether a list of options (DefElem) has the one.
[[nodiscard]] bool hasOption(const QJsonArray &options, const char *name);

/// A field of strings: ["a", "b"].
[[nodiscard]] QStringList namesIn(const QJsonValue &list);
/// [schema.]name in such a field.
[[nodiscard]] SqlName nameIn(const QJsonValue &list);
/// Of a RangeVar's fields.
[[nodiscard]] SqlName tableOf(const QJsonObject &range);
/// An act on the table that a field of a statement names.
[[nodiscard]] SqlAct onTable(SqlAct::Kind kind, const QJsonObject &fields,
                             const char *relation = "relation");
[[nodiscard]] SqlType typeOf(const QJsonObject &typeName);
[[nodiscard]] qsizetype locationOf(const QJsonObject &node);

/// How much the value of an expression differs from row to row, by what is known of PostgreSQL's
/// own functions; with the function that makes it so.
[[nodiscard]] Volatility volatilityOf(const QJsonValue &expression, QString *function);

/// Of a Constraint's fields; nullopt for what is no constraint of a table (a default, NULL).
/// `newer` are the forms that were rewritten in this statement.
[[nodiscard]] std::optional<SqlConstraint> constraintOf(const QJsonObject &constraint,
                                                        const QList<NewerSpan> &newer);
/// Of a ColumnDef's fields.
[[nodiscard]] SqlColumn columnOf(const QJsonObject &definition, const QList<NewerSpan> &newer);

/// The acts of an ALTER TABLE, ALTER INDEX and the like.
[[nodiscard]] QList<SqlAct> alterTableActs(const QJsonObject &statement,
                                           const QList<NewerSpan> &newer);

} // namespace pilothouse

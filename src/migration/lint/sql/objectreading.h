#pragma once

#include "migration/lint/sql/sqlact.h"

#include <QJsonArray>
#include <QJsonObject>

namespace pilothouse {

// Statements about indexes, and those of one form for many kinds of object, from the fields of
// PostgreSQL's parse tree. Pure.

/// CREATE INDEX.
[[nodiscard]] SqlAct createIndexAct(const QJsonObject &fields);
/// REINDEX.
[[nodiscard]] QList<SqlAct> reindexActs(const QJsonObject &fields);
/// DROP: one act for each object.
[[nodiscard]] QList<SqlAct> dropActs(const QJsonObject &fields);
/// ALTER … RENAME.
[[nodiscard]] QList<SqlAct> renameActs(const QJsonObject &fields);
/// COMMENT ON a table, or on what belongs to one.
[[nodiscard]] QList<SqlAct> commentActs(const QJsonObject &fields);
/// Of each table that a publication or statistics name.
[[nodiscard]] QList<SqlAct> tuneEach(const QJsonArray &tables, const char *words);

} // namespace pilothouse

#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QJsonObject>

namespace pilothouse {

/// A statement as PostgreSQL's own grammar reads it.
struct SqlTree
{
    QString kind;     ///< "AlterTableStmt", as PostgreSQL names its nodes
    QJsonObject node; ///< its fields; `location` counts bytes from the beginning of the statement

    bool operator==(const SqlTree &) const = default;
};

/// Reads one statement by libpg_query, which has the grammar of one major version. BadInput with
/// the server's own words where it is none, and where it is newer than the grammar. Thread-safe.
[[nodiscard]] Result<SqlTree> parseSql(const QByteArray &statement);

} // namespace pilothouse

#pragma once

#include "migration/lint/sql/newerforms.h"
#include "migration/lint/sql/sqlact.h"

namespace pilothouse {

/// A statement of a file, as the rules see it.
struct SqlStatement
{
    qsizetype from = 0; ///< bytes of the file
    qsizetype to = 0;
    QList<SqlAct> acts; ///< in its order; never empty
    /// Names of more than 63 bytes: the server cuts them without an error.
    QStringList longNames;
    bool isOfPsql = false; ///< a command of psql, not of the server
};

/// Reads a whole file. A statement that cannot be read is an act of its own (Opaque), and does not
/// stop the others. Pure.
[[nodiscard]] QList<SqlStatement> readSql(const QByteArray &file);

/// The tables that a file speaks of, and the indexes that stand for theirs; each once. Pure.
[[nodiscard]] QList<SqlName> tablesOf(const QList<SqlStatement> &statements);

struct GuardedColumn
{
    SqlName table;
    QString column;
    bool operator==(const GuardedColumn &) const = default;
};

/// The columns that a file adds a NOT NULL or a CHECK (column IS NOT NULL) for; each once. Pure.
[[nodiscard]] QList<GuardedColumn> guardedColumnsOf(const QList<SqlStatement> &statements);

} // namespace pilothouse

#pragma once

#include "migration/lint/sql/sqlact.h"

#include <QMap>
#include <QSet>

namespace pilothouse {

/// What a live database says of the tables that a file names, as far as the rules ask. Without one
/// the rules go by the file alone, and say so where that is not enough.
struct LintCatalog
{
    struct Column
    {
        SqlType type;
        bool isNotNull = false; ///< proved: no NOT NULL that is not validated
        std::optional<bool> hasNulls;
        bool isUsedByCheck = false;
        bool isUsedByView = false; ///< or by a generated column
        SqlColumn::Generated generated = SqlColumn::Generated::No;
    };
    struct Constraint
    {
        SqlConstraint said;
        bool isValidated = true;
    };
    struct Index
    {
        QStringList columns;
        bool isValid = true;
        bool isUnique = false;
    };
    struct Table
    {
        bool isPartitioned = false;
        bool hasFillTrigger = false; ///< that fills the column of the change
        QMap<QString, Column> columns;
        QMap<QString, Constraint> constraints;
        QMap<QString, Index> indexes;
        QList<SqlName> referencedBy; ///< tables with a foreign key to this one
        QStringList publications;
        QStringList oldWriters; ///< who still connects with a release that needs what goes

        /// The server has a proof that the column holds no NULL.
        [[nodiscard]] bool isProvedNotNull(const QString &column) const;
        /// For a partition to come, which then need not be read.
        [[nodiscard]] bool hasValidCheck() const;
    };

    QMap<QString, Table> tables;           ///< by "schema.name", or "name" where it is not told
    QSet<QString> constrainedDomains;      ///< names, without schema
    QMap<QString, Volatility> functions{}; ///< of its own
    bool isBehindPooler = false;           ///< in transaction mode

    /// The table that a key of `tables` names.
    [[nodiscard]] static SqlName nameOf(const QString &key);
    /// The key of this table; empty = it says nothing of it.
    [[nodiscard]] QString keyOf(const SqlName &name) const;
    /// nullptr = it says nothing of this table.
    [[nodiscard]] const Table *table(const SqlName &name) const;
    /// Of the table that has the index; empty = it knows none.
    [[nodiscard]] SqlName tableOfIndex(const SqlName &index) const;
};

} // namespace pilothouse

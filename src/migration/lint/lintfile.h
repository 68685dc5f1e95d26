#pragma once

#include "migration/lint/locks.h"
#include "migration/lint/sql/sqlreading.h"

#include <QHash>

namespace pilothouse {

/// An act with what holds where it stands.
struct PlacedAct
{
    qsizetype statement = 0; ///< its number in the file
    SqlAct act;
    int transaction = 0;          ///< of the file; a statement by itself has one of its own
    bool isInTransaction = false; ///< others may stand in it
    qint64 lockTimeout = 0;       ///< ms; 0 = it waits for ever
    qint64 statementTimeout = 0;  ///< ms; 0 = none
    bool isTableMade = false;     ///< its table is made before in this file: nobody else sees it
    ActLocks locks;
    LockMode inUse = LockMode::None; ///< the strongest of them on a table that others use

    /// It changes what is there: its lock stops other DDL at least.
    [[nodiscard]] bool isDdl() const;
    /// It stops everybody, and is no LOCK TABLE.
    [[nodiscard]] bool isExclusive() const;
    [[nodiscard]] bool changesRows() const;
};

/// A file, laid out for rules that look before and behind. Pure.
class LintFile
{
public:
    enum class Wrapped {
        No,
        InTransaction, ///< the tool that runs it puts all of it into one
    };

    /// `catalog` is as the file finds it; it may be nullptr, and is not kept.
    LintFile(QList<SqlStatement> statements, Wrapped wrapped, const LintCatalog *catalog = nullptr);

    [[nodiscard]] const QList<SqlStatement> &statements() const { return m_statements; }
    [[nodiscard]] const QList<PlacedAct> &acts() const { return m_acts; }

    /// The table is made in this file before act number `at`: nobody else can see it yet.
    [[nodiscard]] bool isMadeBefore(qsizetype at, const SqlName &table) const;
    /// The act that made it; nullptr = it was there.
    [[nodiscard]] const SqlAct *making(qsizetype at, const SqlName &table) const;

    /// The first act of each kind in the transaction of act number `at`, where it is one before it
    /// and of another statement; nullptr = there is none.
    [[nodiscard]] const PlacedAct *exclusiveBefore(qsizetype at) const;
    [[nodiscard]] const PlacedAct *ddlBefore(qsizetype at) const;
    [[nodiscard]] const PlacedAct *rowsBefore(qsizetype at) const;

private:
    using Firsts = QHash<int, qsizetype>; ///< number of an act, by transaction

    void place(Wrapped wrapped);
    void lookAt(qsizetype at, const LintCatalog &now, const LintCatalog *before);
    [[nodiscard]] const PlacedAct *before(qsizetype at, const Firsts &firsts) const;

    QList<SqlStatement> m_statements;
    QList<PlacedAct> m_acts;
    QHash<QString, QList<qsizetype>> m_making; ///< acts, by the name that a table has from there on
    QHash<QString, SqlName> m_tableOfIndex;    ///< of those that the file makes
    Firsts m_exclusive;
    Firsts m_ddl;
    Firsts m_rows;
};

/// Milliseconds of a setting such as "1s", "500ms", "2min", "1000"; 0 = off, or none.
[[nodiscard]] qint64 timeoutOf(const QString &text);

} // namespace pilothouse

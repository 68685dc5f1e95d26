#pragma once

#include "migration/lint/sqlreading.h"

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
};

/// A file, laid out for rules that look before and behind. Pure.
class LintFile
{
public:
    enum class Wrapped {
        No,
        InTransaction, ///< the tool that runs it puts all of it into one
    };

    LintFile(QList<SqlStatement> statements, Wrapped wrapped);

    [[nodiscard]] const QList<SqlStatement> &statements() const { return m_statements; }
    [[nodiscard]] const QList<PlacedAct> &acts() const { return m_acts; }

    /// The table is made in this file before act number `at`: nobody else can see it yet.
    [[nodiscard]] bool isMadeBefore(qsizetype at, const SqlName &table) const;
    /// The act that made it; nullptr = it was there.
    [[nodiscard]] const SqlAct *making(qsizetype at, const SqlName &table) const;

private:
    QList<SqlStatement> m_statements;
    QList<PlacedAct> m_acts;
};

/// Milliseconds of a setting such as "1s", "500ms", "2min", "1000"; 0 = off, or none.
[[nodiscard]] qint64 timeoutOf(const QString &text);

} // namespace pilothouse

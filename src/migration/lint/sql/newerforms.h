#pragma once

#include "migration/lint/sql/sqltokens.h"

namespace pilothouse {

/// A form of SQL that is newer than the grammar of the parser at hand.
enum class NewerForm {
    NotNullConstraint, ///< 18: CONSTRAINT n NOT NULL c, as a constraint of the table
    VirtualColumn,     ///< 18: GENERATED ALWAYS AS (…) VIRTUAL, or without a word
    NotEnforced,       ///< 18
    SetExpression,     ///< 17: ALTER COLUMN c SET EXPRESSION AS (…)
    OverTime,          ///< 18: WITHOUT OVERLAPS, PERIOD
};

/// Where one was found: the byte at which what it says of the statement begins.
struct NewerSpan
{
    NewerForm form;
    qsizetype at;
    bool operator==(const NewerSpan &) const = default;
};

/// A statement in words that an older grammar reads, each at the byte at which it stood.
struct OlderText
{
    QByteArray sql;
    QList<NewerSpan> newer; ///< empty = nothing was rewritten
};

/// Rewrites the newer forms to the nearest ones that PostgreSQL 15 knows, of the same length:
///   NOT NULL c                      → CHECK(c)
///   GENERATED ALWAYS AS (…) VIRTUAL → DEFAULT (…)
///   SET EXPRESSION AS (…)           → SET DEFAULT (…)
///   NOT ENFORCED, WITHOUT OVERLAPS, PERIOD → nothing
/// Whoever reads the tree looks the spans up. `tokens` are those of `sql`, counted from its first
/// byte.
[[nodiscard]] OlderText olderText(const QByteArray &sql, const QList<SqlToken> &tokens);

} // namespace pilothouse

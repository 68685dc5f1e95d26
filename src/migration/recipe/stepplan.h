#pragma once

#include "migration/steps.h"

namespace pilothouse {

/// What every step is made from.
struct Plan
{
    const Change &change;
    const Facts &facts;

    [[nodiscard]] QList<TableLock> lock(LockMode mode) const { return {{change.table, mode}}; }
    [[nodiscard]] StatementGroup shortGroup(QStringList statements, LockMode mode) const
    {
        return {LockClass::Short, std::move(statements), lock(mode), {}};
    }
    [[nodiscard]] StatementGroup longGroup(const QString &statement, LockMode mode) const
    {
        return {LockClass::Long, {statement}, lock(mode), {}};
    }
    [[nodiscard]] bool notNull() const { return facts.column && facts.column->notNull; }
    [[nodiscard]] bool markedByUs() const
    {
        return facts.column && facts.column->comment.startsWith(QLatin1String("pilothouse:"));
    }
    [[nodiscard]] bool countedZero() const
    {
        return facts.nulls && facts.nulls->kind == NullCount::Kind::Exact && facts.nulls->rows == 0;
    }
    [[nodiscard]] bool countedSome() const
    {
        return facts.nulls && facts.nulls->kind != NullCount::Kind::Unknown
               && facts.nulls->rows > 0;
    }
};

} // namespace pilothouse

#pragma once

#include "migration/change.h"
#include "migration/lint/lockmode.h"

#include <QList>
#include <QStringList>

namespace pilothouse {

struct TableLock
{
    TableName table;
    LockMode mode = LockMode::None;
    bool operator==(const TableLock &) const = default;
};

/// How statements wait and how they are wrapped.
enum class LockClass {
    Short, ///< one transaction, lock_timeout 1 s, statement_timeout 5 s; tried again on a timeout
    Long,  ///< no transaction, no timeouts (a timeout would leave an invalid index); watched
    Batch, ///< one transaction, lock_timeout 200 ms, statement_timeout 5 s; many of them
};

/// Statements that succeed or fail together (Short, Batch) or are sent one by one (Long).
struct StatementGroup
{
    LockClass lockClass = LockClass::Short;
    QStringList statements; ///< exact; without SET lines, BEGIN and COMMIT: see wrapped()
    QList<TableLock> locks; ///< on every table, second tables included
    /// Name of the index that a Long group builds: an invalid leftover is dropped first.
    QString buildsIndex;

    bool operator==(const StatementGroup &) const = default;
};

/// The group as it is sent, with BEGIN, SET LOCAL and COMMIT: what a person may copy to psql.
[[nodiscard]] QStringList wrapped(const StatementGroup &group);

} // namespace pilothouse

#pragma once

#include "migration/lint/lintcatalog.h"
#include "migration/lint/lockmode.h"

namespace pilothouse {

/// What a statement holds while it runs, as measured on PostgreSQL 15.20 and 18.4.
struct ActLocks
{
    LockMode table = LockMode::None;
    SqlName other; ///< a second table that is locked; empty = none is
    LockMode onOther = LockMode::None;
    QList<SqlName> further; ///< tables that are locked as `other` is
    bool scans = false;     ///< reads every row, or builds an index
    bool rewrites = false;  ///< writes the table anew

    /// `other` and the further ones.
    [[nodiscard]] QList<SqlName> others() const;
    void lockOther(const SqlName &name, LockMode mode);

    bool operator==(const ActLocks &) const = default;
};

/// Of a table with rows in it. `catalog` may be nullptr.
[[nodiscard]] ActLocks locksOf(const SqlAct &act, const LintCatalog *catalog);

/// Whether ALTER COLUMN TYPE writes the table anew; nullopt = it depends on what is not known.
/// `inUtc` is whether the session's TimeZone is UTC.
[[nodiscard]] std::optional<bool> rewritesForType(const SqlType &from, const SqlType &to,
                                                  bool inUtc);

} // namespace pilothouse

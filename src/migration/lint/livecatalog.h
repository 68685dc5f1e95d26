#pragma once

#include "base/result.h"
#include "migration/lint/lintcatalog.h"
#include "migration/lint/sql/sqlreading.h"

#include <QFuture>

namespace pilothouse {

/// A catalog as a server told it.
struct LiveCatalog
{
    LintCatalog catalog;
    int server = 0; ///< its version, as server_version_num has it: 150004
};

/// A database that is asked for its catalog.
class CatalogSource
{
public:
    virtual ~CatalogSource() = default;

    /// Where it is, for people.
    [[nodiscard]] virtual QString place() const = 0;
    /// Of tables, and of indexes that stand for theirs; what is not there has no entry, and a name
    /// without a schema is looked for where the login looks. Whether a column holds NULLs is told
    /// of those that are `guarded`, where it can be found out at once. GUI thread.
    [[nodiscard]] virtual QFuture<Result<LiveCatalog>> catalog(const QList<SqlName> &tables,
                                                               const QList<GuardedColumn> &guarded)
        = 0;
};

} // namespace pilothouse

#pragma once

#include "migration/lint/lockmode.h"

#include <QMap>
#include <QSet>

namespace pilothouse {

/// What a server did at a statement, on a copy where nobody waits for it.
struct Rehearsed
{
    enum class End {
        Ran,            ///< in a transaction that was rolled back
        RanAlone,       ///< without one, as it must: what it changed stays
        Refused,        ///< by the server: `error`
        NeedsToBeAlone, ///< it refuses a transaction and was not run
        NotRun,         ///< it is the session's or psql's own, and does nothing to a table
    };

    End end = End::Ran;
    QString error; ///< the server's words
    /// The strongest lock by "schema.name", of tables, partitions, views that were there before. A
    /// mere read (ACCESS SHARE) is left out: it stops nothing but DROP and its like.
    QMap<QString, LockMode> locks;
    /// One that runs alone is looked at while it waits; if it never did, its locks are not known.
    bool knowsLocks = true;
    QSet<QString> rewritten; ///< tables that have other files than before
    QSet<QString> rebuilt;   ///< indexes, likewise
    bool scans = false;      ///< it read every row of a table, or built an index

    bool operator==(const Rehearsed &) const = default;
};

} // namespace pilothouse

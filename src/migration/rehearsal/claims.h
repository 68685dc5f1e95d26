#pragma once

#include "migration/lint/lintfile.h"
#include "migration/rehearsal/rehearsed.h"

namespace pilothouse {

/// What the rules say that a statement does, for comparing with what a server did.
struct Claim
{
    QMap<QString, LockMode> locks; ///< the strongest by the name of the table as it is written
    bool scans = false;
    bool rewrites = false;

    bool operator==(const Claim &) const = default;
};

/// Of statement number `statement` of the file, all its acts together. Pure.
[[nodiscard]] Claim claimOf(const LintFile &file, qsizetype statement);

/// It is the session's or psql's own: nothing that a rehearsal could run.
[[nodiscard]] bool belongsToSession(const SqlStatement &statement);

/// A sentence for each way in which the server did otherwise than the rules say; none = as they
/// say. Locks that stop neither reads nor writes nor DDL (ROW SHARE and weaker) do not count. Pure.
[[nodiscard]] QStringList differences(const Claim &claim, const Rehearsed &rehearsed);

} // namespace pilothouse

#pragma once

#include "base/result.h"
#include "connectors/git/githandle.h"
#include "connectors/git/gitlocation.h"

#include <QString>

namespace pilothouse {

/// Both repositories, opened. The mirror sees every object of the clone without a copy (Git's
/// alternates), so that seeding takes no time however large the clone is.
struct GitPair
{
    GitRepositoryHandle clone;
    GitRepositoryHandle mirror;

    /// Why a commit or a file may be missing although the host has it: the clone is shallow or
    /// partial. Empty if it is complete.
    [[nodiscard]] QString missingPart() const;
};

/// Notes in the mirror that it was fetched into just now. What cannot be noted makes the mirror
/// look older than it is, and nothing else.
void noteFetched(const QString &mirror);

/// Removes the locks of references that a console left behind when it was killed: Git holds one for
/// milliseconds, so one of some minutes is nobody's. While it lay there nothing could be fetched.
void dropOldLocks(const QString &mirror);

/// NotFound if there is no repository at the clone's path. Blocks; one thread per pair.
[[nodiscard]] Result<GitPair> openPair(const GitLocation &location);

} // namespace pilothouse

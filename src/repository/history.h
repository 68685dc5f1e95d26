#pragma once

#include "repository/sourcetree.h"

#include <optional>

namespace pilothouse {

/// Commits on one side of a comparison: none stands before one that came after it, and where that
/// leaves a choice the later date is first.
struct CommitRange
{
    QList<Commit> commits;
    bool more = false; ///< there are more than were asked for

    bool operator==(const CommitRange &) const = default;
};

/// A file that is not the same in two commits.
struct ChangedFile
{
    enum class How { Added, Removed, Modified, Renamed };

    QString path;   ///< at the second commit; of a removed file, at the first
    QString before; ///< of a renamed file, at the first commit; else empty
    How how = How::Modified;

    bool operator==(const ChangedFile &) const = default;
};

/// What lies between two commits. A commit that is missing (shallow clone) is NotFound and says so;
/// it is never a short answer. Every call is safe from the GUI thread.
class History
{
public:
    virtual ~History() = default;

    /// The commits that `of` comes from and `without` does not, merges among them; at most `limit`.
    [[nodiscard]] virtual QFuture<Result<CommitRange>> commitsOf(const CommitId &of,
                                                                 const CommitId &without, int limit)
        = 0;
    /// A newest commit that both come from; nullopt = two histories.
    [[nodiscard]] virtual QFuture<Result<std::optional<CommitId>>> commonAncestor(const CommitId &a,
                                                                                  const CommitId &b)
        = 0;
    /// By path. A renamed file is one entry; links and submodules are files here.
    [[nodiscard]] virtual QFuture<Result<QList<ChangedFile>>> changedFiles(const CommitId &from,
                                                                           const CommitId &to)
        = 0;
};

} // namespace pilothouse

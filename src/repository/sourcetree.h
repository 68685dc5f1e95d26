#pragma once

#include "base/id.h"
#include "base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QFuture>
#include <QList>

namespace pilothouse {

/// A commit as people read it.
struct Commit
{
    CommitId id;
    QString subject; ///< first line of the message
    QString body;    ///< the rest, trimmed
    QString author;
    QDateTime at; ///< committer time, UTC
    QList<CommitId> parents;

    bool operator==(const Commit &) const = default;
};

struct SourceFile
{
    QString path; ///< from the root of the repository, with '/'
    QByteArray content;
};

/// Files and history of the workspace's repository at a commit, never the work tree.
/// Answers come from a thread of its own; every call is safe from the GUI thread.
class SourceTree
{
public:
    virtual ~SourceTree() = default;

    /// A branch, tag, full or short SHA to a commit; NotFound names what was looked for.
    [[nodiscard]] virtual QFuture<Result<CommitId>> resolve(const QString &name) = 0;
    /// The tip of the default branch (origin/HEAD, else HEAD).
    [[nodiscard]] virtual QFuture<Result<CommitId>> defaultTip() = 0;
    [[nodiscard]] virtual QFuture<Result<Commit>> commit(const CommitId &id) = 0;
    /// First-parent history from `from`, newest first, at most `limit`.
    [[nodiscard]] virtual QFuture<Result<QList<Commit>>> history(const CommitId &from, int limit)
        = 0;
    [[nodiscard]] virtual QFuture<Result<SourceFile>> file(const CommitId &at, const QString &path)
        = 0;
    /// The files right in `folder` (not below), sorted by path; empty if there is no such folder.
    [[nodiscard]] virtual QFuture<Result<QList<SourceFile>>> files(const CommitId &at,
                                                                   const QString &folder)
        = 0;
    /// Brings in what is new on the other side; a no-op for a clone without a remote.
    [[nodiscard]] virtual QFuture<Result<void>> refresh() = 0;
};

} // namespace pilothouse

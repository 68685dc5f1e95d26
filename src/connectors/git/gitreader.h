#pragma once

#include "connectors/git/gitmirror.h"
#include "repository/ancestry.h"
#include "repository/history.h"
#include "repository/sourcetree.h"

namespace pilothouse {

/// The answers of GitRepository, computed where they are asked: every call blocks. Belongs to one
/// thread. Opens the repositories at the first question, and tries again if that failed.
class GitReader
{
public:
    explicit GitReader(GitLocation location);

    [[nodiscard]] Result<Commit> commit(const CommitId &id);
    /// Ends early, without a failure, where a shallow clone ends: the last commit then has parents.
    [[nodiscard]] Result<QList<Commit>> history(const CommitId &from, int limit);
    [[nodiscard]] Result<SourceFile> file(const CommitId &at, const QString &path);
    [[nodiscard]] Result<QList<SourceFile>> files(const CommitId &at, const QString &folder);
    [[nodiscard]] Result<Relation> relation(const CommitId &a, const CommitId &b);
    [[nodiscard]] Result<CommitRange> commitsOf(const CommitId &of, const CommitId &without,
                                                int limit);
    [[nodiscard]] Result<std::optional<CommitId>> commonAncestor(const CommitId &a,
                                                                 const CommitId &b);
    [[nodiscard]] Result<QList<ChangedFile>> changedFiles(const CommitId &from, const CommitId &to);
    [[nodiscard]] Result<CommitId> resolve(const QString &name);
    [[nodiscard]] Result<CommitId> defaultTip();

    /// URL of the clone's remote `origin`, empty if it has none.
    [[nodiscard]] Result<QString> originUrl();
    /// From now on what the mirror knows of origin is newer than what the clone knows.
    void originFetched() { m_originFetched = true; }

private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] Result<git_oid> oidOf(const CommitId &id) const;
    [[nodiscard]] Result<GitCommitHandle> lookUp(const CommitId &id);
    [[nodiscard]] Result<GitTreeHandle> treeOf(const CommitId &id);
    [[nodiscard]] Result<QByteArray> content(const git_oid &blob, const QString &path);
    [[nodiscard]] Error missing(const QString &what) const;

    GitLocation m_location;
    GitPair m_pair;
    bool m_originFetched = false;
};

} // namespace pilothouse

#pragma once

#include "base/id.h"
#include "base/result.h"

#include <git2.h>
#if __has_include(<git2/sys/errors.h>) // here since 1.8
#include <git2/sys/errors.h>
#endif

#include <utility>

namespace pilothouse {

/// Owns a libgit2 object and frees it with the function that belongs to it.
template <typename T, auto Free>
class GitHandle
{
public:
    GitHandle() = default;
    ~GitHandle() { Free(m_object); }
    GitHandle(GitHandle &&other) noexcept : m_object(std::exchange(other.m_object, nullptr)) {}
    GitHandle &operator=(GitHandle &&other) noexcept
    {
        std::swap(m_object, other.m_object);
        return *this;
    }
    Q_DISABLE_COPY(GitHandle)

    [[nodiscard]] T *get() const { return m_object; }
    explicit operator bool() const { return m_object != nullptr; }

    /// For libgit2's out-parameters: `git_commit_lookup(commit.out(), …)`. Frees what it held.
    [[nodiscard]] T **out()
    {
        Free(std::exchange(m_object, nullptr));
        return &m_object;
    }

private:
    T *m_object = nullptr;
};

using GitRepositoryHandle = GitHandle<git_repository, git_repository_free>;
using GitOdbHandle = GitHandle<git_odb, git_odb_free>;
using GitObjectHandle = GitHandle<git_object, git_object_free>;
using GitCommitHandle = GitHandle<git_commit, git_commit_free>;
using GitTreeHandle = GitHandle<git_tree, git_tree_free>;
using GitTreeEntryHandle = GitHandle<git_tree_entry, git_tree_entry_free>;
using GitBlobHandle = GitHandle<git_blob, git_blob_free>;
using GitReferenceHandle = GitHandle<git_reference, git_reference_free>;
using GitReferenceIterator = GitHandle<git_reference_iterator, git_reference_iterator_free>;
using GitRemoteHandle = GitHandle<git_remote, git_remote_free>;
using GitConfigHandle = GitHandle<git_config, git_config_free>;
using GitRevwalkHandle = GitHandle<git_revwalk, git_revwalk_free>;
using GitDiffHandle = GitHandle<git_diff, git_diff_free>;

/// Starts the library once for the whole process. Repositories of other owners may be read: the
/// console runs nothing out of them (no hook, no filter), which is what Git's check is for.
void initializeGit();

/// The failure of the libgit2 call on the line before, in the same thread. The kind follows the
/// code where it is a plain one (not found, refused credential, network), else it is `otherwise`.
[[nodiscard]] Error gitError(int code, ErrorKind otherwise, const QString &message);

[[nodiscard]] CommitId idOf(const git_oid &oid);

} // namespace pilothouse

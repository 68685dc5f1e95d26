#pragma once

#include "connectors/git/gitmirror.h"

#include <QByteArray>

#include <optional>

namespace pilothouse {

/// What a name stands for, in the clone and in our own mirror together. Git thread.
///
/// A branch means the branch of `origin` before the local one: a release is what the host has. Of
/// what clone and mirror know about origin the newer one counts, whoever fetched it.
class GitReferences
{
public:
    enum class Fresher {
        Compare, ///< by ancestry; unrelated ones: the mirror's
        Mirror,  ///< it was fetched just now
    };

    GitReferences(const GitPair &pair, Fresher fresher);

    /// A branch ("main", "origin/main"), tag, "HEAD" or full reference name.
    [[nodiscard]] std::optional<git_oid> named(const QByteArray &name) const;
    /// The tip of origin's default branch; nothing if it is not known.
    [[nodiscard]] std::optional<git_oid> originHead() const;
    /// What the clone has checked out; nothing before its first commit.
    [[nodiscard]] std::optional<git_oid> cloneHead() const;

private:
    [[nodiscard]] std::optional<git_oid> onOrigin(const QByteArray &branch) const;

    const GitPair &m_pair;
    Fresher m_fresher;
};

/// The commit a reference leads to, through tags and symbolic references.
[[nodiscard]] std::optional<git_oid> commitAt(git_repository *repository,
                                              const QByteArray &reference);

} // namespace pilothouse

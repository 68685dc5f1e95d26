#include "connectors/git/gitreferences.h"

namespace pilothouse {

namespace {

const QByteArray originPrefix = QByteArrayLiteral("refs/remotes/origin/");

/// The branch that refs/remotes/origin/HEAD points at, without its prefix.
QByteArray defaultBranch(git_repository *repository)
{
    GitReferenceHandle head;
    if (git_reference_lookup(head.out(), repository, "refs/remotes/origin/HEAD") < 0)
        return {};
    const QByteArray target = git_reference_symbolic_target(head.get());
    return target.startsWith(originPrefix) ? target.mid(originPrefix.size()) : QByteArray();
}

} // namespace

std::optional<git_oid> commitAt(git_repository *repository, const QByteArray &reference)
{
    GitReferenceHandle found;
    GitObjectHandle commit;
    if (git_reference_lookup(found.out(), repository, reference.constData()) < 0
        || git_reference_peel(commit.out(), found.get(), GIT_OBJECT_COMMIT) < 0) {
        git_error_clear();
        return std::nullopt;
    }
    return *git_object_id(commit.get());
}

GitReferences::GitReferences(const GitPair &pair, Fresher fresher)
    : m_pair(pair), m_fresher(fresher)
{}

std::optional<git_oid> GitReferences::onOrigin(const QByteArray &branch) const
{
    const auto ours = commitAt(m_pair.mirror.get(), originPrefix + branch);
    if (ours && m_fresher == Fresher::Mirror)
        return ours;
    const auto theirs = commitAt(m_pair.clone.get(), originPrefix + branch);
    if (!ours || !theirs)
        return ours ? ours : theirs;
    const int newer = git_graph_descendant_of(m_pair.mirror.get(), &*theirs, &*ours);
    if (newer < 0)
        git_error_clear();
    return newer == 1 ? theirs : ours;
}

std::optional<git_oid> GitReferences::originHead() const
{
    for (git_repository *repository : {m_pair.mirror.get(), m_pair.clone.get()}) {
        const QByteArray branch = defaultBranch(repository);
        if (branch.isEmpty())
            continue;
        if (const auto tip = onOrigin(branch))
            return tip;
    }
    git_error_clear();
    return std::nullopt;
}

std::optional<git_oid> GitReferences::cloneHead() const
{
    return commitAt(m_pair.clone.get(), QByteArrayLiteral("HEAD"));
}

std::optional<git_oid> GitReferences::named(const QByteArray &name) const
{
    if (name == "HEAD")
        return cloneHead();
    if (name == "origin/HEAD")
        return originHead();
    if (const auto branch = onOrigin(name.startsWith("origin/") ? name.mid(7) : name))
        return branch;
    for (git_repository *repository : {m_pair.clone.get(), m_pair.mirror.get()}) {
        for (const char *prefix : {"refs/heads/", "refs/tags/", "refs/remotes/"}) {
            if (const auto commit = commitAt(repository, prefix + name))
                return commit;
        }
        if (name.startsWith("refs/")) {
            if (const auto commit = commitAt(repository, name))
                return commit;
        }
    }
    return std::nullopt;
}

} // namespace pilothouse

#include "base/words.h"
#include "connectors/git/gitreader.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace pilothouse {

namespace {

enum class Reach {
    Yes,
    No,
    CannotTell, ///< the way there may lead through a commit that is missing or broken
};

/// Follows every parent that is there. Slower than libgit2's own question, but that one fails at
/// the first missing commit even where the answer lies before it.
Reach walk(git_repository *repository, const git_oid &from, const git_oid &to)
{
    const auto keyOf = [](const git_oid &oid) {
        return std::string(reinterpret_cast<const char *>(&oid), sizeof oid);
    };
    std::unordered_set<std::string> seen{keyOf(from)};
    std::vector<git_oid> open{from};
    Reach otherwise = Reach::No;
    while (!open.empty()) {
        const git_oid at = open.back();
        open.pop_back();
        if (git_oid_equal(&at, &to) != 0)
            return Reach::Yes;
        GitCommitHandle commit;
        if (git_commit_lookup(commit.out(), repository, &at) < 0) {
            git_error_clear();
            otherwise = Reach::CannotTell;
            continue;
        }
        for (unsigned int i = 0; i < git_commit_parentcount(commit.get()); ++i) {
            const git_oid parent = *git_commit_parent_id(commit.get(), i);
            if (seen.insert(keyOf(parent)).second)
                open.push_back(parent);
        }
    }
    return otherwise;
}

Reach reaches(git_repository *repository, const git_oid &from, const git_oid &to)
{
    const int answer = git_graph_descendant_of(repository, &from, &to);
    if (answer >= 0)
        return answer == 1 ? Reach::Yes : Reach::No;
    git_error_clear();
    return walk(repository, from, to);
}

} // namespace

Result<Relation> GitReader::relation(const CommitId &a, const CommitId &b)
{
    const Result<GitCommitHandle> first = lookUp(a);
    if (!first)
        return fail(first.error());
    const Result<GitCommitHandle> second = lookUp(b);
    if (!second)
        return fail(second.error());
    const git_oid one = *git_commit_id(first->get());
    const git_oid other = *git_commit_id(second->get());
    if (git_oid_equal(&one, &other) != 0)
        return Relation::Same;

    const Reach older = reaches(m_pair.mirror.get(), other, one);
    if (older == Reach::Yes)
        return Relation::Older;
    const Reach newer = reaches(m_pair.mirror.get(), one, other);
    if (newer == Reach::Yes)
        return Relation::Newer;
    if (older == Reach::CannotTell || newer == Reach::CannotTell)
        return fail(missing(Words::tr("A commit between %1 and %2").arg(shortSha(a), shortSha(b))));
    return Relation::Unrelated;
}

} // namespace pilothouse

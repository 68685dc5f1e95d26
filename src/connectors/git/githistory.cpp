#include "base/words.h"
#include "connectors/git/gitreader.h"

#include <algorithm>
#include <map>
#include <queue>
#include <vector>

namespace pilothouse {

namespace {

/// A commit on the way from one commit down to another.
struct OnTheWay
{
    git_oid id{};
    git_time_t at = 0;
    std::vector<git_oid> parents;
    int children = 0; ///< that are not listed yet
};

struct OidLess
{
    bool operator()(const git_oid &a, const git_oid &b) const { return git_oid_cmp(&a, &b) < 0; }
};

using Way = std::map<git_oid, OnTheWay, OidLess>;

/// Everything between `of` and `without`, if every way down ends at `without`: then all of it came
/// after `without`, whatever is missing below. Else nothing can be told.
std::optional<Way> wayDown(git_repository *repository, const git_oid &of, const git_oid &without)
{
    Way way;
    std::vector<git_oid> open{of};
    while (!open.empty()) {
        const git_oid id = open.back();
        open.pop_back();
        if (git_oid_equal(&id, &without) != 0 || way.count(id) > 0)
            continue;
        GitCommitHandle commit;
        if (git_commit_lookup(commit.out(), repository, &id) < 0
            || git_commit_parentcount(commit.get()) == 0) {
            git_error_clear();
            return std::nullopt;
        }
        OnTheWay &here = way[id];
        here.id = id;
        here.at = git_commit_time(commit.get());
        for (unsigned int i = 0; i < git_commit_parentcount(commit.get()); ++i) {
            here.parents.push_back(*git_commit_parent_id(commit.get(), i));
            open.push_back(here.parents.back());
        }
    }
    return way;
}

std::vector<git_oid> newestFirst(Way way)
{
    for (const auto &[id, each] : way) {
        for (const git_oid &parent : each.parents) {
            if (const auto found = way.find(parent); found != way.end())
                ++found->second.children;
        }
    }
    const auto earlier = [](const OnTheWay *a, const OnTheWay *b) {
        return a->at != b->at ? a->at < b->at : git_oid_cmp(&a->id, &b->id) < 0;
    };
    std::priority_queue<const OnTheWay *, std::vector<const OnTheWay *>, decltype(earlier)> free(
        earlier);
    for (const auto &[id, each] : way) {
        if (each.children == 0)
            free.push(&each);
    }
    std::vector<git_oid> ordered;
    while (!free.empty()) {
        const OnTheWay *next = free.top();
        free.pop();
        ordered.push_back(next->id);
        for (const git_oid &parent : next->parents) {
            const auto found = way.find(parent);
            if (found != way.end() && --found->second.children == 0)
                free.push(&found->second);
        }
    }
    return ordered;
}

/// The first `most` of them, by the library. It stops at the first missing commit, also at one that
/// the answer does not depend on: then nullopt.
std::optional<std::vector<git_oid>> libraryWalk(git_repository *repository, const git_oid &of,
                                                const git_oid &without, size_t most)
{
    GitRevwalkHandle walk;
    if (git_revwalk_new(walk.out(), repository) < 0
        || git_revwalk_sorting(walk.get(), GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME) < 0
        || git_revwalk_push(walk.get(), &of) < 0 || git_revwalk_hide(walk.get(), &without) < 0) {
        git_error_clear();
        return std::nullopt;
    }
    std::vector<git_oid> found;
    int code = 0;
    git_oid id;
    while (found.size() < most && (code = git_revwalk_next(&id, walk.get())) == 0)
        found.push_back(id);
    git_error_clear();
    if (code < 0 && code != GIT_ITEROVER)
        return std::nullopt;
    return found;
}

ChangedFile changedFile(const git_diff_delta &delta)
{
    const QString before = QString::fromUtf8(delta.old_file.path);
    const QString after = QString::fromUtf8(delta.new_file.path);
    switch (delta.status) {
    case GIT_DELTA_ADDED:
        return {after, {}, ChangedFile::How::Added};
    case GIT_DELTA_DELETED:
        return {before, {}, ChangedFile::How::Removed};
    case GIT_DELTA_RENAMED:
        return {after, before, ChangedFile::How::Renamed};
    default:
        return {after, {}, ChangedFile::How::Modified};
    }
}

} // namespace

Result<CommitRange> GitReader::commitsOf(const CommitId &of, const CommitId &without, int limit)
{
    const Result<GitCommitHandle> upper = lookUp(of);
    if (!upper)
        return fail(upper.error());
    const Result<GitCommitHandle> lower = lookUp(without);
    if (!lower)
        return fail(lower.error());
    const git_oid top = *git_commit_id(upper->get());
    const git_oid bottom = *git_commit_id(lower->get());
    const auto most = size_t(std::max(limit, 0));

    auto found = libraryWalk(m_pair.mirror.get(), top, bottom, most + 1);
    if (!found) {
        auto way = wayDown(m_pair.mirror.get(), top, bottom);
        if (!way)
            return fail(missing(
                Words::tr("A commit between %1 and %2").arg(shortSha(without), shortSha(of))));
        found = newestFirst(std::move(*way));
    }
    CommitRange range;
    range.more = found->size() > most;
    found->resize(std::min(found->size(), most));
    for (const git_oid &id : *found) {
        const Result<Commit> each = commit(idOf(id));
        if (!each)
            return fail(each.error());
        range.commits.append(*each);
    }
    return range;
}

Result<std::optional<CommitId>> GitReader::commonAncestor(const CommitId &a, const CommitId &b)
{
    const Result<GitCommitHandle> one = lookUp(a);
    if (!one)
        return fail(one.error());
    const Result<GitCommitHandle> other = lookUp(b);
    if (!other)
        return fail(other.error());
    git_oid base;
    const int code = git_merge_base(&base, m_pair.mirror.get(), git_commit_id(one->get()),
                                    git_commit_id(other->get()));
    if (code == 0)
        return std::optional(idOf(base));
    // "None" and "a commit on the way is missing" are one code: the class of the error tells.
    const git_error *last = git_error_last();
    const bool none = code == GIT_ENOTFOUND && last && last->klass == GIT_ERROR_MERGE;
    git_error_clear();
    if (none)
        return std::optional<CommitId>();
    return fail(
        missing(Words::tr("A commit that %1 and %2 come from").arg(shortSha(a), shortSha(b))));
}

Result<QList<ChangedFile>> GitReader::changedFiles(const CommitId &from, const CommitId &to)
{
    const Result<GitTreeHandle> before = treeOf(from);
    if (!before)
        return fail(before.error());
    const Result<GitTreeHandle> after = treeOf(to);
    if (!after)
        return fail(after.error());
    GitDiffHandle diff;
    const int code = git_diff_tree_to_tree(diff.out(), m_pair.mirror.get(), before->get(),
                                           after->get(), nullptr);
    if (code == GIT_ENOTFOUND) {
        git_error_clear();
        return fail(
            missing(Words::tr("A list of files of %1 or %2").arg(shortSha(from), shortSha(to))));
    }
    if (code < 0)
        return fail(gitError(code, ErrorKind::Malformed,
                             Words::tr("The files of %1 and %2 cannot be compared: run \"git "
                                       "fsck\" in %3.")
                                 .arg(shortSha(from), shortSha(to), m_location.clone)));
    // Where contents are missing (a partial clone) a renamed file stays one removed and one added.
    if (git_diff_find_similar(diff.get(), nullptr) < 0)
        git_error_clear();
    QList<ChangedFile> files;
    for (size_t i = 0; i < git_diff_num_deltas(diff.get()); ++i)
        files.append(changedFile(*git_diff_get_delta(diff.get(), i)));
    std::sort(files.begin(), files.end(),
              [](const ChangedFile &a, const ChangedFile &b) { return a.path < b.path; });
    return files;
}

} // namespace pilothouse

#pragma once

#include "release/compare/changedifference.h"
#include "release/compare/dependencies.h"
#include "release/compare/filekind.h"
#include "release/compare/pullrequest.h"
#include "release/compare/seenworld.h"
#include "release/compare/valuesdifference.h"
#include "repository/ancestry.h"

namespace pilothouse {

struct ComparedCommit
{
    Commit commit;
    PullRequest pullRequest;

    bool operator==(const ComparedCommit &) const = default;
};

/// Commits that one of the two has and the other has not, newest first.
struct ComparedCommits
{
    QList<ComparedCommit> list;
    bool more = false; ///< there are more than are listed

    bool operator==(const ComparedCommits &) const = default;
};

struct ComparedFile
{
    ChangedFile file;
    FileKind kind = FileKind::Code;

    bool operator==(const ComparedFile &) const = default;
};

/// The image of both commits at one place, as far as its traffic tells them.
struct ImageDifference
{
    QString where;  ///< a track
    QString before; ///< digest; empty = not told
    QString after;

    bool operator==(const ImageDifference &) const = default;
};

/// What a release would bring compared with another commit, and what it would take back.
struct Comparison
{
    CommitId from; ///< what it is compared with, usually the stable one
    CommitId to;
    Relation relation = Relation::Same; ///< how `to` stands to `from`
    std::optional<CommitId> fork; ///< of unrelated ones, where they part; nullopt = two histories
    ComparedCommits brought;      ///< in `to`, not in `from`
    ComparedCommits takenBack;    ///< in `from`, not in `to`
    QList<ComparedFile> files;    ///< by kind, then by path
    QList<ChangeDifference> changes;
    QList<ValuesFile> values;
    QList<DependencyFile> dependencies;
    QList<ImageDifference> images;

    bool operator==(const Comparison &) const = default;
};

/// Files of a kind.
[[nodiscard]] QList<ComparedFile> filesOf(const Comparison &comparison, FileKind kind);
/// How many people wrote these commits, by the name of the author.
[[nodiscard]] int peopleOf(const QList<ComparedCommit> &commits);
/// Values that differ, over all files.
[[nodiscard]] int valueCount(const Comparison &comparison);
[[nodiscard]] ComparedCommits comparedCommits(const CommitRange &range);
/// One entry for each place that tells the digest of at least one of the two.
[[nodiscard]] QList<ImageDifference> imageDifferences(const CommitId &from, const CommitId &to,
                                                      const QList<SeenImage> &seen);

} // namespace pilothouse

#include "release/compare/comparison.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

QList<ComparedFile> filesOf(const Comparison &comparison, FileKind kind)
{
    QList<ComparedFile> found;
    std::copy_if(comparison.files.cbegin(), comparison.files.cend(), std::back_inserter(found),
                 [kind](const ComparedFile &each) { return each.kind == kind; });
    return found;
}

int peopleOf(const QList<ComparedCommit> &commits)
{
    QSet<QString> names;
    for (const ComparedCommit &each : commits)
        names.insert(each.commit.author.trimmed().toCaseFolded());
    return int(names.size());
}

int valueCount(const Comparison &comparison)
{
    int count = 0;
    for (const ValuesFile &file : comparison.values)
        count += int(file.differences.size());
    return count;
}

ComparedCommits comparedCommits(const CommitRange &range)
{
    ComparedCommits compared;
    compared.more = range.more;
    for (const Commit &commit : range.commits)
        compared.list.append({commit, pullRequestOf(commit)});
    return compared;
}

QList<ImageDifference> imageDifferences(const CommitId &from, const CommitId &to,
                                        const QList<SeenImage> &seen)
{
    QList<ImageDifference> places;
    for (const SeenImage &each : seen) {
        if (each.commit != from && each.commit != to)
            continue;
        auto place = std::find_if(places.begin(), places.end(), [&](const ImageDifference &known) {
            return known.where == each.where;
        });
        if (place == places.end())
            place = places.insert(places.end(), {each.where, {}, {}});
        // Both, where a commit is held against itself.
        if (each.commit == from)
            place->before = each.digest;
        if (each.commit == to)
            place->after = each.digest;
    }
    return places;
}

} // namespace pilothouse

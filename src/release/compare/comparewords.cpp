#include "release/compare/comparewords.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

namespace {

const QString partSeparator = QStringLiteral(" · ");
constexpr qsizetype digestLength = 12; ///< as container tools show them

QString byPeople(const ComparedCommits &commits)
{
    const auto count = int(commits.list.size());
    if (count == 1)
        return Words::tr("1 commit by 1 person");
    const int people = peopleOf(commits.list);
    const QString many = commits.more ? Words::tr("more than %1 commits").arg(count)
                                      : Words::tr("%1 commits").arg(count);
    return people == 1 ? Words::tr("%1 by 1 person").arg(many)
                       : Words::tr("%1 by %2 people").arg(many).arg(people);
}

QString schemaWords(const Comparison &comparison)
{
    QStringList columns;
    for (const ChangeDifference &each : comparison.changes)
        columns.append(each.column.isEmpty() ? each.name.value : each.column);
    if (columns.isEmpty())
        return Words::tr("0 changes");
    const QString names = columns.join(QStringLiteral(", "));
    return columns.size() == 1 ? Words::tr("1 change (%1)").arg(names)
                               : Words::tr("%1 changes (%2)").arg(columns.size()).arg(names);
}

} // namespace

QString commitsWords(const Comparison &comparison)
{
    QString brought = byPeople(comparison.brought);
    QString takenBack = Words::tr("takes back %1").arg(byPeople(comparison.takenBack));
    switch (comparison.relation) {
    case Relation::Same:
        return Words::tr("the same commit");
    case Relation::Newer:
        return brought;
    case Relation::Older:
        return takenBack;
    case Relation::Unrelated:
        return comparison.fork ? brought + QStringLiteral(", ") + takenBack
                               : Words::tr("no history in common");
    }
    return {};
}

QString dependencyWords(const QList<DependencyFile> &files)
{
    const DependencyCount count = countDependencies(files);
    QStringList signs;
    if (count.added > 0)
        signs.append(QStringLiteral("+%1").arg(count.added));
    if (count.removed > 0)
        signs.append(QStringLiteral("−%1").arg(count.removed));
    QStringList parts;
    if (!signs.isEmpty())
        parts.append(signs.join(QLatin1Char(' ')));
    if (count.changed > 0)
        parts.append(Words::tr("%1 updated").arg(count.changed));
    if (!parts.isEmpty())
        return parts.join(QStringLiteral(", "));
    if (files.isEmpty())
        return QStringLiteral("0");
    return files.size() == 1 ? Words::tr("in 1 file") : Words::tr("in %1 files").arg(files.size());
}

QString valuesWords(const Comparison &comparison)
{
    const auto unread
        = std::count_if(comparison.values.cbegin(), comparison.values.cend(),
                        [](const ValuesFile &file) { return !file.problem.isEmpty(); });
    QString count = QString::number(valueCount(comparison));
    if (unread == 0)
        return count;
    return unread == 1 ? Words::tr("%1, 1 file not read whole").arg(count)
                       : Words::tr("%1, %2 files not read whole").arg(count).arg(unread);
}

QString diffSentence(const Comparison &comparison)
{
    QStringList parts{commitsWords(comparison)};
    if (comparison.relation == Relation::Same)
        return parts.first();
    parts.append(schemaWords(comparison));
    parts.append(Words::tr("chart values %1").arg(valuesWords(comparison)));
    if (const auto files = filesOf(comparison, FileKind::Chart).size(); files > 0)
        parts.append(Words::tr("chart files %1").arg(files));
    parts.append(Words::tr("dependencies %1").arg(dependencyWords(comparison.dependencies)));
    parts.append(Words::tr("workflows %1").arg(filesOf(comparison, FileKind::Workflow).size()));
    return parts.join(partSeparator);
}

QString relationSentence(const Comparison &comparison)
{
    const QString from = shortSha(comparison.from);
    const QString to = shortSha(comparison.to);
    switch (comparison.relation) {
    case Relation::Same:
        return Words::tr("%1 is the same commit.").arg(to);
    case Relation::Newer:
        return Words::tr("%1 comes after %2 and has all that it has.").arg(to, from);
    case Relation::Older:
        return Words::tr("%1 is older than %2: going there takes back what came since.")
            .arg(to, from);
    case Relation::Unrelated:
        return comparison.fork
                   ? Words::tr("%1 does not come from %2: they part at %3, so it also takes back "
                               "what only %2 has.")
                         .arg(to, from, shortSha(*comparison.fork))
                   : Words::tr("%1 and %2 have no history in common: only their files can be "
                               "compared.")
                         .arg(to, from);
    }
    return {};
}

QString howWord(ChangedFile::How how)
{
    switch (how) {
    case ChangedFile::How::Added:
        return Words::tr("added");
    case ChangedFile::How::Removed:
        return Words::tr("removed");
    case ChangedFile::How::Modified:
        return Words::tr("changed");
    case ChangedFile::How::Renamed:
        return Words::tr("renamed");
    }
    return {};
}

QString shortDigest(const QString &digest)
{
    return digest.left(digest.indexOf(QLatin1Char(':')) + 1 + digestLength);
}

QString chatLineOf(const Comparison &comparison)
{
    return Words::tr("`%1` compared with `%2`: %3")
        .arg(shortSha(comparison.to), shortSha(comparison.from), diffSentence(comparison));
}

} // namespace pilothouse

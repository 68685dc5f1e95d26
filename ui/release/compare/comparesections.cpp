#include "ui/release/compare/comparesections.h"

#include "base/words.h"
#include "release/compare/comparewords.h"
#include "ui/widgets/words.h"

namespace pilothouse {
namespace {

const QString absent = QStringLiteral("–");

QString orAbsent(const QString &text)
{
    return text.isEmpty() ? absent : text;
}

SectionView commitSection(CompareSection section, const QString &name,
                          const ComparedCommits &commits)
{
    SectionView view;
    view.section = section;
    view.name = name;
    view.count
        = QString::number(commits.list.size()) + (commits.more ? QStringLiteral("+") : QString());
    view.headings = {Words::tr("Commit"), Words::tr("Subject"), Words::tr("Pull request"),
                     Words::tr("Author"), Words::tr("Committed")};
    view.wide = 1;
    view.code = {0};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const ComparedCommit &each : commits.list) {
        const Commit &commit = each.commit;
        view.rows.append(
            {commit.id.value,
             {shortSha(commit.id), each.pullRequest.title,
              each.pullRequest.number > 0 ? QStringLiteral("#%1").arg(each.pullRequest.number)
                                          : absent,
              commit.author, whenText(commit.at, now)},
             commit.body.isEmpty() ? commit.subject
                                   : commit.subject + QStringLiteral("\n\n") + commit.body,
             Tone::Neutral,
             commit.id});
    }
    if (commits.more)
        view.rows.append({QStringLiteral("more"),
                          {absent, Words::tr("and more before these, not listed"), {}, {}, {}},
                          {},
                          Tone::Warning});
    view.whyEmpty = Words::tr("No commit is in one and not in the other.");
    return view;
}

SectionView changeSection(const Comparison &comparison)
{
    SectionView view;
    view.section = CompareSection::Changes;
    view.name = Words::tr("Schema changes");
    view.count = QString::number(comparison.changes.size());
    view.headings = {Words::tr("Change"), Words::tr("What became of it"), Words::tr("Now")};
    view.wide = 1;
    for (const ChangeDifference &each : comparison.changes)
        view.rows.append({each.path,
                          {each.name.value, changeWords(each), orAbsent(each.phase)},
                          each.problem.isEmpty() ? each.path : each.problem,
                          each.problem.isEmpty() ? Tone::Neutral : Tone::Warning});
    view.whyEmpty = Words::tr("No file of a schema change differs: the database plays no part.");
    return view;
}

SectionView valuesSection(const Comparison &comparison)
{
    SectionView view;
    view.section = CompareSection::Values;
    view.name = Words::tr("Chart values");
    view.count = QString::number(valueCount(comparison));
    view.headings
        = {Words::tr("Value"), Words::tr("Before"), Words::tr("After"), Words::tr("File")};
    view.wide = 2;
    view.code = {0, 1, 2};
    for (const ValuesFile &file : comparison.values) {
        const QString name = file.path.section(QLatin1Char('/'), -1);
        for (const ValueDifference &each : file.differences)
            view.rows.append(
                {file.path + QLatin1Char(' ') + each.key,
                 {each.key, orAbsent(each.before), orAbsent(each.after), name},
                 QStringLiteral("%1\n%2: %3 → %4")
                     .arg(file.path, each.key, orAbsent(each.before), orAbsent(each.after)),
                 Tone::Neutral});
        if (!file.problem.isEmpty())
            view.rows.append({file.path,
                              {Words::tr("not read whole"), absent, absent, name},
                              file.problem,
                              Tone::Warning});
    }
    view.whyEmpty = Words::tr("No value of a chart differs.");
    return view;
}

SectionView dependencySection(const Comparison &comparison)
{
    SectionView view;
    view.section = CompareSection::Dependencies;
    view.name = Words::tr("Dependencies");
    view.count = dependencyWords(comparison.dependencies);
    view.headings
        = {Words::tr("Package"), Words::tr("Before"), Words::tr("After"), Words::tr("File")};
    view.wide = 2;
    view.code = {1, 2};
    for (const DependencyFile &file : comparison.dependencies) {
        for (const DependencyDifference &each : file.differences)
            view.rows.append({file.path + QLatin1Char(' ') + each.name,
                              {each.name, orAbsent(each.before), orAbsent(each.after), file.path},
                              file.path,
                              Tone::Neutral});
        if (!file.problem.isEmpty())
            view.rows.append(
                {file.path, {file.problem, absent, absent, file.path}, file.path, Tone::Neutral});
    }
    view.whyEmpty = Words::tr("No package came, went or changed.");
    return view;
}

SectionView workflowSection(const Comparison &comparison)
{
    SectionView view;
    view.section = CompareSection::Workflows;
    view.name = Words::tr("Workflows");
    view.headings = {Words::tr("File"), Words::tr("What became of it")};
    view.wide = 1;
    view.code = {0};
    for (const ComparedFile &each : filesOf(comparison, FileKind::Workflow))
        view.rows.append(
            {each.file.path, {each.file.path, howWord(each.file.how)}, {}, Tone::Neutral});
    view.count = QString::number(view.rows.size());
    view.whyEmpty = Words::tr("Both are built and deployed in the same way.");
    return view;
}

SectionView imageSection(const Comparison &comparison)
{
    SectionView view;
    view.section = CompareSection::Images;
    view.name = Words::tr("Images");
    view.count = QString::number(comparison.images.size());
    view.headings = {Words::tr("Track"), Words::tr("Before"), Words::tr("After")};
    view.wide = 2;
    view.code = {1, 2};
    const auto shown = [](const QString &digest) {
        return digest.isEmpty() ? Words::tr("not told") : shortDigest(digest);
    };
    for (const ImageDifference &each : comparison.images)
        view.rows.append({each.where,
                          {each.where, shown(each.before), shown(each.after)},
                          orAbsent(each.before) + QStringLiteral(" → ") + orAbsent(each.after),
                          Tone::Neutral});
    view.whyEmpty = Words::tr("No track runs one of the two, or none tells its image.");
    return view;
}

} // namespace

QList<SectionView> sectionsOf(const Comparison &comparison)
{
    QList<SectionView> all;
    if (comparison.relation != Relation::Older)
        all.append(
            commitSection(CompareSection::Commits, Words::tr("Commits"), comparison.brought));
    if (comparison.relation == Relation::Older || comparison.relation == Relation::Unrelated)
        all.append(commitSection(CompareSection::TakenBack, Words::tr("Taken back"),
                                 comparison.takenBack));
    all.append(changeSection(comparison));
    all.append(valuesSection(comparison));
    all.append(dependencySection(comparison));
    all.append(workflowSection(comparison));
    all.append(imageSection(comparison));
    SectionView files;
    files.section = CompareSection::Files;
    files.name = Words::tr("Files");
    files.count = QString::number(comparison.files.size());
    all.append(files);
    SectionView notes;
    notes.section = CompareSection::Notes;
    notes.name = Words::tr("Notes");
    all.append(notes);
    return all;
}

} // namespace pilothouse

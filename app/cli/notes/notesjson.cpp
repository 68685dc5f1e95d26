#include "app/cli/notes/notesjson.h"

#include "release/compare/comparewords.h"

#include <QJsonArray>

namespace pilothouse {
namespace {

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue flagOrNull(const std::optional<bool> &value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

QString relationWord(Relation relation)
{
    switch (relation) {
    case Relation::Same:
        return QStringLiteral("same");
    case Relation::Older:
        return QStringLiteral("older");
    case Relation::Newer:
        return QStringLiteral("newer");
    case Relation::Unrelated:
        return QStringLiteral("unrelated");
    }
    return {};
}

QString kindKey(FileKind kind)
{
    switch (kind) {
    case FileKind::Change:
        return QStringLiteral("change");
    case FileKind::Values:
        return QStringLiteral("values");
    case FileKind::Chart:
        return QStringLiteral("chart");
    case FileKind::Workflow:
        return QStringLiteral("workflow");
    case FileKind::Dependencies:
        return QStringLiteral("dependencies");
    case FileKind::Code:
        return QStringLiteral("code");
    }
    return {};
}

QJsonObject commitsJson(const ComparedCommits &commits)
{
    QJsonArray list;
    for (const ComparedCommit &each : commits.list) {
        const int number = each.pullRequest.number;
        list.append(QJsonObject{
            {QStringLiteral("commit"), each.commit.id.value},
            {QStringLiteral("subject"), each.commit.subject},
            {QStringLiteral("author"), each.commit.author},
            {QStringLiteral("at"), each.commit.at.toString(Qt::ISODate)},
            {QStringLiteral("pull_request"),
             number > 0 ? QJsonValue(number) : QJsonValue(QJsonValue::Null)},
        });
    }
    return {{QStringLiteral("commits"), list}, {QStringLiteral("more"), commits.more}};
}

QJsonArray filesJson(const QList<ComparedFile> &files)
{
    QJsonArray list;
    for (const ComparedFile &each : files)
        list.append(QJsonObject{{QStringLiteral("path"), each.file.path},
                                {QStringLiteral("was"), textOrNull(each.file.before)},
                                {QStringLiteral("became"), howWord(each.file.how)},
                                {QStringLiteral("kind"), kindKey(each.kind)}});
    return list;
}

QJsonArray changesJson(const QList<ChangeDifference> &changes)
{
    QJsonArray list;
    for (const ChangeDifference &each : changes)
        list.append(
            QJsonObject{{QStringLiteral("name"), each.name.value},
                        {QStringLiteral("path"), each.path},
                        {QStringLiteral("column"), textOrNull(each.column)},
                        {QStringLiteral("became"), changeWords(each)},
                        {QStringLiteral("contract_ready_before"), flagOrNull(each.readyBefore)},
                        {QStringLiteral("contract_ready_after"), flagOrNull(each.readyAfter)},
                        {QStringLiteral("problem"), textOrNull(each.problem)}});
    return list;
}

/// Values and packages have one form: what, in which file, before and after.
template <typename File>
QJsonArray differencesJson(const QList<File> &files, const QString &what, auto nameOf)
{
    QJsonArray list;
    for (const File &file : files) {
        QJsonArray differences;
        for (const auto &each : file.differences)
            differences.append(QJsonObject{{what, nameOf(each)},
                                           {QStringLiteral("before"), textOrNull(each.before)},
                                           {QStringLiteral("after"), textOrNull(each.after)}});
        list.append(QJsonObject{{QStringLiteral("path"), file.path},
                                {QStringLiteral("differences"), differences},
                                {QStringLiteral("problem"), textOrNull(file.problem)}});
    }
    return list;
}

} // namespace

QJsonObject notesJson(const Comparison &comparison)
{
    return {
        {QStringLiteral("from"), comparison.from.value},
        {QStringLiteral("to"), comparison.to.value},
        {QStringLiteral("relation"), relationWord(comparison.relation)},
        {QStringLiteral("fork"), textOrNull(comparison.fork ? comparison.fork->value : QString())},
        {QStringLiteral("sentence"), diffSentence(comparison)},
        {QStringLiteral("brought"), commitsJson(comparison.brought)},
        {QStringLiteral("taken_back"), commitsJson(comparison.takenBack)},
        {QStringLiteral("changes"), changesJson(comparison.changes)},
        {QStringLiteral("values"),
         differencesJson(comparison.values, QStringLiteral("key"),
                         [](const ValueDifference &each) { return each.key; })},
        {QStringLiteral("dependencies"),
         differencesJson(comparison.dependencies, QStringLiteral("package"),
                         [](const DependencyDifference &each) { return each.name; })},
        {QStringLiteral("files"), filesJson(comparison.files)},
    };
}

} // namespace pilothouse

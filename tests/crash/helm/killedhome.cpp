#include "crash/helm/killedhome.h"

#include "journal/sqlitejournal.h"
#include "support/await.h"
#include "support/places.h"

#include <QDirIterator>
#include <QFileInfo>
#include <QJsonDocument>

namespace pilothouse {
namespace {

constexpr int longestRun = 60'000; // ms

} // namespace

QString KilledHome::Said::token() const
{
    return QJsonDocument::fromJson(printed).object().value(QLatin1String("confirm")).toString();
}

KilledHome::KilledHome(const QByteArray &control)
{
    QFile workspace(workspaceFile());
    if (!workspace.open(QIODevice::WriteOnly))
        qFatal("%s", qPrintable(workspace.errorString()));
    workspace.write("pilothouse: 1\n"
                    "name: crash\n"
                    "environment: {name: rehearsal, kind: rehearsal}\n"
                    "repository: {path: .}\n"
                    "tracks:\n"
                    "  standalone:\n"
                    "    control: "
                    + control
                    + "\n"
                      "    commit_from: image-tag\n"
                      "    plan: [{weight: 10}, {weight: 50}, {weight: 100}]\n");
}

QString KilledHome::workspaceFile() const
{
    return m_folder.filePath(QStringLiteral("pilothouse.yaml"));
}

QString KilledHome::journalFile() const
{
    QDirIterator files(m_folder.path(), {QStringLiteral("journal.sqlite")}, QDir::Files,
                       QDirIterator::Subdirectories);
    return files.hasNext() ? files.next() : QString();
}

void KilledHome::start(QProcess &process, const QStringList &arguments) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *each : {"XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"})
        environment.insert(QLatin1String(each), m_folder.path());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(PILOTHOUSE_BINARY_DIR "/bin/pilothouse-cli"),
                  arguments
                      + QStringList{QStringLiteral("--json"), QStringLiteral("--workspace"),
                                    workspaceFile(), QStringLiteral("--track"),
                                    QStringLiteral("standalone")});
}

KilledHome::Said KilledHome::run(const QStringList &arguments) const
{
    QProcess process;
    start(process, arguments);
    process.waitForFinished(longestRun);
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

qint64 KilledHome::written() const
{
    return QFileInfo(journalFile() + QStringLiteral("-wal")).size();
}

QList<Record> KilledHome::records(ChainState &chain) const
{
    SystemClock clock;
    const auto journal = SqliteJournal::open(journalFile(), clock);
    if (!journal)
        return {};
    const auto all = await((*journal)->newest(1000));
    chain = await((*journal)->verify()).value_or(ChainState());
    QList<Record> oldestFirst = all.value_or(QList<Record>());
    std::reverse(oldestFirst.begin(), oldestFirst.end());
    return oldestFirst;
}

QList<Record> KilledHome::openIntents(const QList<Record> &records)
{
    QList<Record> open;
    for (const Record &record : records) {
        if (record.kind == RecordKind::Intent)
            open.append(record);
        else if (record.kind == RecordKind::Outcome)
            open.removeIf([&](const Record &each) { return each.id == record.id; });
    }
    return open;
}

} // namespace pilothouse

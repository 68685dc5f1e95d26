#include "app/sandbox/parts/postgresserver.h"
#include "app/sandbox/parts/prometheusserver.h"
#include "sandbox_parts/serverfixture.h"
#include "sandboxprogram.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <optional>

using namespace pilothouse::sandbox;

namespace {

/// A process and what tells it from a later one of the same number.
struct Process
{
    qint64 pid = 0;
    qint64 parent = 0;
    QString name;
    QString startedAt; ///< in ticks since boot

    bool operator==(const Process &) const = default;
};

/// nullopt = there is no such process, or it is a zombie.
std::optional<Process> processOf(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QString line = QString::fromLocal8Bit(file.readAll());
    const auto nameEnd = line.lastIndexOf(QLatin1Char(')'));
    const QStringList rest = line.mid(nameEnd + 2).split(QLatin1Char(' '));
    constexpr int startField = 19; // of those after the name: proc(5), (22) starttime
    if (rest.size() <= startField || rest[0] == QLatin1String("Z"))
        return std::nullopt;
    return Process{pid, rest[1].toLongLong(),
                   line.mid(line.indexOf(QLatin1Char('(')) + 1).section(QLatin1Char(')'), 0, 0),
                   rest[startField]};
}

/// All that a process has started, and what those have.
QList<Process> offspringOf(qint64 pid)
{
    QList<Process> all;
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        if (const auto process = processOf(entry.toLongLong()); process && process->parent > 0)
            all.append(*process);
    }
    QList<Process> found;
    QList<qint64> parents{pid};
    while (!parents.isEmpty()) {
        const qint64 parent = parents.takeFirst();
        for (const Process &each : std::as_const(all)) {
            if (each.parent == parent) {
                found.append(each);
                parents.append(each.pid);
            }
        }
    }
    return found;
}

bool isThere(const QList<Process> &processes, const char *name)
{
    return std::any_of(processes.cbegin(), processes.cend(), [name](const Process &each) {
        return each.name.startsWith(QLatin1String(name));
    });
}

QStringList stillRunning(const QList<Process> &processes)
{
    QStringList names;
    for (const Process &each : processes) {
        // Whoever adopted it is its parent now.
        const auto now = processOf(each.pid);
        if (now && now->startedAt == each.startedAt)
            names.append(each.name);
    }
    return names;
}

/// Folders of servers that ran for a process, where they have an account of their own.
QStringList foldersOf(qint64 pid)
{
    QStringList found;
    for (const QString &place : {QDir::tempPath(), QStringLiteral("/tmp")})
        found += QDir(place).entryList({QStringLiteral("pilothouse-run-%1-*").arg(pid)},
                                       QDir::Dirs | QDir::Hidden);
    return found;
}

} // namespace

/// A rehearsal that is killed while its real servers run.
class KilledTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itsServersEndWithItAndTheNextStartSucceeds()
    {
        REQUIRE_PROGRAMS(PostgresServer::binaryFolder());
        REQUIRE_PROGRAMS(PrometheusServer::binaryFolder());
        const QTemporaryDir parent;
        const QString dir = parent.filePath(QStringLiteral("rehearsal"));
        const auto bothReady = [](const SandboxProgram &program) {
            const QJsonValue servers = program.state().value(QLatin1String("servers"));
            return servers[QLatin1String("postgres")] == QLatin1String("ready")
                   && servers[QLatin1String("prometheus")] == QLatin1String("ready");
        };
        SandboxProgram first;
        QCOMPARE(first.start(dir, {}), QString());
        QTRY_VERIFY_WITH_TIMEOUT(bothReady(first), 60'000);
        const qint64 pid = first.pid();
        const QList<Process> servers = offspringOf(pid);
        QVERIFY(isThere(servers, "postgres"));
        QVERIFY(isThere(servers, "prometheus"));

        first.kill();
        QTRY_COMPARE_WITH_TIMEOUT(stillRunning(servers), QStringList(), 20'000);

        SandboxProgram second;
        QCOMPARE(second.start(dir, {}), QString());
        QTRY_VERIFY_WITH_TIMEOUT(bothReady(second), 60'000);
        QCOMPARE(foldersOf(pid), QStringList()); // what the killed one could not take away
        const QList<Process> others = offspringOf(second.pid());
        QVERIFY(second.end());
        QCOMPARE(stillRunning(others), QStringList());
        QVERIFY(!QDir(dir).exists() || QDir(dir).isEmpty());
    }
};

QTEST_GUILESS_MAIN(KilledTest)
#include "killedtest.moc"

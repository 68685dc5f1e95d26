#include "app/sandbox/parts/servers/serverplace.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

namespace pilothouse::sandbox {

namespace {

template <typename T>
Result<T> waited(const QFuture<Result<T>> &future)
{
    if (!QTest::qWaitFor([&] { return future.isFinished(); }, 20'000))
        return fail(ErrorKind::TimedOut, QStringLiteral("no answer"));
    return future.result();
}

bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly)
           && file.write(content) == content.size()
           && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner
                                  | QFile::ReadOther | QFile::ExeOther);
}

constexpr auto forAll
    = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther;

/// The number of a process that is gone.
qint64 deadProcess()
{
    QProcess process;
    process.start(QStringLiteral("true"), QStringList());
    process.waitForStarted();
    const qint64 pid = process.processId();
    process.waitForFinished();
    return pid;
}

} // namespace

/// Where servers run and what may reach them. As root the system's temporary folder is a private
/// one here.
class ServerPlaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aServerFolderIsForItsAccountAlone();
    void foldersOfKilledRunsAreRemoved();
    void aFolderThatCannotBeMadeIsTold();
    void programsInAClosedFolderAreCopiedOnce();
    void programsThatAreOpenToAllStayWhereTheyAre();
    void aFailedCommandTellsItsLastWords();
    void noVariableButThePathIsPassedOn();

private:
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ServerPlaceTest::init()
{
    qunsetenv("TMPDIR");
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QFile::setPermissions(m_dir->path(), forAll));
    qputenv("TMPDIR", QFile::encodeName(m_dir->path()));
    qputenv("XDG_CACHE_HOME", QFile::encodeName(m_dir->filePath(QStringLiteral("cache"))));
}

void ServerPlaceTest::aServerFolderIsForItsAccountAlone()
{
    const auto folder = makeServerFolder(m_dir->path(), QStringLiteral("postgres"));
    QVERIFY2(folder, folder ? "" : qPrintable(folder.error().message));
    const QFileInfo info(*folder);
    QVERIFY(info.isDir());
    QCOMPARE(info.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
             QFile::Permissions());
    QCOMPARE(info.ownerId() == getuid(), !changesAccount());
}

void ServerPlaceTest::foldersOfKilledRunsAreRemoved()
{
    const auto name = [this](qint64 pid) {
        return m_dir->filePath(QStringLiteral("pilothouse-run-%1-postgres-abc").arg(pid));
    };
    const QString left = name(deadProcess());
    const QString living = name(getpid());
    const QString foreign = left + QStringLiteral("-of-root");
    for (const QString &path : {left, living})
        QVERIFY(write(path + QStringLiteral("/data/PG_VERSION"), "15") && giveToServers(path));
    QVERIFY(write(foreign + QStringLiteral("/keep"), "this"));
    QVERIFY(makeServerFolder(m_dir->path(), QStringLiteral("postgres")));
    // Without root, runs keep their data in the sandbox's own folder: nothing here is theirs.
    QCOMPARE(QFileInfo::exists(left), !changesAccount());
    QVERIFY(QFileInfo::exists(living));
    QVERIFY(QFileInfo::exists(foreign)); // not of the servers' account
}

void ServerPlaceTest::aFolderThatCannotBeMadeIsTold()
{
    // Below a file there is no folder, not even for root.
    QVERIFY(write(m_dir->filePath(QStringLiteral("file")), "words"));
    qputenv("TMPDIR", QFile::encodeName(m_dir->filePath(QStringLiteral("file"))));
    const auto folder
        = makeServerFolder(m_dir->filePath(QStringLiteral("file")), QStringLiteral("postgres"));
    QVERIFY(!folder);
    QCOMPARE(folder.error().kind, ErrorKind::Unavailable);
}

void ServerPlaceTest::programsInAClosedFolderAreCopiedOnce()
{
    QTemporaryDir closed; // as private as root's home
    ServerPrograms programs;
    programs.root = closed.path();
    programs.folder = closed.filePath(QStringLiteral("usr/bin"));
    programs.needed = {QStringLiteral("usr/bin/server")};
    QVERIFY(write(programs.folder + QStringLiteral("/server"), "#!/bin/sh\necho here\n"));
    const auto copied = waited(withinReach(programs, this));
    QVERIFY2(copied, copied ? "" : qPrintable(copied.error().message + copied.error().detail));
    if (!changesAccount()) { // servers run as the very person who can reach them
        QCOMPARE(copied->folder, programs.folder);
        return;
    }
    QVERIFY(copied->folder.startsWith(m_dir->path()));
    const auto output = waited(ProcessRunner().run(
        serverCommand(*copied, QStringLiteral("server"), {}, QStringLiteral("KILL"))));
    QVERIFY(output);
    QCOMPARE(output->standardOutput, QByteArray("here\n"));
    const auto again = waited(withinReach(programs, this));
    QVERIFY(again);
    QCOMPARE(again->folder, copied->folder);
    // A newer server is another one.
    QVERIFY(write(programs.folder + QStringLiteral("/server"), "#!/bin/sh\necho there, newer\n"));
    const auto newer = waited(withinReach(programs, this));
    QVERIFY(newer);
    QVERIFY(newer->folder != copied->folder);
}

void ServerPlaceTest::programsThatAreOpenToAllStayWhereTheyAre()
{
    ServerPrograms programs;
    programs.folder = QStringLiteral("/usr/bin");
    const auto reached = waited(withinReach(programs, this));
    QVERIFY(reached);
    QCOMPARE(reached->folder, programs.folder);
}

void ServerPlaceTest::aFailedCommandTellsItsLastWords()
{
    Command command;
    command.program = QStringLiteral("sh");
    command.arguments = {QStringLiteral("-c"), QStringLiteral("echo no room >&2; exit 3")};
    const auto result
        = succeeded(waited(ProcessRunner().run(command)), QStringLiteral("It failed."));
    QVERIFY(!result);
    QCOMPARE(result.error().message, QStringLiteral("It failed."));
    QCOMPARE(result.error().detail, QStringLiteral("no room\n"));
}

void ServerPlaceTest::noVariableButThePathIsPassedOn()
{
    qputenv("GH_TOKEN", "not-for-servers");
    ServerPrograms programs;
    programs.folder = QStringLiteral("/usr/bin");
    const auto output = waited(ProcessRunner().run(
        serverCommand(programs, QStringLiteral("env"), {}, QStringLiteral("KILL"))));
    qunsetenv("GH_TOKEN");
    QVERIFY(output);
    QVERIFY(output->standardOutput.contains("PATH="));
    QVERIFY(!output->standardOutput.contains("GH_TOKEN"));
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::ServerPlaceTest)
#include "serverplacetest.moc"

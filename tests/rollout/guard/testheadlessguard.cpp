#include "rollout/guard/headlessguard.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace pilothouse;

namespace {

using Answer = Result<HeadlessGuard::Watching>;

const TrackName standalone(QStringLiteral("standalone"));

bool lives(qint64 process)
{
    return ::kill(pid_t(process), 0) == 0;
}

} // namespace

/// What happens around a guard that is started as a program of its own; the programs are scripts.
class TestHeadlessGuard final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_dir = std::make_unique<QTemporaryDir>();
        QVERIFY(m_dir->isValid());
    }

    void itIsTheCommandThatIsToldToo()
    {
        QCOMPARE(
            headlessGuardArguments(QStringLiteral("/w/pilothouse.yaml"), standalone)
                .join(QLatin1Char(' ')),
            QStringLiteral("guard --workspace /w/pilothouse.yaml --track standalone --until-over"));
    }

    void itWatchesWhenItSaysSo()
    {
        const auto guard = start("echo \"$@\"\n"
                                 "echo '{\"watches\":false,\"sentence\":\"nothing judged\"}'\n"
                                 "sleep 1\n"
                                 "echo '{\"watches\":true,\"sentence\":\"watched\"}'\n"
                                 "exec sleep 60\n");
        QVERIFY2(guard, guard ? "" : qPrintable(guard.error().message));
        QVERIFY(lives(guard->process));
        QVERIFY(said(guard->output)
                    .startsWith("guard --workspace /w/pilothouse.yaml --track standalone "
                                "--until-over --json\n"));
        const QFile::Permissions others = QFile::ReadGroup | QFile::ReadOther;
        QVERIFY(!(QFile::permissions(guard->output) & others));
        HeadlessGuard::end(*guard);
        QTRY_VERIFY(!lives(guard->process));
    }

    void itOutlivesWhoStartedIt()
    {
        qint64 process = 0;
        {
            HeadlessGuard starter(settings("echo '{\"watches\":true}'\nexec sleep 60\n"));
            const QFuture<Answer> started = starter.start(standalone);
            QTRY_VERIFY_WITH_TIMEOUT(started.isFinished(), 20'000);
            process = started.result().value().process;
        }
        QVERIFY(lives(process));
        // In a session of its own: no terminal takes it along.
        QVERIFY(getsid(pid_t(process)) != getsid(0));
        ::kill(pid_t(process), SIGTERM);
    }

    void oneThatEndsDoesNotWatchAndSaysWhy()
    {
        const auto guard = start("echo 'There is no track standalone' >&2\nexit 2\n");
        QVERIFY(!guard);
        QCOMPARE(guard.error().kind, ErrorKind::Unavailable);
        QCOMPARE(guard.error().message,
                 QStringLiteral("The headless guard ended at once: There is no track standalone"));
        QVERIFY(QFile::exists(guard.error().detail));
    }

    void oneThatDoesNotWatchInTimeIsEnded()
    {
        const QString process = m_dir->filePath(QStringLiteral("process"));
        const auto guard
            = start("echo $$ > " + process.toUtf8()
                        + "\necho '{\"watches\":false,\"sentence\":\"UNWATCHED: metrics lost\"}'\n"
                          "exec sleep 60\n",
                    std::chrono::seconds(2));
        QVERIFY(!guard);
        QCOMPARE(guard.error().kind, ErrorKind::TimedOut);
        QVERIFY2(guard.error().message.endsWith(QLatin1String("UNWATCHED: metrics lost")),
                 qPrintable(guard.error().message));
        const qint64 ended = said(process).trimmed().toLongLong();
        QVERIFY(ended > 0);
        QTRY_VERIFY(!lives(ended));
    }

    void withoutTheProgramNothingIsStarted()
    {
        HeadlessGuard starter({m_dir->filePath(QStringLiteral("nothing")), {}, m_dir->path(), {}});
        QVERIFY(!starter.isInstalled());
        const Answer guard = starter.start(standalone).result();
        QCOMPARE(guard.error().kind, ErrorKind::NotFound);
    }

    void whatCannotBeWrittenDownIsNotStarted()
    {
        HeadlessGuard::Settings given = settings("exec sleep 60\n");
        given.folder = given.program + QStringLiteral("/below-a-file");
        HeadlessGuard starter(given);
        const Answer guard = starter.start(standalone).result();
        QCOMPARE(guard.error().kind, ErrorKind::Unavailable);
    }

private:
    [[nodiscard]] HeadlessGuard::Settings settings(const QByteArray &script) const
    {
        const QString program = m_dir->filePath(QStringLiteral("pilothouse-cli"));
        QFile file(program);
        if (file.open(QIODevice::WriteOnly))
            file.write("#!/bin/sh\n" + script);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return {program, QStringLiteral("/w/pilothouse.yaml"),
                m_dir->filePath(QStringLiteral("guards")), std::chrono::seconds(20)};
    }

    Answer start(const QByteArray &script, std::chrono::milliseconds patience = {})
    {
        HeadlessGuard::Settings given = settings(script);
        if (patience.count() > 0)
            given.patience = patience;
        HeadlessGuard starter(given);
        const QFuture<Answer> started = starter.start(standalone);
        [&started] {
            QTRY_VERIFY_WITH_TIMEOUT(started.isFinished(), 30'000);
        }();
        return started.isFinished() ? started.result()
                                    : Answer(fail(ErrorKind::Internal, QStringLiteral("no end")));
    }

    static QByteArray said(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(TestHeadlessGuard)
#include "testheadlessguard.moc"

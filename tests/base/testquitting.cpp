#include "base/commandrunner.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <cstdio>
#include <unistd.h>

using namespace pilothouse;

namespace {

constexpr auto quits = "--quits-while-a-program-runs";

/// What the test starts: an application that ends while a program of its runs.
int quitAtOnce(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    Command command;
    command.program = QStringLiteral("sleep");
    command.arguments = {QStringLiteral("600")};
    ProcessRunner runner;
    static_cast<void>(runner.run(command));
    QCoreApplication::processEvents();
    return 0;
}

QByteArray commandLineOf(int pid)
{
    QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

constexpr auto isKilled = "--is-killed-while-a-program-runs";

/// An application that is killed once its program has said its process id.
int beKilled(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    Command command;
    command.program = QStringLiteral("sh");
    command.arguments = {QStringLiteral("-c"), QStringLiteral("echo $$; exec sleep 600")};
    command.timeout = std::chrono::milliseconds(0);
    command.endsWithUs = true;
    command.onLine = [](const QString &line) {
        std::printf("%s\n", qPrintable(line));
        std::fflush(stdout);
        ::kill(::getpid(), SIGKILL);
    };
    ProcessRunner runner;
    static_cast<void>(runner.run(command));
    return QCoreApplication::exec();
}

} // namespace

class TestQuitting final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anApplicationEndsThoughItsProgramRuns()
    {
        QProcess application;
        application.start(QCoreApplication::applicationFilePath(), {QLatin1String(quits)});
        QVERIFY2(application.waitForFinished(20'000), "it hangs");
        QCOMPARE(application.exitStatus(), QProcess::NormalExit);
        QCOMPARE(application.exitCode(), 0);
    }

    void whatIsToEndWithAnApplicationEndsWhenThatIsKilledToo()
    {
        QProcess application;
        application.start(QCoreApplication::applicationFilePath(), {QLatin1String(isKilled)});
        QVERIFY2(application.waitForFinished(20'000), "it hangs");
        QCOMPARE(application.exitStatus(), QProcess::CrashExit);
        const int program = application.readAllStandardOutput().trimmed().toInt();
        QVERIFY(program > 0);
        // Whoever inherits it may be slow to bury it: a dead one has no command line.
        QTRY_VERIFY(commandLineOf(program).isEmpty());
    }
};

int main(int argc, char **argv)
{
    if (argc > 1 && qstrcmp(argv[1], quits) == 0)
        return quitAtOnce(argc, argv);
    if (argc > 1 && qstrcmp(argv[1], isKilled) == 0)
        return beKilled(argc, argv);
    QCoreApplication application(argc, argv);
    TestQuitting test;
    return QTest::qExec(&test, argc, argv);
}

#include "testquitting.moc"

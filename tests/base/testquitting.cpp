#include "base/commandrunner.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>

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
};

int main(int argc, char **argv)
{
    if (argc > 1 && qstrcmp(argv[1], quits) == 0)
        return quitAtOnce(argc, argv);
    QCoreApplication application(argc, argv);
    TestQuitting test;
    return QTest::qExec(&test, argc, argv);
}

#include "testquitting.moc"

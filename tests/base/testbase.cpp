#include "base/commandrunner.h"
#include "base/credentialsource.h"
#include "base/id.h"
#include "base/reading.h"
#include "base/tokenforms.h"
#include "support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <type_traits>

using namespace pilothouse;
using namespace std::chrono_literals;

class TestBase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void idsOfDifferentKindsDoNotMix()
    {
        static_assert(!std::is_convertible_v<RunId, JobId>);
        static_assert(!std::is_convertible_v<qint64, RunId>);
        QVERIFY(RunId(4) == RunId(4));
        QVERIFY(RunId(4) < RunId(5));
        QCOMPARE(shortSha(CommitId(QStringLiteral("0123456789abcdef"))), QStringLiteral("0123456"));
    }

    void ageCountsFromTheFactsOwnStampByTheServersClock()
    {
        FakeClock clock;
        Reading<int> reading;
        reading.serverAt = QDateTime(QDate(2026, 11, 24), QTime(12, 0, 30), Qt::UTC);
        reading.factAt = reading.serverAt.addSecs(-20);
        reading.receivedSinceBoot = clock.sinceBoot();
        QCOMPARE(reading.age(clock), 20'000ms);
        clock.advance(5s);
        QCOMPARE(reading.age(clock), 25'000ms);
    }

    void ageWithoutStampsCountsFromReceipt()
    {
        FakeClock clock;
        Reading<int> reading;
        reading.receivedSinceBoot = clock.sinceBoot();
        clock.advance(3s);
        QCOMPARE(reading.age(clock), 3'000ms);
    }

    void ageIsNeverNegativeWhateverTheServersClockSays()
    {
        FakeClock clock;
        Reading<int> reading;
        reading.serverAt = QDateTime(QDate(2026, 11, 24), QTime(12, 0, 0), Qt::UTC);
        reading.factAt = reading.serverAt.addSecs(60);
        reading.receivedSinceBoot = clock.sinceBoot();
        QCOMPARE(reading.age(clock), 0ms);
    }

    void knownFormsOfTokensAreMasked_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("masked");
        const auto row = [](const char *name, const char *text, const char *masked) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(masked);
        };
        row("nothing to hide", "sha=c41d77e, ö", "sha=c41d77e, ö");
        row("a token in a sentence", "with ghp_abcdefghijklmnopqrstuvwxyz0123456789.", "with ***.");
        row("two lines", "AKIAIOSFODNN7EXAMPLE\npassword=hunter2 x", "***\npassword=*** x");
        row("a key over several lines",
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nvQ==\n-----END RSA PRIVATE KEY-----\nb",
            "a\n-----BEGIN RSA PRIVATE KEY-----***-----END RSA PRIVATE KEY-----\nb");
        row("a key without its end", "-----BEGIN PRIVATE KEY-----\nMIIE",
            "-----BEGIN PRIVATE KEY-----***");
        row("a certificate", "-----BEGIN CERTIFICATE-----\nMIIE",
            "-----BEGIN CERTIFICATE-----\nMIIE");
        row("masked already", "password=***", "password=***");
    }

    void knownFormsOfTokensAreMasked()
    {
        QFETCH(const QString, text);
        QTEST(maskedText(text), "masked");
    }

    void theFakeClockRunsWhatFallsDueInOrder()
    {
        FakeClock clock;
        QObject context;
        QStringList ran;
        clock.after(20ms, &context, [&] { ran << QStringLiteral("second"); });
        clock.after(10ms, &context, [&] {
            ran << QStringLiteral("first");
            clock.after(5ms, &context, [&] { ran << QStringLiteral("between"); });
        });
        clock.advance(9ms);
        QCOMPARE(ran, QStringList());
        clock.advance(20ms);
        QCOMPARE(ran, (QStringList{QStringLiteral("first"), QStringLiteral("between"),
                                   QStringLiteral("second")}));
    }

    void theSystemClockRunsOn()
    {
        SystemClock clock;
        const auto before = clock.sinceBoot();
        QVERIFY(before > 0ms);
        QObject context;
        bool ran = false;
        clock.after(1ms, &context, [&] { ran = true; });
        QTRY_VERIFY(ran);
        QVERIFY(clock.sinceBoot() >= before);
    }

    void aProgramGivesOutputAndExitCode()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"), QStringLiteral("cat; echo oops >&2; exit 3")};
        command.input = "hello";
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        const auto result = future.result();
        QVERIFY(result);
        QCOMPARE(result->exitCode, 3);
        QCOMPARE(result->standardOutput, QByteArray("hello"));
        QCOMPARE(result->standardError, QByteArray("oops\n"));
    }

    void whatASignalEndedIsNoAnswer()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"), QStringLiteral("echo begun; kill -9 $$")};
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        const auto result = future.result();
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unavailable);
        QCOMPARE(result.error().detail, QStringLiteral("signal 9"));
        QVERIFY(result.error().message.contains(QStringLiteral("“sh” was ended")));
    }

    void aMissingProgramIsNamed()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("no-such-program-here");
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::NotFound);
        QVERIFY(future.result().error().message.contains(command.program));
    }

    void aProgramThatHangsIsEnded()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sleep");
        command.arguments = {QStringLiteral("60")};
        command.timeout = 50ms;
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::TimedOut);
    }

    void aProgramThatPrintsWithoutEndIsEnded_data()
    {
        QTest::addColumn<QString>("script");
        QTest::addColumn<int>("grace"); // ms
        QTest::newRow("to its output") << QStringLiteral("exec yes") << 0;
        QTest::newRow("to its errors") << QStringLiteral("exec yes >&2") << 0;
        QTest::newRow("and does not want to end")
            << QStringLiteral("trap '' TERM; while :; do echo more; done") << 50;
        QTest::newRow("and was done by the time it was seen")
            << QStringLiteral("head -c 5000 /dev/zero") << 0;
    }
    void aProgramThatPrintsWithoutEndIsEnded()
    {
        QFETCH(const QString, script);
        QFETCH(const int, grace);
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"), script};
        command.timeout = 60s;
        command.grace = std::chrono::milliseconds(grace);
        command.mostBytes = 4096;
        const auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Malformed);
        QCOMPARE(future.result().error().message,
                 QStringLiteral("“sh” printed more than 0.00391 MB and was ended."));
    }

    void asMuchAsIsAllowedIsTaken()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"), QStringLiteral("head -c 4096 /dev/zero")};
        command.mostBytes = 4096;
        const auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QVERIFY(future.result());
        QCOMPARE(future.result()->standardOutput.size(), 4096);
    }

    void linesAreToldAsTheyCome()
    {
        ProcessRunner runner;
        QStringList lines;
        Command command;
        command.program = QStringLiteral("sh");
        // The second half comes only after somebody saw the first.
        QTemporaryDir folder;
        const QString seen = folder.filePath(QStringLiteral("seen"));
        command.arguments = {QStringLiteral("-c"),
                             QStringLiteral("printf 'gr\\303\\274n\\r\\nhal'; "
                                            "while ! test -e \"$0\"; do sleep 0.01; done; "
                                            "printf 'f\\n\\nend'; echo oops >&2"),
                             seen};
        command.onLine = [&](const QString &line) {
            lines << line;
            QFile file(seen);
            QVERIFY(file.open(QIODevice::WriteOnly));
        };
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(lines.takeFirst(), QString(QStringLiteral("gr") + QChar(0xfc) + QLatin1Char('n')));
        QVERIFY(lines.removeOne(QStringLiteral("oops")));
        QCOMPARE(lines, (QStringList{QStringLiteral("half"), QString(), QStringLiteral("end")}));
        QCOMPARE(future.result()->standardOutput, QByteArray("gr\303\274n\r\nhalf\n\nend"));
        QCOMPARE(future.result()->standardError, QByteArray("oops\n"));
    }

    void aProgramWithAGraceIsAskedToEndFirst()
    {
        ProcessRunner runner;
        QStringList lines;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments
            = {QStringLiteral("-c"), QStringLiteral("trap 'echo tidied up; exit 0' TERM; echo on; "
                                                    "while :; do :; done")};
        command.timeout = 300ms;
        command.grace = 60s;
        command.onLine = [&](const QString &line) {
            lines << line;
        };
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::TimedOut);
        QCOMPARE(lines, (QStringList{QStringLiteral("on"), QStringLiteral("tidied up")}));
    }

    void aProgramThatDoesNotListenIsKilledAfterItsGrace()
    {
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments
            = {QStringLiteral("-c"), QStringLiteral("trap '' TERM; while :; do :; done")};
        command.timeout = 50ms;
        command.grace = 50ms;
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::TimedOut);
    }

    /// A script that stands for a program: what it started is the program.
    void whatAProgramStartedItselfIsEndedWithIt_data()
    {
        QTest::addColumn<QString>("script");
        QTest::newRow("it listens") << QStringLiteral("sleep 600 & echo $!; wait");
        QTest::newRow("it does not listen")
            << QStringLiteral("(trap '' TERM; sleep 600; sleep 600) & echo $!; wait");
    }
    void whatAProgramStartedItselfIsEndedWithIt()
    {
        QFETCH(const QString, script);
        ProcessRunner runner;
        QString pid;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"), script};
        command.timeout = 300ms;
        command.grace = 200ms;
        command.onLine = [&](const QString &line) {
            pid = line;
        };
        auto future = runner.run(command);
        QTRY_VERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::TimedOut);
        QVERIFY(pid.toInt() > 0);
        QFile running(QStringLiteral("/proc/%1/cmdline").arg(pid));
        // One that has ended may still be in the list, without a command line.
        QVERIFY(!running.open(QIODevice::ReadOnly) || running.readAll().isEmpty());
    }

    void aProgramThatNobodyWaitsForAnyMoreIsEnded()
    {
        ProcessRunner runner;
        QStringList lines;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments
            = {QStringLiteral("-c"), QStringLiteral("trap 'echo tidied up; exit 0' TERM; echo on; "
                                                    "while :; do :; done")};
        command.timeout = 0ms; // for ever
        command.grace = 60s;
        command.onLine = [&](const QString &line) {
            lines << line;
        };
        auto future = runner.run(command);
        QTRY_COMPARE(lines, QStringList{QStringLiteral("on")});
        future.cancel();
        QTRY_COMPARE(lines, (QStringList{QStringLiteral("on"), QStringLiteral("tidied up")}));
    }

    void aProgramThatStillRunsWhenTheApplicationQuitsIsWaitedFor()
    {
        QTemporaryDir folder;
        const QString tidied = folder.filePath(QStringLiteral("tidied"));
        ProcessRunner runner;
        Command command;
        command.program = QStringLiteral("sh");
        command.arguments = {QStringLiteral("-c"),
                             QStringLiteral("trap 'touch \"$0\"; exit 0' TERM; echo on; "
                                            "while :; do :; done"),
                             tidied};
        command.timeout = 60s;
        command.grace = 60s;
        bool on = false;
        command.onLine = [&](const QString &) {
            on = true;
        };
        const auto future = runner.run(command);
        QTRY_VERIFY(on);
        QVERIFY(QMetaObject::invokeMethod(qApp, "aboutToQuit", Qt::DirectConnection));
        QVERIFY(QFile::exists(tidied));
        QTRY_VERIFY(future.isFinished());
    }

    void noCredentialIsAnEmptyToken()
    {
        NoCredential none;
        auto future = none.token();
        QVERIFY(future.isFinished());
        QVERIFY(future.result()->isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "testbase.moc"

#include "app/sandbox/parts/logtexts.h"

#include <QRegularExpression>
#include <QTest>

namespace pilothouse::sandbox {

namespace {

JobRun runOf(const char *release, const char *job)
{
    JobRun run;
    run.release = QString::fromLatin1(release);
    run.sha = QString::fromLatin1(QByteArray(release) + QByteArray(33, 'a'));
    run.job = QString::fromLatin1(job);
    run.startedAt = QDateTime({2026, 11, 24}, {12, 54}, Qt::UTC);
    run.duration = std::chrono::minutes(5);
    return run;
}

QByteArrayList linesOf(const QByteArray &log)
{
    QByteArrayList lines = log.split('\n');
    lines.removeLast(); // after the last newline
    return lines;
}

/// Without stamps.
QByteArrayList textsOf(const QByteArray &log)
{
    QByteArrayList texts;
    for (const QByteArray &line : linesOf(log))
        texts << line.mid(29);
    return texts;
}

const char *const jobs[] = {"build",
                            "unit-tests",
                            "integration-tests",
                            "security-scan",
                            "lint (ruff)",
                            "lint (black)",
                            "lint (mypy)",
                            "deploy-staging",
                            "smoke",
                            "deploy-candidate",
                            "finish",
                            "cloud-build",
                            "deploy"};

} // namespace

class LogTextsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyJobHasALogInGitHubsForm_data();
    void everyJobHasALogInGitHubsForm();
    void aStampLiesWithinItsStep();
    void theSameRunGivesTheSameBytes();
    void onlyTheStampsDependOnTheStart();
    void theRedLogHasTheTellingLinesInOrder();
    void theRedLogIsLongAndAnswersTheToursSearch();
    void greenIntegrationLogsEndWell_data();
    void greenIntegrationLogsEndWell();
    void groupsAreClosed_data();
    void groupsAreClosed();
    void anUnknownJobHasNoLog();
    void cloudBuildTellsTagAndRevision();
    void helmTellsItsRevision();
    void aHealthyPodLogsNoError();
    void anExhaustedPoolShowsAsErrorsInTheirShare();
    void podLinesHaveTimeLevelAndText_data();
    void podLinesHaveTimeLevelAndText();
};

void LogTextsTest::everyJobHasALogInGitHubsForm_data()
{
    QTest::addColumn<QString>("job");
    for (const char *job : jobs)
        QTest::newRow(job) << QString::fromLatin1(job);
}

void LogTextsTest::everyJobHasALogInGitHubsForm()
{
    QFETCH(QString, job);
    const QByteArrayList lines = linesOf(jobLog(runOf("9f3c2a1", job.toLatin1().constData())));
    QVERIFY(lines.size() > 15);
    static const QRegularExpression form(QStringLiteral(R"(^2026-11-24T12:5\d:\d\d\.\d{7}Z )"));
    QByteArray before;
    for (const QByteArray &line : lines) {
        QVERIFY2(form.match(QString::fromUtf8(line)).hasMatch(), line.constData());
        QVERIFY2(line.left(28) >= before, line.constData());
        before = line.left(28);
    }
}

void LogTextsTest::aStampLiesWithinItsStep()
{
    const JobRun run = runOf("b7710fe", "integration-tests");
    const QList<JobStep> steps = jobSteps(run);
    const auto pytest = std::find_if(steps.begin(), steps.end(), [](const JobStep &step) {
        return step.name == QLatin1String("pytest");
    });
    QVERIFY(pytest != steps.end());
    QCOMPARE(pytest->number, 6);
    QCOMPARE(pytest->conclusion, QStringLiteral("failure"));
    QCOMPARE(steps.first().startedAt, run.startedAt);
    QCOMPARE(steps.last().completedAt, run.startedAt.addSecs(300));
    for (const QByteArray &line : linesOf(jobLog(run))) {
        if (!line.contains("collected 212 items"))
            continue;
        const QDateTime at = QDateTime::fromString(
            QString::fromLatin1(line.left(23)) + QLatin1Char('Z'), Qt::ISODateWithMs);
        QVERIFY(at >= pytest->startedAt && at <= pytest->completedAt);
        return;
    }
    QFAIL("no line about the collected tests");
}

void LogTextsTest::theSameRunGivesTheSameBytes()
{
    for (const char *job : jobs)
        QCOMPARE(jobLog(runOf("c41d77e", job)), jobLog(runOf("c41d77e", job)));
}

void LogTextsTest::onlyTheStampsDependOnTheStart()
{
    JobRun later = runOf("b7710fe", "integration-tests");
    later.startedAt = later.startedAt.addSecs(3601);
    const QByteArray log = jobLog(runOf("b7710fe", "integration-tests"));
    QVERIFY(jobLog(later) != log);
    QCOMPARE(textsOf(jobLog(later)), textsOf(log));
}

void LogTextsTest::theRedLogHasTheTellingLinesInOrder()
{
    const QByteArrayList texts = textsOf(jobLog(runOf("b7710fe", "integration-tests")));
    qsizetype at = 0;
    for (const char *line :
         {"##[group]Run poetry run pytest tests/integration/ -v", "##[endgroup]",
          "collected 212 items",
          "tests/integration/test_search.py::test_scope_by_org PASSED                [ 71%]",
          "tests/integration/test_search.py::test_other_org_hidden FAILED            [ 72%]",
          "E       AssertionError: assert ['conv-17', 'conv-23'] == ['conv-17']",
          "E         Left contains one more item: 'conv-23'",
          "FAILED tests/integration/test_search.py::test_other_org_hidden - AssertionError",
          "================== 1 failed, 211 passed, 3 warnings in 38.42s ==================",
          "##[error]Process completed with exit code 1."}) {
        const qsizetype found = texts.indexOf(QByteArray(line), at);
        QVERIFY2(found >= at, line);
        at = found + 1;
    }
}

void LogTextsTest::theRedLogIsLongAndAnswersTheToursSearch()
{
    const QByteArray log = jobLog(runOf("b7710fe", "integration-tests"));
    const QByteArrayList lines = linesOf(log);
    QVERIFY(lines.size() > 5000);
    QVERIFY(lines.size() < 20000);
    const auto with = [&](const char *word) {
        return std::count_if(lines.begin(), lines.end(),
                             [&](const QByteArray &line) { return line.contains(word); });
    };
    QCOMPARE(with("org_hidden"), 3);
    QCOMPARE(with("##[error]"), 1);
    QVERIFY(with("\x1b[") > 100);
    const auto tests = with("::test_") - 1; // the summary names the failed one again
    QCOMPARE(tests, 212);
}

void LogTextsTest::greenIntegrationLogsEndWell_data()
{
    QTest::addColumn<QString>("release");
    QTest::addColumn<int>("tests");
    QTest::newRow("before the organization was known") << "4be81c0" << 210;
    QTest::newRow("the good release") << "9f3c2a1" << 213;
    QTest::newRow("the bad release passes its tests") << "c41d77e" << 213;
}

void LogTextsTest::greenIntegrationLogsEndWell()
{
    QFETCH(QString, release);
    QFETCH(int, tests);
    const QByteArray log = jobLog(runOf(release.toLatin1().constData(), "integration-tests"));
    QVERIFY(log.contains("collected " + QByteArray::number(tests) + " items\n"));
    QVERIFY(log.contains(QByteArray::number(tests) + " passed"));
    QVERIFY(!log.contains("##[error]"));
    QVERIFY(!log.contains("FAILED"));
}

void LogTextsTest::groupsAreClosed_data()
{
    everyJobHasALogInGitHubsForm_data();
}

void LogTextsTest::groupsAreClosed()
{
    QFETCH(QString, job);
    int depth = 0;
    for (const QByteArray &text : textsOf(jobLog(runOf("b7710fe", job.toLatin1().constData())))) {
        depth += text.startsWith("##[group]") ? 1 : 0;
        depth -= text == "##[endgroup]" ? 1 : 0;
        QVERIFY2(depth == 0 || depth == 1, text.constData()); // GitHub's groups do not nest
    }
    QCOMPARE(depth, 0);
}

void LogTextsTest::anUnknownJobHasNoLog()
{
    QCOMPARE(jobLog(runOf("9f3c2a1", "lunch")), QByteArray());
    QVERIFY(jobSteps(runOf("9f3c2a1", "lunch")).isEmpty());
}

void LogTextsTest::cloudBuildTellsTagAndRevision()
{
    const QByteArrayList lines = cloudBuildLines(QString(40, QLatin1Char('9')),
                                                 QStringLiteral("coditect-backend-00057-xil"));
    QVERIFY(lines.contains("Step #2 - \"build\": Successfully tagged "
                           "us-central1-docker.pkg.dev/coditect-production/app/coditect-backend:"
                           + QByteArray(40, '9')));
    QVERIFY(
        lines.contains("Step #3 - \"deploy\": Service [coditect-backend] revision "
                       "[coditect-backend-00057-xil] has been deployed and is serving 0 percent "
                       "of traffic."));
}

void LogTextsTest::helmTellsItsRevision()
{
    JobRun run = runOf("9f3c2a1", "deploy-staging");
    run.helmRevision = 57;
    const QByteArrayList texts = textsOf(jobLog(run));
    QVERIFY(texts.contains("Release \"context-intelligence\" has been upgraded. Happy Helming!"));
    QVERIFY(texts.contains("REVISION: 57"));
}

void LogTextsTest::aHealthyPodLogsNoError()
{
    const QDateTime at({2026, 11, 24}, {14, 28, 10, 402}, Qt::UTC);
    PodState healthy{QStringLiteral("9f3c2a1"), 4.4, 30, 40, 64, 0.002};
    for (quint64 serial = 0; serial < 2000; ++serial)
        QVERIFY(!podLine(healthy, at, serial).contains("QueuePool"));
    PodState light{QStringLiteral("c41d77e"), 4.2, 20, 348, 64, 0.002};
    static const QRegularExpression form(QStringLiteral(
        R"(^14:28:10\.402 INFO  api\.search GET /search 200 \d+ms org=\d+ pool=4/20 conn_held=(\d+)ms$)"));
    const auto match = form.match(QString::fromLatin1(podLine(light, at, 1)));
    QVERIFY2(match.hasMatch(), podLine(light, at, 1).constData());
    QVERIFY(match.captured(1).toInt() > 250 && match.captured(1).toInt() < 450);
}

void LogTextsTest::anExhaustedPoolShowsAsErrorsInTheirShare()
{
    const QDateTime at({2026, 11, 24}, {14, 33, 18, 118}, Qt::UTC);
    PodState full{QStringLiteral("c41d77e"), 20, 20, 348, 205, 0.044};
    int errors = 0;
    for (quint64 serial = 0; serial < 10000; ++serial) {
        const QByteArray line = podLine(full, at, serial);
        if (!line.contains(" ERROR "))
            continue;
        ++errors;
        QVERIFY(line.contains(
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 5 reached, connection "
            "timed out, timeout 0.15 (Background on this error at: "
            "https://sqlalche.me/e/20/3o7r)"));
    }
    QVERIFY2(errors > 380 && errors < 500, qPrintable(QString::number(errors)));
}

void LogTextsTest::podLinesHaveTimeLevelAndText_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("start");
    const QDateTime at({2026, 11, 24}, {14, 34, 21, 60}, Qt::UTC);
    QTest::newRow("the pool's error")
        << poolErrorLine(at, 4) << QByteArray("14:34:21.060 ERROR api.search GET /search 503 ");
    QTest::newRow("the drained server")
        << drainedLine(at, 11)
        << QByteArray(
               "14:34:21.060 INFO  api.server no request for 1s, 11 responses still streaming");
    QTest::newRow("the worker") << workerLine(at, 2)
                                << QByteArray("14:34:21.060 INFO  worker.importer import_batch[");
    QTest::newRow("the start") << startupLines(QStringLiteral("c41d77e"),
                                               QString(40, QLatin1Char('c')), at)[1]
                               << QByteArray("14:34:21.180 INFO  api.server context-intelligence "
                                             "release=ccccccc fastapi=0.118.0");
}

void LogTextsTest::podLinesHaveTimeLevelAndText()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, start);
    QVERIFY2(line.startsWith(start), line.constData());
    QVERIFY(!line.contains('\n'));
}

} // namespace pilothouse::sandbox

QTEST_GUILESS_MAIN(pilothouse::sandbox::LogTextsTest)
#include "logtextstest.moc"

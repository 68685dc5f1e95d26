#include "connectors/github/githubdecode.h"

#include <QTest>

using namespace pilothouse;

class TestGithubDecode : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void statusWords_data();
    void statusWords();
    void aRunKeepsItsFields();
    void aRunThatWaitsHasLittleToTell();
    void aJobKeepsItsStepsAndTimes();
    void whatCannotBeReadIsNamed_data();
    void whatCannotBeReadIsNamed();
};

void TestGithubDecode::statusWords_data()
{
    QTest::addColumn<QString>("status");
    QTest::addColumn<QString>("conclusion");
    QTest::addColumn<int>("expected");
    const auto row = [](const char *status, const char *conclusion, RunStatus expected) {
        QTest::addRow("%s %s", status, conclusion)
            << QString::fromUtf8(status) << QString::fromUtf8(conclusion) << int(expected);
    };
    row("queued", "", RunStatus::Queued);
    row("requested", "", RunStatus::Queued);
    row("pending", "", RunStatus::Queued);
    row("waiting", "", RunStatus::Waiting);
    row("in_progress", "", RunStatus::Running);
    row("completed", "success", RunStatus::Succeeded);
    row("completed", "failure", RunStatus::Failed);
    row("completed", "startup_failure", RunStatus::Failed);
    row("completed", "cancelled", RunStatus::Cancelled);
    row("completed", "skipped", RunStatus::Skipped);
    row("completed", "timed_out", RunStatus::TimedOut);
    row("completed", "stale", RunStatus::TimedOut);
    row("completed", "neutral", RunStatus::Neutral);
    row("completed", "action_required", RunStatus::Waiting);
    row("completed", "astonished", RunStatus::Unknown);
    row("completed", "", RunStatus::Unknown);
    row("levitating", "", RunStatus::Unknown);
    row("in_progress", "success", RunStatus::Running); // only a completed run has a conclusion
}

void TestGithubDecode::statusWords()
{
    QFETCH(QString, status);
    QFETCH(QString, conclusion);
    QFETCH(int, expected);
    QCOMPARE(int(runStatus(status, conclusion)), expected);
}

void TestGithubDecode::aRunKeepsItsFields()
{
    const auto runs = decodeRuns(R"({"total_count":1,"workflow_runs":[{
        "id":9007199254740993,"name":"CI","display_title":"Keep the organization","run_number":12,
        "event":"push","status":"completed","conclusion":"failure","run_attempt":2,
        "path":".github/workflows/ci.yml@refs/heads/main",
        "head_sha":"b7710fe0b7710fe0b7710fe0b7710fe0b7710fe0",
        "actor":{"login":"a-muster"},"triggering_actor":{"login":"b-novak"},
        "created_at":"2026-11-24T13:19:02Z","run_started_at":"2026-11-24T13:25:00Z",
        "updated_at":"2026-11-24T13:31:40Z","html_url":"https://github.com/o/r/actions/runs/1"}]})");
    QVERIFY(runs);
    Run expected;
    expected.id = RunId(Q_INT64_C(9007199254740993));
    expected.attempt = 2;
    expected.workflowPath = QStringLiteral(".github/workflows/ci.yml");
    expected.title = QStringLiteral("Keep the organization");
    expected.event = QStringLiteral("push");
    expected.actor = QStringLiteral("b-novak");
    expected.commit = CommitId(QStringLiteral("b7710fe0b7710fe0b7710fe0b7710fe0b7710fe0"));
    expected.status = RunStatus::Failed;
    expected.createdAt = QDateTime(QDate(2026, 11, 24), QTime(13, 19, 2), Qt::UTC);
    expected.startedAt = QDateTime(QDate(2026, 11, 24), QTime(13, 25), Qt::UTC);
    expected.updatedAt = QDateTime(QDate(2026, 11, 24), QTime(13, 31, 40), Qt::UTC);
    expected.page = QUrl(QStringLiteral("https://github.com/o/r/actions/runs/1"));
    QCOMPARE(runs->size(), 1);
    QVERIFY(runs->first() == expected);
}

void TestGithubDecode::aRunThatWaitsHasLittleToTell()
{
    const auto runs = decodeRuns(R"({"total_count":1,"workflow_runs":[{"id":7,"head_sha":"c",
        "name":"Deploy","status":"waiting","conclusion":null,"actor":null}]})");
    QVERIFY(runs);
    QCOMPARE(runs->first().status, RunStatus::Waiting);
    QCOMPARE(runs->first().title, QStringLiteral("Deploy"));
    QCOMPARE(runs->first().attempt, 1);
    QVERIFY(!runs->first().startedAt.isValid());
    QVERIFY(runs->first().actor.isEmpty());
}

void TestGithubDecode::aJobKeepsItsStepsAndTimes()
{
    const auto jobs
        = decodeJobs(R"json({"total_count":1,"jobs":[{"id":41,"run_id":7,"run_attempt":3,
        "name":"lint (ruff)","status":"in_progress","conclusion":null,
        "created_at":"2026-11-24T13:30:00Z","started_at":"2026-11-24T13:30:03Z",
        "completed_at":null,"html_url":"https://github.com/o/r/actions/runs/7/job/41",
        "steps":[{"number":1,"name":"Set up job","status":"completed","conclusion":"success",
                  "started_at":"2026-11-24T13:30:03Z","completed_at":"2026-11-24T13:30:06Z"},
                 {"number":2,"name":"ruff","status":"in_progress","conclusion":null,
                  "started_at":"2026-11-24T13:30:06Z","completed_at":null},
                 {"number":3,"name":"Post","status":"pending","conclusion":null,
                  "started_at":null,"completed_at":null}]}]
})json");
    QVERIFY(jobs);
    const Job &job = jobs->first();
    QCOMPARE(job.id, JobId(41));
    QCOMPARE(job.run, RunId(7));
    QCOMPARE(job.attempt, 3);
    QCOMPARE(job.name, QStringLiteral("lint (ruff)"));
    QCOMPARE(job.status, RunStatus::Running);
    QCOMPARE(job.createdAt.secsTo(job.startedAt), 3);
    QVERIFY(!job.completedAt.isValid());
    QCOMPARE(job.steps.size(), 3);
    QCOMPARE(job.steps.at(0).status, RunStatus::Succeeded);
    QCOMPARE(job.steps.at(0).startedAt.secsTo(job.steps.at(0).completedAt), 3);
    QCOMPARE(job.steps.at(1).status, RunStatus::Running);
    QCOMPARE(job.steps.at(2).number, 3);
    QVERIFY(!job.steps.at(2).startedAt.isValid());

    // GitHub drops the steps of old runs.
    const auto old = decodeJobs(R"({"jobs":[{"id":1,"run_id":2,"name":"x","status":"completed",
        "conclusion":"success"}]})");
    QVERIFY(old);
    QVERIFY(old->first().steps.isEmpty());
}

void TestGithubDecode::whatCannotBeReadIsNamed_data()
{
    QTest::addColumn<QByteArray>("page");
    QTest::addColumn<QString>("problem");
    QTest::newRow("an id that is no number") << QByteArray(
        R"({"jobs":[{"id":1,"run_id":1,"name":"a"},{"id":"x","run_id":1,"name":"b"}]})")
                                             << QStringLiteral("jobs[1].id: expected an integer");
    QTest::newRow("a step without a name")
        << QByteArray(R"({"jobs":[{"id":1,"run_id":1,"name":"a","steps":[{"number":1}]}]})")
        << QStringLiteral("jobs[0].steps[0].name: expected a string");
    QTest::newRow("a time that is none")
        << QByteArray(R"({"jobs":[{"id":1,"run_id":1,"name":"a","started_at":"soon"}]})")
        << QStringLiteral("jobs[0].started_at: expected a time like 2026-11-24T13:30:00Z");
    QTest::newRow("no list") << QByteArray(R"({"message":"ok"})")
                             << QStringLiteral("jobs: expected an array");
    QTest::newRow("a list of something else")
        << QByteArray(R"({"jobs":[17]})") << QStringLiteral("jobs[0]: expected an object");
}

void TestGithubDecode::whatCannotBeReadIsNamed()
{
    QFETCH(QByteArray, page);
    QFETCH(QString, problem);
    const auto jobs = decodeJobs(page);
    QVERIFY(!jobs);
    QCOMPARE(jobs.error().kind, ErrorKind::Malformed);
    QCOMPARE(jobs.error().message,
             QStringLiteral("GitHub gave an answer that cannot be read: %1.").arg(problem));
}

QTEST_GUILESS_MAIN(TestGithubDecode)
#include "githubdecode.moc"

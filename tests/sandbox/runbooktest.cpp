#include "app/sandbox/world/runbook.h"
#include "sandboxworld.h"

#include <QSignalSpy>
#include <QTest>

#include <cmath>

using namespace pilothouse::sandbox;

namespace {

const QString ci = QStringLiteral("ci.yml");
const QString deploy = QStringLiteral("deploy-standalone.yml");

const RunJob &job(const RunBook &book, qint64 run, const char *name)
{
    for (const RunJob &each : book.find(run)->jobs)
        if (each.plan.name == QLatin1String(name))
            return each;
    qFatal("no job %s", name);
}

} // namespace

class RunBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRunTakesAsLongAsItsLongestPath();
    void jobsWaitForTheirNeeds();
    void timesDoNotDependOnHowOftenAnybodyLooks();
    void speedDividesDurations();
    void aGateWaitsForAPersonAndGoesOn();
    void aRejectedGateFailsTheRun();
    void aCancelledRunEndsASecondLater();
    void aPastRunIsRedWhereTheScenarioSaysSo();
    void aRerunOfFailedJobsKeepsTheGoodOnes();
    void jobIdsNeedMoreThanThirtyTwoBits();
};

void RunBookTest::aRunTakesAsLongAsItsLongestPath()
{
    const auto scenario = goodThenBad();
    RunBook book(1);
    QSignalSpy ended(&book, &RunBook::runEnded);
    book.begin(scenario->workflows.value(ci), 7001, QStringLiteral("9f3c2a1"), 3);
    QCOMPARE(book.find(7001)->status(), QStringLiteral("queued"));
    book.advance(47.9);
    QCOMPARE(book.find(7001)->status(), QStringLiteral("in_progress"));
    QCOMPARE(ended.count(), 0);
    book.advance(48);
    QCOMPARE(book.find(7001)->conclusion, QStringLiteral("success"));
    QCOMPARE(ended.takeFirst().at(1).toDouble(), 48.0);
}

void RunBookTest::jobsWaitForTheirNeeds()
{
    const auto scenario = goodThenBad();
    RunBook book(1);
    book.begin(scenario->workflows.value(ci), 7001, QStringLiteral("9f3c2a1"), 0);
    book.advance(5);
    QCOMPARE(job(book, 7001, "build").phase, RunJob::Phase::Running);
    QCOMPARE(job(book, 7001, "integration-tests").phase, RunJob::Phase::Queued);
    book.advance(13);
    QCOMPARE(job(book, 7001, "integration-tests").phase, RunJob::Phase::Running);
    QCOMPARE(job(book, 7001, "integration-tests").startedAt, 12.0);
}

void RunBookTest::timesDoNotDependOnHowOftenAnybodyLooks()
{
    const auto scenario = goodThenBad();
    RunBook often(1);
    RunBook once(1);
    for (RunBook *book : {&often, &once})
        book->begin(scenario->workflows.value(ci), 7001, QStringLiteral("9f3c2a1"), 0);
    for (double at = 0; at < 60; at += 0.37)
        often.advance(at);
    once.advance(60);
    for (const char *name : {"build", "unit-tests", "integration-tests", "lint (mypy)"}) {
        QCOMPARE(job(often, 7001, name).startedAt, job(once, 7001, name).startedAt);
        QCOMPARE(job(often, 7001, name).endedAt, job(once, 7001, name).endedAt);
    }
}

void RunBookTest::speedDividesDurations()
{
    const auto scenario = goodThenBad();
    RunBook book(10);
    book.begin(scenario->workflows.value(ci), 7001, QStringLiteral("9f3c2a1"), 0);
    book.advance(4.49);
    QVERIFY(book.find(7001)->conclusion.isEmpty());
    book.advance(4.51);
    QCOMPARE(book.find(7001)->conclusion, QStringLiteral("success"));
}

void RunBookTest::aGateWaitsForAPersonAndGoesOn()
{
    const auto scenario = goodThenBad();
    RunBook book(1);
    book.begin(scenario->workflows.value(deploy), 7002, QStringLiteral("9f3c2a1"), 0);
    book.advance(500);
    QCOMPARE(book.find(7002)->status(), QStringLiteral("waiting"));
    QCOMPARE(job(book, 7002, "finish").phase, RunJob::Phase::Waiting);
    QVERIFY(!book.review(7002, QStringLiteral("staging"), QStringLiteral("approved"), 500));
    QVERIFY(book.review(7002, QStringLiteral("production"), QStringLiteral("approved"), 500));
    QCOMPARE(job(book, 7002, "finish").startedAt, 500.0);
    book.advance(510);
    QCOMPARE(book.find(7002)->conclusion, QStringLiteral("success"));
}

void RunBookTest::aRejectedGateFailsTheRun()
{
    const auto scenario = goodThenBad();
    RunBook book(1);
    QSignalSpy ended(&book, &RunBook::runEnded);
    book.begin(scenario->workflows.value(deploy), 7002, QStringLiteral("9f3c2a1"), 0);
    book.advance(30);
    QVERIFY(book.review(7002, QStringLiteral("production"), QStringLiteral("rejected"), 31));
    QCOMPARE(book.find(7002)->conclusion, QStringLiteral("failure"));
    QCOMPARE(ended.count(), 1);
}

void RunBookTest::aCancelledRunEndsASecondLater()
{
    const auto scenario = goodThenBad();
    RunBook book(1);
    book.begin(scenario->workflows.value(deploy), 7012, QStringLiteral("c41d77e"), 0);
    book.advance(30);
    QVERIFY(book.cancel(7012, 30));
    book.advance(30.5);
    QCOMPARE(book.find(7012)->status(), QStringLiteral("waiting"));
    book.advance(31);
    QCOMPARE(book.find(7012)->conclusion, QStringLiteral("cancelled"));
    QCOMPARE(job(book, 7012, "finish").conclusion, QStringLiteral("cancelled"));
    QCOMPARE(job(book, 7012, "smoke").conclusion, QStringLiteral("success"));
    QVERIFY(!book.cancel(7012, 32));
}

void RunBookTest::aPastRunIsRedWhereTheScenarioSaysSo()
{
    auto world = makeWorld();
    const RunRecord *run = world->runs().find(6998);
    QVERIFY(run);
    QCOMPARE(run->conclusion, QStringLiteral("failure"));
    QCOMPARE(run->updatedAt, -660.0);
    QCOMPARE(job(world->runs(), 6998, "integration-tests").conclusion, QStringLiteral("failure"));
    QCOMPARE(job(world->runs(), 6998, "unit-tests").conclusion, QStringLiteral("success"));
    QVERIFY(std::abs(job(world->runs(), 6998, "integration-tests").endedAt
                     - job(world->runs(), 6998, "integration-tests").startedAt - 33)
            < 1e-6);
}

void RunBookTest::aRerunOfFailedJobsKeepsTheGoodOnes()
{
    auto world = makeWorld();
    RunBook &book = world->runs();
    const qint64 before = job(book, 6998, "build").id;
    QVERIFY(book.rerun(6998, QStringLiteral("failed"), 10));
    QCOMPARE(book.find(6998)->attempt, 2);
    QVERIFY(job(book, 6998, "build").id != before);
    QCOMPARE(job(book, 6998, "build").phase, RunJob::Phase::Done);
    book.advance(11);
    QCOMPARE(job(book, 6998, "integration-tests").phase, RunJob::Phase::Running);
    QVERIFY(!book.rerun(6998, QStringLiteral("failed"), 11));
    book.advance(60);
    QCOMPARE(book.find(6998)->conclusion, QStringLiteral("failure"));
}

void RunBookTest::jobIdsNeedMoreThanThirtyTwoBits()
{
    auto world = makeWorld();
    const qint64 id = job(world->runs(), 6998, "build").id;
    QVERIFY(id > 0xffffffffLL);
    const RunRecord *of = nullptr;
    QVERIFY(world->runs().findJob(id, &of));
    QCOMPARE(of->id, 6998);
}

QTEST_GUILESS_MAIN(RunBookTest)
#include "runbooktest.moc"

#include "pipeline/act/runpermissions.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

/// A run that has failed a while ago, freshly read, with the right to act.
RunActFacts failedRun()
{
    RunActFacts facts;
    Run run = runOf(t("ci.yml"), 7012, RunStatus::Failed);
    run.createdAt = at(t("13:00:00"));
    facts.run = run;
    facts.jobs = {jobNamed(t("build"), RunStatus::Succeeded),
                  jobNamed(t("integration-tests"), RunStatus::Failed),
                  jobNamed(t("deploy"), RunStatus::Skipped)};
    facts.age = 2s;
    facts.serverNow = at(t("14:00:00"));
    facts.system = t("GitHub");
    return facts;
}

PendingEnvironment production(bool mine)
{
    PendingEnvironment pending;
    pending.id = 1;
    pending.name = t("production");
    pending.mayReview = mine;
    pending.reviewers = {t("release-manager"), t("Ops")};
    return pending;
}

} // namespace

using Change = std::function<void(RunActFacts &)>;

class RunPermissionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFailedRunMayRunAgain()
    {
        const Permission may = mayRerunFailed(failedRun());
        QVERIFY(may.allowed());
        QCOMPARE(may.first(Reason::Kind::For), t("did not go well: integration-tests"));
    }

    void whatStopsARerun_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const Change &change, const char *why) {
            QTest::newRow(name) << change << t(why);
        };
        row(
            "a console that only reads", [](RunActFacts &f) { f.readOnly = true; },
            "this console is read-only");
        row(
            "no right",
            [](RunActFacts &f) {
                f.access = {false, t("this account may read acme/shop"), {}};
            },
            "this account may read acme/shop");
        row(
            "a run that goes on", [](RunActFacts &f) { f.run->status = RunStatus::Running; },
            "run 7012 has not ended");
        row(
            "a run that waits for a person",
            [](RunActFacts &f) { f.run->status = RunStatus::Waiting; }, "run 7012 has not ended");
        row(
            "the fiftieth re-run was taken", [](RunActFacts &f) { f.run->attempt = 51; },
            "GitHub takes no more than 50 re-runs of a run");
        row(
            "more than thirty days", [](RunActFacts &f) { f.serverNow = f.serverNow.addDays(31); },
            "the run is 31 days old; GitHub re-runs none older than 30");
        row(
            "an old reading", [](RunActFacts &f) { f.age = 61s; }, "the run was read 61 s ago");
        row(
            "never read", [](RunActFacts &f) { f.age.reset(); }, "run 7012 is not read yet");
        row(
            "no run", [](RunActFacts &f) { f.run.reset(); }, "no run is chosen");
        row(
            "something under way", [](RunActFacts &f) { f.underWay = {t("re-run job")}; },
            "re-run job is under way");
        row(
            "nothing failed",
            [](RunActFacts &f) {
                f.run->status = RunStatus::Succeeded;
                f.jobs[1].status = RunStatus::Succeeded;
            },
            "no job of run 7012 failed");
    }

    void whatStopsARerun()
    {
        QFETCH(const Change, change);
        QFETCH(const QString, why);
        RunActFacts facts = failedRun();
        change(facts);
        const Permission may = mayRerunFailed(facts);
        QVERIFY(!may.allowed());
        QCOMPARE(may.first(Reason::Kind::Blocks), why);
    }

    void theLimitsThemselvesAreAllowed()
    {
        RunActFacts facts = failedRun();
        facts.run->attempt = 50; // forty-nine re-runs so far
        facts.serverNow = facts.run->createdAt.addDays(30);
        facts.age = 60s;
        QVERIFY(mayRerunFailed(facts).allowed());
    }

    void aRunThatFailedWithoutAJobMayRunAgain()
    {
        RunActFacts facts = failedRun();
        facts.jobs.clear(); // the file could not be read by the host
        QVERIFY(mayRerunFailed(facts).allowed());
    }

    void anyJobOfTheNewestAttemptMayRunAgain()
    {
        const RunActFacts facts = failedRun();
        for (const Job &job : facts.jobs)
            QVERIFY(mayRerunJob(facts, job.id).allowed());
        const Permission other = mayRerunJob(facts, JobId(1));
        QCOMPARE(other.first(Reason::Kind::Blocks), t("this job is not of the newest attempt"));
    }

    void onlyARunThatGoesOnIsCancelled()
    {
        RunActFacts facts = failedRun();
        QCOMPARE(mayCancel(facts).first(Reason::Kind::Blocks), t("run 7012 has ended"));
        for (const RunStatus status : {RunStatus::Queued, RunStatus::Waiting, RunStatus::Running}) {
            facts.run->status = status;
            QVERIFY(mayCancel(facts).allowed());
        }
    }

    void whatHangsDoesNotStandBeforeACancellation()
    {
        RunActFacts facts = failedRun();
        facts.run->status = RunStatus::Running;
        facts.underWay = {t("re-run failed jobs")};
        QVERIFY(mayCancel(facts).allowed());
        facts.underWay = {t("re-run failed jobs"), t("cancel")};
        QCOMPARE(mayCancel(facts).first(Reason::Kind::Blocks), t("cancel is under way"));
    }

    void theHostSaysWhoMayDecide()
    {
        RunActFacts facts = failedRun();
        facts.run->status = RunStatus::Waiting;
        QCOMPARE(mayReview(facts).first(Reason::Kind::Blocks),
                 t("run 7012 waits for no environment"));
        facts.waiting = {production(false)};
        const Permission no = mayReview(facts);
        QVERIFY(!no.allowed());
        QCOMPARE(no.reasons.last().text,
                 t("GitHub says that this account may not decide about production"));
        QCOMPARE(no.reasons.last().settle, t("ask release-manager, Ops"));
        facts.waiting = {production(true)};
        QVERIFY(mayReview(facts).allowed());
        QCOMPARE(mayReview(facts).first(Reason::Kind::For), t("production waits for you"));
    }

    void aTimerIsNoPerson()
    {
        RunActFacts facts = failedRun();
        PendingEnvironment timed = production(false);
        timed.reviewers.clear();
        timed.waitsUntil = at(t("14:10:00"));
        facts.waiting = {timed};
        QCOMPARE(mayReview(facts).first(Reason::Kind::Blocks), t("production waits for a timer"));
    }

    void whatCannotBeReadIsSaid()
    {
        RunActFacts facts = failedRun();
        facts.waitingLost = Error{ErrorKind::NotAllowed, t("GitHub refuses"), {}, {}};
        QCOMPARE(mayReview(facts).first(Reason::Kind::Blocks), t("GitHub refuses"));
    }

    void onlyOwnEnvironmentsAreReviewed()
    {
        PendingEnvironment staging = production(true);
        staging.id = 2;
        staging.name = t("staging");
        QCOMPARE(reviewable({production(false), staging}), QList<PendingEnvironment>{staging});
    }

    void aDispatchNeedsNoRun()
    {
        RunActFacts facts;
        QVERIFY(mayDispatch(facts).allowed());
        facts.readOnly = true;
        QVERIFY(!mayDispatch(facts).allowed());
    }
};

QTEST_GUILESS_MAIN(RunPermissionsTest)
#include "runpermissionstest.moc"

#include "pipeline/overlay.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

/// The screen's example: everything done, integration the long one.
QList<Job> greenJobs()
{
    return {jobNamed(s("build"), RunStatus::Succeeded, s("13:59:10"), s("14:01:20")),
            jobNamed(s("unit-tests"), RunStatus::Succeeded, s("14:01:25"), s("14:05:45")),
            jobNamed(s("integration-tests"), RunStatus::Succeeded, s("14:01:25"), s("14:06:20")),
            jobNamed(s("security-scan"), RunStatus::Succeeded, s("13:59:10"), s("14:00:41")),
            jobNamed(s("lint (ruff)"), RunStatus::Succeeded, s("14:01:25"), s("14:02:00")),
            jobNamed(s("lint (black)"), RunStatus::Succeeded, s("14:01:26"), s("14:02:13")),
            jobNamed(s("lint (mypy)"), RunStatus::Succeeded, s("14:01:25"), s("14:02:05"))};
}

QStringList shortIds(const QList<NodeId> &nodes)
{
    QStringList ids;
    for (const NodeId &node : nodes)
        ids.append(node.value.section(QLatin1Char('#'), 1));
    return ids;
}

} // namespace

class OverlayTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theQueueIsWaitedInUntilTheFirstBeginning()
    {
        const Run run = runOf(s("ci.yml"), 7012, RunStatus::Running);
        Job ruff = jobNamed(s("lint (ruff)"), RunStatus::Running, s("14:00:20"));
        Job black = jobNamed(s("lint (black)"), RunStatus::Queued);
        ruff.createdAt = at(s("14:00:05"));
        black.createdAt = at(s("14:00:00"));
        const auto queued = [&](const QList<Job> &jobs) {
            return overlayRuns(m_delivery, {run}, {{run.id, jobs}})
                .of(nodeId(s("ci.yml#lint")))
                ->queued(at(s("14:01:00")));
        };
        QCOMPARE(queued({ruff, black}), std::optional<std::chrono::milliseconds>(20s));
        QCOMPARE(queued({black}), std::optional<std::chrono::milliseconds>(60s));
        black.status = RunStatus::Skipped;
        QCOMPARE(queued({black}), std::nullopt);
        QCOMPARE(queued({}), std::nullopt);
    }

    void aGreenRunIsLaidOver()
    {
        const Run run = runOf(s("ci.yml"), 7012, RunStatus::Succeeded);
        const Overlay overlay = overlayRuns(m_delivery, {run}, {{run.id, greenJobs()}});
        QCOMPARE(overlay.unmatched.size(), 0);
        QCOMPARE(overlay.runs.value(run.workflowPath).id, run.id);

        const NodeOverlay *lint = overlay.of(nodeId(s("ci.yml#lint")));
        QVERIFY(lint);
        QCOMPARE(lint->status, RunStatus::Succeeded);
        QCOMPARE(lint->ended, 3);
        QCOMPARE(lint->expected, 3);
        QCOMPARE(lint->jobs[0].name, s("lint (black)"));
        QCOMPARE(lint->elapsed(at(s("15:00:00"))), 48s);
        QCOMPARE(overlay.elapsed(at(s("15:00:00"))), 7min + 10s);

        const NodeOverlay *smoke = overlay.of(nodeId(s("deploy-standalone.yml#smoke")));
        QVERIFY(smoke);
        QVERIFY(!smoke->status);
        QVERIFY(!smoke->elapsed(at(s("15:00:00"))));
        QCOMPARE(overlay.nodeOf(lint->jobs[0].id), nodeId(s("ci.yml#lint")));
        QCOMPARE(overlay.job(lint->jobs[1].id)->name, lint->jobs[1].name);
    }

    void theWorstLegShows_data()
    {
        QTest::addColumn<QList<RunStatus>>("legs");
        QTest::addColumn<RunStatus>("shown");
        using S = RunStatus;
        const auto row = [](const char *name, const QList<S> &legs, S shown) {
            QTest::newRow(name) << legs << shown;
        };
        row("a failure before a running one", {S::Running, S::Failed, S::Succeeded}, S::Failed);
        row("a failure before an expired one", {S::TimedOut, S::Failed, S::Queued}, S::Failed);
        row("a stopped one before a running one", {S::Running, S::Cancelled, S::Running},
            S::Cancelled);
        row("a person's turn before a running one", {S::Running, S::Waiting, S::Queued},
            S::Waiting);
        row("a running one before a queued one", {S::Queued, S::Running, S::Succeeded}, S::Running);
        row("a queued one before a good one", {S::Succeeded, S::Queued, S::Skipped}, S::Queued);
        row("a good one before a skipped one", {S::Skipped, S::Succeeded, S::Skipped},
            S::Succeeded);
        row("an unknown word before all that is well", {S::Succeeded, S::Unknown, S::Running},
            S::Unknown);
        row("skipped where all are", {S::Skipped, S::Skipped, S::Skipped}, S::Skipped);
    }

    void theWorstLegShows()
    {
        QFETCH(QList<RunStatus>, legs);
        const Run run = runOf(s("ci.yml"), 1, RunStatus::Running);
        QList<Job> jobs;
        for (const char *tool : {"ruff", "black", "mypy"})
            jobs.append(
                jobNamed(QStringLiteral("lint (%1)").arg(QLatin1String(tool)), legs[jobs.size()]));
        const Overlay overlay = overlayRuns(m_delivery, {run}, {{run.id, jobs}});
        QTEST(*overlay.of(nodeId(s("ci.yml#lint")))->status, "shown");
    }

    void aFoldedNodeEndsWithItsLastLeg()
    {
        const Run run = runOf(s("ci.yml"), 1, RunStatus::Running);
        const QList<Job> jobs{
            jobNamed(s("lint (ruff)"), RunStatus::Succeeded, s("14:01:00"), s("14:02:00"))};
        const Overlay overlay = overlayRuns(m_delivery, {run}, {{run.id, jobs}});
        const NodeOverlay *lint = overlay.of(nodeId(s("ci.yml#lint")));
        QCOMPARE(lint->ended, 1);
        QCOMPARE(lint->expected, 3);
        QVERIFY(!lint->completedAt.isValid());
        QCOMPARE(lint->elapsed(at(s("14:03:00"))), 2min);
        QVERIFY(!overlay.completedAt.isValid());
    }

    void aSkippedMatrixIsOneJob()
    {
        const Run run = runOf(s("ci.yml"), 1, RunStatus::Failed);
        const Overlay overlay
            = overlayRuns(m_delivery, {run}, {{run.id, {jobNamed(s("lint"), RunStatus::Skipped)}}});
        const NodeOverlay *lint = overlay.of(nodeId(s("ci.yml#lint")));
        QCOMPARE(lint->status, RunStatus::Skipped);
        QCOMPARE(lint->ended, lint->expected);
    }

    void aJobThatIsNotInTheFileIsListed()
    {
        const Run run = runOf(s("ci.yml"), 1, RunStatus::Running);
        const Job stranger = jobNamed(s("smoke"), RunStatus::Running);
        const Overlay overlay = overlayRuns(m_delivery, {run}, {{run.id, {stranger}}});
        QCOMPARE(overlay.unmatched, QList<Job>{stranger});
        QCOMPARE(overlay.job(stranger.id), stranger);
        QVERIFY(!overlay.nodeOf(stranger.id));
    }

    void runsOfOtherWorkflowsAreNotMixedIn()
    {
        const Run other = runOf(s("codeql.yml"), 1, RunStatus::Failed);
        const Overlay overlay = overlayRuns(
            m_delivery, {other}, {{other.id, {jobNamed(s("build"), RunStatus::Failed)}}});
        QVERIFY(overlay.runs.isEmpty());
        QVERIFY(overlay.unmatched.isEmpty());
        QVERIFY(!overlay.of(nodeId(s("ci.yml#build")))->status);
    }

    void aPathWithItsBranchIsUnderstood()
    {
        Run run = runOf(s("ci.yml"), 1, RunStatus::Running);
        run.workflowPath += s("@refs/heads/main");
        const Overlay overlay = overlayRuns(m_delivery, {run},
                                            {{run.id, {jobNamed(s("build"), RunStatus::Running)}}});
        QCOMPARE(overlay.of(nodeId(s("ci.yml#build")))->status, RunStatus::Running);
    }

    void jobsOfOneNameAreShared()
    {
        const Graph graph = buildGraph({workflowFrom(
            "on: push\njobs:\n  a: {runs-on: x, name: Test}\n  b: {runs-on: x, name: Test}\n",
            s(".github/workflows/w.yml"))});
        const Run run = runOf(s("w.yml"), 1, RunStatus::Running);
        Job first = jobNamed(s("Test"), RunStatus::Failed);
        Job second = first;
        second.id = JobId(first.id.value + 1);
        second.status = RunStatus::Running;
        const Overlay overlay = overlayRuns(graph, {run}, {{run.id, {first, second}}});
        QCOMPARE(overlay.of(nodeId(s("w.yml#a")))->status, RunStatus::Failed);
        QCOMPARE(overlay.of(nodeId(s("w.yml#b")))->status, RunStatus::Running);
    }

    void aSkippedCallSkipsAllItCalls()
    {
        const Graph graph = buildGraph(
            {fixture(s("release.yml")), fixture(s("checks.yml")), fixture(s("region.yml"))});
        const Run run = runOf(s("release.yml"), 1, RunStatus::Failed);
        const Job skipped = jobNamed(s("Checks"), RunStatus::Skipped);
        const Overlay overlay = overlayRuns(graph, {run}, {{run.id, {skipped}}});
        for (const char *key : {"fast", "slow", "style"}) {
            const NodeOverlay *node = overlay.of(nodeId(s("release.yml#checks/") + s(key)));
            QVERIFY(node);
            QCOMPARE(node->status, RunStatus::Skipped);
        }
        QVERIFY(!overlay.of(nodeId(s("release.yml#prepare")))->status);
        QVERIFY(overlay.unmatched.isEmpty());
        QCOMPARE(overlay.nodeOf(skipped.id), nodeId(s("release.yml#checks/fast")));
    }

    void aCallOfAnotherRepositoryHoldsItsJobs()
    {
        const Graph graph = buildGraph({fixture(s("release.yml"))});
        const Run run = runOf(s("release.yml"), 1, RunStatus::Running);
        const Overlay overlay
            = overlayRuns(graph, {run},
                          {{run.id,
                            {jobNamed(s("announce / mail"), RunStatus::Succeeded),
                             jobNamed(s("announce / chat"), RunStatus::Running)}}});
        const NodeOverlay *announce = overlay.of(nodeId(s("release.yml#announce")));
        QCOMPARE(announce->jobs.size(), 2);
        QCOMPARE(announce->expected, 2);
        QCOMPARE(announce->status, RunStatus::Running);
    }

    void theCriticalPathIsTheChainThatDecided()
    {
        const Run ci = runOf(s("ci.yml"), 1, RunStatus::Succeeded);
        const Run deploy = runOf(s("deploy-standalone.yml"), 2, RunStatus::Running);
        QHash<RunId, QList<Job>> jobs{{ci.id, greenJobs()}};
        const auto path = [&] {
            return shortIds(overlayRuns(m_delivery, {ci, deploy}, jobs).criticalPath);
        };
        QCOMPARE(path(), (QStringList{s("build"), s("integration-tests")}));

        jobs[deploy.id]
            = {jobNamed(s("deploy-staging"), RunStatus::Succeeded, s("14:06:40"), s("14:08:20")),
               jobNamed(s("smoke"), RunStatus::Running, s("14:08:25")),
               jobNamed(s("deploy-production"), RunStatus::Waiting)};
        QCOMPARE(path(), (QStringList{s("build"), s("integration-tests"), s("deploy-staging"),
                                      s("smoke")}));
    }

    void theCriticalPathFollowsWhatRunsLongest()
    {
        const Run ci = runOf(s("ci.yml"), 1, RunStatus::Running);
        const QList<Job> jobs{
            jobNamed(s("build"), RunStatus::Succeeded, s("13:59:10"), s("14:01:20")),
            jobNamed(s("security-scan"), RunStatus::Running, s("13:59:12")),
            jobNamed(s("unit-tests"), RunStatus::Running, s("14:01:25"))};
        QCOMPARE(shortIds(overlayRuns(m_delivery, {ci}, {{ci.id, jobs}}).criticalPath),
                 QStringList{s("security-scan")});
    }

    void theCriticalPathLooksThroughWhatWasSkipped()
    {
        const Run deploy = runOf(s("deploy-standalone.yml"), 2, RunStatus::Succeeded);
        const QList<Job> jobs{
            jobNamed(s("deploy-staging"), RunStatus::Succeeded, s("14:06:40"), s("14:08:20")),
            jobNamed(s("smoke"), RunStatus::Skipped, s("14:08:20"), s("14:08:20")),
            jobNamed(s("deploy-production"), RunStatus::Succeeded, s("14:08:30"), s("14:09:00"))};
        const Overlay overlay = overlayRuns(m_delivery, {deploy}, {{deploy.id, jobs}});
        QCOMPARE(shortIds(overlay.criticalPath),
                 (QStringList{s("deploy-staging"), s("deploy-production")}));
        QVERIFY(overlay.of(nodeId(s("deploy-standalone.yml#deploy-staging")))->critical);
        QVERIFY(!overlay.of(nodeId(s("deploy-standalone.yml#smoke")))->critical);
    }

    void theCriticalPathOfACircleEnds()
    {
        const Graph graph = buildGraph({workflowFrom(
            "on: push\njobs:\n  a: {runs-on: x, needs: b}\n  b: {runs-on: x, needs: a}\n",
            s(".github/workflows/w.yml"))});
        const Run run = runOf(s("w.yml"), 1, RunStatus::Succeeded);
        const QList<Job> jobs{jobNamed(s("a"), RunStatus::Succeeded, s("14:00:00"), s("14:01:00")),
                              jobNamed(s("b"), RunStatus::Succeeded, s("14:00:00"), s("14:01:00"))};
        const Overlay overlay = overlayRuns(graph, {run}, {{run.id, jobs}});
        QVERIFY(overlay.criticalPath.size() <= 2);
    }

    void onlyGoodNodesTellWhatIsUsual()
    {
        const Run run = runOf(s("ci.yml"), 1, RunStatus::Failed);
        QList<Job> jobs = greenJobs();
        jobs[1].status = RunStatus::Failed;
        const auto usual = durationsOf(overlayRuns(m_delivery, {run}, {{run.id, jobs}}));
        QCOMPARE(usual.value(nodeId(s("ci.yml#build"))), 130s);
        QVERIFY(!usual.contains(nodeId(s("ci.yml#unit-tests"))));
        QVERIFY(!usual.contains(nodeId(s("deploy-standalone.yml#smoke"))));
    }

    void theNewestRunOfEachWorkflowIsShown()
    {
        const Run old = runOf(s("ci.yml"), 1, RunStatus::Failed);
        const Run fresh = runOf(s("ci.yml"), 3, RunStatus::Running);
        const Run deploy = runOf(s("deploy-standalone.yml"), 2, RunStatus::Queued);
        QCOMPARE(newestRuns({old, deploy, fresh}), (QList<Run>{fresh, deploy}));
        QCOMPARE(newestRuns({}), QList<Run>());
    }

    void aJobsTime_data()
    {
        QTest::addColumn<Job>("job");
        QTest::addColumn<int>("seconds");
        QTest::newRow("of a running job runs")
            << jobNamed(s("a"), RunStatus::Running, s("14:00:00")) << 90;
        QTest::newRow("of an ended job stands")
            << jobNamed(s("a"), RunStatus::Failed, s("14:00:00"), s("14:00:30")) << 30;
        QTest::newRow("of a queued job has not begun") << jobNamed(s("a"), RunStatus::Queued) << -1;
        QTest::newRow("never is negative, whatever the clocks say")
            << jobNamed(s("a"), RunStatus::Running, s("14:02:00")) << 0;
    }

    void aJobsTime()
    {
        QFETCH(Job, job);
        const auto took = elapsed(job, at(s("14:01:30")));
        QTEST(took ? int(*took / 1s) : -1, "seconds");
    }

private:
    const Graph m_delivery = buildGraph(deliveryWorkflows());
};

QTEST_GUILESS_MAIN(OverlayTest)
#include "overlaytest.moc"

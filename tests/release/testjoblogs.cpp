#include "logs/logspool.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "pipeline/graphbuilder.h"
#include "release/fakebuilds.h"
#include "release/logs/lastgreen.h"
#include "release/logs/runlogs.h"
#include "support/fakeclock.h"
#include "support/jobsource.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace pilothouse;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

Job jobOf(qint64 run, qint64 id, const char *name, RunStatus status)
{
    Job job = jobNamed(t(name), status, t("13:50:00"), t("13:51:00"));
    job.run = RunId(run);
    job.id = JobId(id);
    return job;
}

Run runAt(qint64 id, RunStatus status)
{
    Run run = runOf(t("ci.yml"), id, status);
    run.branch = t("main");
    return run;
}

} // namespace

class TestJobLogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_host = std::make_unique<FakeRuns>(m_clock);
        m_source = std::make_unique<JobSource>();
        m_green = std::make_unique<LastGreen>(*m_host, std::vector<LogSource *>{m_source.get()},
                                              m_spool);
        m_found.reset();
        m_refused.reset();
        connect(m_green.get(), &LastGreen::found, this,
                [this](const GreenLog &green) { m_found = green; });
        connect(m_green.get(), &LastGreen::refused, this,
                [this](const Error &why) { m_refused = why; });
    }
    void cleanup()
    {
        m_found.reset();
        m_green.reset();
    }

    void theLogOfTheLastGreenBuildIsFetchedFromTheServiceThatKnowsIt()
    {
        BuildHost other;
        BuildHost own;
        own.knows = t("bad-build");
        own.green = buildRun(t("good-build"), RunStatus::Succeeded);
        BuildLogs logs;
        LastGreen green(*m_host, {m_source.get(), &logs}, m_spool);
        green.addBuilds(other);
        green.addBuilds(own);
        std::optional<GreenLog> found;
        connect(&green, &LastGreen::found, this, [&](const GreenLog &log) { found = log; });
        green.findBuild(t("bad-build"));
        QVERIFY(green.isLooking());
        QTRY_VERIFY(found);
        QVERIFY(!green.isLooking());
        QCOMPARE(found->run.hostId, t("good-build"));
        QCOMPARE(found->log->line(0), QByteArray("log of good-build"));
        QVERIFY(m_source->asked.isEmpty());
    }

    void whyABuildHasNoGreenOneBeforeItIsSaid()
    {
        const auto refusal = [&](const std::function<void(LastGreen &)> &prepare) {
            LastGreen green(*m_host, {m_source.get()}, m_spool);
            prepare(green);
            QString said;
            connect(&green, &LastGreen::refused, this,
                    [&](const Error &why) { said = why.message; });
            green.findBuild(t("bad-build-1"));
            (void)QTest::qWaitFor([&] { return !said.isEmpty(); }, 2000);
            return green.isLooking() ? t("still looking") : said;
        };
        BuildHost host;
        QCOMPARE(refusal([](LastGreen &) {}),
                 t("No build service is connected that could tell the last green build. Compare "
                   "with a file instead."));
        QCOMPARE(refusal([&](LastGreen &green) { green.addBuilds(host); }),
                 t("The last green build could not be looked for. There is no such build."));
        host.knows = t("bad-build-1");
        QCOMPARE(refusal([&](LastGreen &green) { green.addBuilds(host); }),
                 t("No build that went well was found before build bad-buil, of the same trigger "
                   "or tags. Compare with a file instead."));
    }

    void theSameJobOfTheLastGreenRunIsFetched()
    {
        setGreen(6981, 11);
        setGreen(6990, 21);
        m_host->setRun(CommitId(t("c")), runAt(6995, RunStatus::Failed), {});
        find(t("lint (ruff)"));
        QVERIFY(m_green->isLooking());
        QTRY_COMPARE(m_source->asked, QList<qint64>{22});
        m_source->give(22, "green\n");
        QVERIFY(m_found);
        QVERIFY(!m_green->isLooking());
        QCOMPARE(m_found->run.id, RunId(6990));
        QCOMPARE(m_found->job.name, t("lint (ruff)"));
        QCOMPARE(m_found->log->line(0), QByteArray("green"));
        QVERIFY(m_found->ago);
    }

    void howLongAgoItEndedIsToldByTheHostsClock()
    {
        Job job = jobOf(6990, 1, "build", RunStatus::Succeeded);
        job.completedAt = m_clock.now().addSecs(100 - 3600); // the host's clock is 100 s ahead
        m_host->setRun(CommitId(t("a")), runAt(6990, RunStatus::Succeeded), {job});
        find(t("build"));
        QTRY_COMPARE(m_source->asked.size(), 1);
        m_source->give(1, "x\n");
        QCOMPARE(*m_found->ago, std::chrono::milliseconds(3'600'000));
    }

    void withoutAGreenRunTheFileAndTheBranchAreNamed()
    {
        m_host->setRun(CommitId(t("a")), runAt(6990, RunStatus::Failed), {});
        find(t("build"));
        QTRY_VERIFY(m_refused);
        QCOMPARE(m_refused->message,
                 t("No green run of ci.yml on main was found before run 6998."));
        QVERIFY(m_source->asked.isEmpty());
    }

    void aJobThatWasNotThereIsToldAndNoOtherIsTaken()
    {
        setGreen(6990, 21);
        find(t("lint"));
        QTRY_VERIFY(m_refused);
        QCOMPARE(m_refused->message, t("The last green run, 6990, has no job “lint”."));
    }

    void aJobThatWasSkippedThereHasNoLog()
    {
        m_host->setRun(CommitId(t("a")), runAt(6990, RunStatus::Succeeded),
                       {jobOf(6990, 1, "build", RunStatus::Skipped)});
        find(t("build"));
        QTRY_VERIFY(m_refused);
        QCOMPARE(m_refused->message,
                 t("“build” was skipped in the last green run, 6990: it has no log there."));
    }

    void aLogThatIsGoneIsToldSo()
    {
        setGreen(6990, 21);
        find(t("build"));
        QTRY_COMPARE(m_source->asked.size(), 1);
        m_source->refuse(21, ErrorKind::NotFound, t("the host's words for 404 and 410"));
        QVERIFY(m_refused);
        QCOMPARE(m_refused->message,
                 t("The log of “build” in run 6990, the last green one, is no longer kept."));
    }

    void aLogThatMayNotBeReadIsToldSo()
    {
        setGreen(6990, 21);
        find(t("build"));
        QTRY_COMPARE(m_source->asked.size(), 1);
        m_source->refuse(21, ErrorKind::NotAllowed, t("GitHub refuses."));
        QVERIFY(m_refused);
        QCOMPARE(m_refused->kind, ErrorKind::NotAllowed);
        QVERIFY2(m_refused->message.endsWith(t("could not be read: not allowed. GitHub refuses.")),
                 qPrintable(m_refused->message));
    }

    void aHostThatDoesNotAnswerIsToldSo()
    {
        m_host->failWith(Error{ErrorKind::Unavailable, t("GitHub does not answer."), {}, {}});
        find(t("build"));
        QTRY_VERIFY(m_refused);
        QCOMPARE(m_refused->message,
                 t("The last green run could not be looked for. GitHub does not answer."));
    }

    void aHostThatCannotTellSaysSoItself()
    {
        m_host->failWith(Error{ErrorKind::Refused, t("Compare with a file."), {}, {}});
        find(t("build"));
        QTRY_VERIFY(m_refused);
        QCOMPARE(m_refused->message, t("Compare with a file."));
    }

    void theAnswerToAnEarlierQuestionNeverComes()
    {
        setGreen(6990, 21);
        find(t("build"));
        QTRY_COMPARE(m_source->asked, QList<qint64>{21});
        const QPointer<LogStream> first = m_source->streams[21];
        find(t("lint (ruff)"));
        QVERIFY2(first.isNull(), "its transfer ends");
        QTRY_COMPARE(m_source->asked, (QList<qint64>{21, 22}));
        m_source->give(22, "right\n");
        QVERIFY(m_found);
        QCOMPARE(m_found->job.id, JobId(22));
    }

    void anAnswerThatIsOnItsWayIsDroppedWhenItIsForgotten()
    {
        setGreen(6990, 21);
        m_host->hold();
        find(t("build"));
        m_green->forget();
        m_host->release();
        QCoreApplication::processEvents();
        QVERIFY(!m_green->isLooking());
        QVERIFY(m_source->asked.isEmpty());
        QCOMPARE(m_host->asked(), QStringList{t("green before 6998")});
        QVERIFY(!m_found && !m_refused);
    }

    void theRunOfTheChosenJobIsSearchedElseTheNewestWithJobs()
    {
        Overlay overlay;
        QVERIFY(!runToSearch(overlay, {}));
        overlay.runs = {{t("a"), runAt(5, RunStatus::Succeeded)},
                        {t("b"), runAt(7, RunStatus::Running)},
                        {t("c"), runAt(9, RunStatus::Queued)}};
        overlay.nodes[nodeId(t("ci.yml#build"))].jobs
            = {jobOf(5, 1, "build", RunStatus::Succeeded)};
        overlay.unmatched = {jobOf(7, 2, "extra", RunStatus::Succeeded)};
        QCOMPARE(runToSearch(overlay, {}), RunId(7));
        QCOMPARE(runToSearch(overlay, jobOf(5, 1, "build", RunStatus::Succeeded)), RunId(5));
    }

    void theJobsOfOneRunComeInTheOrderOfTheGraph()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        Overlay overlay;
        const auto put = [&](const char *node, const QList<Job> &jobs) {
            QVERIFY(graph.node(nodeId(t(node))));
            overlay.nodes[nodeId(t(node))].jobs = jobs;
        };
        Job neverBegan = jobOf(1, 6, "security-scan", RunStatus::Cancelled);
        neverBegan.startedAt = {};
        put("ci.yml#lint", {jobOf(1, 1, "lint (black)", RunStatus::Succeeded),
                            jobOf(1, 2, "lint (ruff)", RunStatus::Skipped)});
        put("ci.yml#integration-tests", {jobOf(1, 3, "integration-tests", RunStatus::Running)});
        put("deploy-standalone.yml#deploy-staging",
            {jobOf(2, 4, "deploy-staging", RunStatus::Succeeded)});
        overlay.unmatched = {jobOf(1, 5, "extra", RunStatus::Failed), neverBegan,
                             jobOf(1, 5, "extra", RunStatus::Failed)};
        QStringList told;
        for (const RunLog &log : logsOfRun(graph, overlay, RunId(1)))
            told << t("%1 %2").arg(log.title).arg(int(log.standing));
        QStringList wanted{t("lint (black) 1"), t("lint (ruff) 2"), t("integration-tests 0"),
                           t("extra 1"), t("security-scan 2")};
        QCOMPARE(told.last(), wanted.last());
        // The order of the file's jobs is the graph's matter; here it counts that none is missing.
        told.sort();
        wanted.sort();
        QCOMPARE(told, wanted);
    }

private:
    /// A green run of two jobs: "build" and "lint (ruff)".
    void setGreen(qint64 run, qint64 firstJob)
    {
        m_host->setRun(CommitId(QString::number(run)), runAt(run, RunStatus::Succeeded),
                       {jobOf(run, firstJob, "build", RunStatus::Succeeded),
                        jobOf(run, firstJob + 1, "lint (ruff)", RunStatus::Succeeded)});
    }
    void find(const QString &name)
    {
        Job job = jobNamed(name, RunStatus::Failed);
        job.run = RunId(6998);
        m_green->find(runAt(6998, RunStatus::Failed), job);
    }

    FakeClock m_clock;
    QTemporaryDir m_dir;
    LogSpool m_spool{m_dir.path()};
    std::unique_ptr<FakeRuns> m_host;
    std::unique_ptr<JobSource> m_source;
    std::unique_ptr<LastGreen> m_green;
    std::optional<GreenLog> m_found;
    std::optional<Error> m_refused;
};

QTEST_GUILESS_MAIN(TestJobLogs)
#include "testjoblogs.moc"

#include "pipeline/pipelinecontroller.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "support/fakeclock.h"
#include "support/soon.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

QString path(const char *file)
{
    return s(".github/workflows/") + s(file);
}

} // namespace

class PipelineControllerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_tree = std::make_unique<FakeTree>();
        m_host = std::make_unique<FakeRuns>(*m_clock);
        for (const char *file : {"ci.yml", "deploy-standalone.yml", "deploy-coditect.yml",
                                 "release.yml", "checks.yml", "region.yml"})
            m_tree->put(m_commit, fixtureFile(s(file)));
    }

    void theGraphOfACommitIsShown()
    {
        auto controller = make({"ci.yml", "deploy-standalone.yml", "deploy-coditect.yml"});
        QSignalSpy graph(controller.get(), &PipelineController::graphChanged);
        controller->show(m_commit);
        QVERIFY(controller->isLoading());
        QCOMPARE(graph.size(), 1);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(graph.size(), 2);
        QVERIFY(!controller->loadError());
        QCOMPARE(controller->graph(), buildGraph(deliveryWorkflows()));
    }

    void calledWorkflowsAreReadToo()
    {
        auto controller = make({"release.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(controller->graph().frames.size(), 3);
        QCOMPARE(m_tree->asked().count(path("checks.yml")), 1);
    }

    void withoutAListTheWholeFolderIsRead()
    {
        m_tree->put(m_commit, {path("README.md"), "not a workflow"});
        auto controller = make({});
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QStringList files;
        for (const GraphFrame &frame : controller->graph().frames) {
            if (frame.caller.value.isEmpty())
                files.append(frame.title);
        }
        QCOMPARE(files, (QStringList{s("ci.yml"), s("deploy-coditect.yml"),
                                     s("deploy-standalone.yml"), s("release.yml")}));
    }

    void aMissingFileIsAProblemAndNoFailure()
    {
        auto controller = make({"ci.yml", "gone.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QVERIFY(!controller->loadError());
        QCOMPARE(controller->graph().nodes.size(), 5);
        QCOMPARE(controller->graph().problems.size(), 1);
        QCOMPARE(controller->graph().problems[0].file, path("gone.yml"));
    }

    void aMissingCommitIsAFailure()
    {
        auto controller = make({"ci.yml"});
        controller->show(CommitId(s("nobody")));
        QVERIFY(soon([&] { return controller->loadError(); }));
        QCOMPARE(controller->loadError()->kind, ErrorKind::NotFound);
        QVERIFY(!controller->isLoading());
        QCOMPARE(m_tree->asked(), QStringList{s("commit")});
    }

    void aFailureIsReadAgainOnRequest()
    {
        auto controller = make({"ci.yml"});
        m_tree->failWith(Error{ErrorKind::Unavailable, s("disk gone"), {}, {}});
        controller->show(m_commit);
        QVERIFY(soon([&] { return controller->loadError(); }));
        m_tree->failWith({});
        controller->refresh();
        QVERIFY(!controller->loadError());
        QTRY_COMPARE(controller->graph().nodes.size(), 5);
        const qsizetype asked = m_tree->asked().size();
        controller->refresh();
        QCOMPARE(m_tree->asked().size(), asked);
    }

    void theLatestCommitWins()
    {
        const CommitId other(s("other"));
        m_tree->put(other, {path("ci.yml"), "on: push\njobs: {only: {runs-on: x}}"});
        auto controller = make({"ci.yml"});
        m_tree->hold();
        controller->show(m_commit);
        controller->show(other);
        m_tree->release();
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(controller->commit(), other);
        QCOMPARE(controller->graph().nodes.size(), 1);
        QCOMPARE(controller->graph().nodes[0].title, s("only"));
    }

    void aJobThatWillBeSkippedIsKnownBeforeTheHostSaysSo()
    {
        m_tree->put(m_commit, {path("ci.yml"), "on: [push, pull_request]\njobs:\n"
                                               "  build: {runs-on: x}\n"
                                               "  release: {runs-on: x, needs: build,"
                                               " if: github.event_name == 'push'}\n"});
        auto controller = make({"ci.yml"});
        const auto outlook = [&] {
            return controller->overlay().of(nodeId(s("ci.yml#release")))->outlook.runs;
        };
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(outlook(), Truth::Unknown);
        Run run = runOf(s("ci.yml"), 7012, RunStatus::Running);
        run.event = s("pull_request");
        m_host->setRun(m_commit, run, {jobNamed(s("build"), RunStatus::Running)});
        controller->refresh();
        QVERIFY(soon([&] { return !controller->overlay().runs.isEmpty(); }));
        QCOMPARE(outlook(), Truth::False);
        QVERIFY(controller->overlay().of(nodeId(s("ci.yml#release")))->willBeSkipped());
    }

    void theDoctorIsToldWhoMigrates()
    {
        m_tree->put(m_commit, {path("ci.yml"), "on: push\njobs: {t: {runs-on: x, steps: "
                                               "[{run: alembic upgrade head}]}}\n"});
        m_tree->put(m_commit, {path("deploy-standalone.yml"),
                               "on: push\njobs: {d: {runs-on: x, environment: production, steps: "
                               "[{run: helm upgrade context ./chart}]}}\n"});
        const auto findsAGap = [&](Surroundings::Migrations migrations) {
            PipelineController::Settings settings;
            settings.workflowPaths = {path("ci.yml"), path("deploy-standalone.yml")};
            settings.surroundings.migrations = migrations;
            PipelineController controller(*m_tree, nullptr, *m_clock, settings);
            QSignalSpy found(&controller, &PipelineController::findingsChanged);
            controller.show(m_commit);
            if (found.isEmpty() && !found.wait())
                return false;
            const QList<Finding> &all = controller.findings();
            return std::any_of(all.begin(), all.end(), [](const Finding &finding) {
                return finding.rule == QLatin1String("PD-33");
            });
        };
        QVERIFY(findsAGap(Surroundings::Migrations::InWorkflows));
        QVERIFY(!findsAGap(Surroundings::Migrations::ByConsole));
    }

    void whatTheReaderRefusesBelongsToTheJobInWhoseLinesItStands_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("job");
        QTest::newRow("in a job") << QByteArray(
            "on: push\njobs:\n  a: {runs-on: x}\n  b:\n    runs-on: x\n    steps: 5\n"
            "  c: {runs-on: x}\n") << s("b");
        QTest::newRow("in the last job")
            << QByteArray("on: push\njobs:\n  a: {runs-on: x}\n  b: {runs-on: x, steps: 5}\n")
            << s("b");
        QTest::newRow("in a job of one line")
            << QByteArray("on: push\njobs: {a: {runs-on: x, steps: 5}, b: {runs-on: x}}\n")
            << s("a");
        QTest::newRow("above the jobs")
            << QByteArray("on: push\nenv: 5\njobs: {a: {runs-on: x}}\n") << QString();
        QTest::newRow("below the jobs")
            << QByteArray("on: push\njobs:\n  a: {runs-on: x}\nname: n\nenv: 5\n") << QString();
        QTest::newRow("in a job that is not drawn")
            << QByteArray("on: push\njobs:\n  a: {runs-on: x}\n  b:\n    steps: [\n") << QString();
    }

    void whatTheReaderRefusesBelongsToTheJobInWhoseLinesItStands()
    {
        QFETCH(QByteArray, file);
        m_tree->put(m_commit, {path("ci.yml"), file});
        PipelineController controller(*m_tree, nullptr, *m_clock, {{path("ci.yml")}});
        QSignalSpy found(&controller, &PipelineController::findingsChanged);
        controller.show(m_commit);
        QVERIFY(!found.isEmpty() || found.wait());
        const Finding first = controller.findings().value(0);
        QCOMPARE(first.severity, Finding::Severity::Blocks);
        QCOMPARE(first.rule, QString());
        QTEST(first.job, "job");
    }

    void withoutAHostTheGraphStandsAlone()
    {
        PipelineController controller(*m_tree, nullptr, *m_clock, {{path("ci.yml")}});
        controller.show(m_commit);
        QVERIFY(soon([&] { return !controller.isLoading(); }));
        QCOMPARE(controller.overlay().nodes.size(), 5);
        QCOMPARE(controller.runState().health, SourceState::Health::NotSetUp);
        QVERIFY(controller.runs().isEmpty());
        QVERIFY(!controller.serverNow().isValid());
        controller.refresh();
        controller.setWatched(false);
        QCOMPARE(m_clock->waiting(), 0);
    }

    void beforeTheHostAnswersAJobIsNotTakenForOneToCome()
    {
        m_host->failWith(Error{ErrorKind::NotAllowed, s("no right"), {}, {}});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QTRY_COMPARE(controller->runState().health, SourceState::Health::NotAllowed);
        const auto unread = [&] {
            return controller->overlay().of(nodeId(s("ci.yml#build")))->unread;
        };
        QVERIFY(unread());
        m_host->failWith({});
        controller->refresh();
        QVERIFY(soon([&] { return !unread(); }));
        QVERIFY(!stateOf(*controller, "build"));
    }

    void runsAreLaidOverTheGraph()
    {
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running, s("13:31:00"))});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QTRY_COMPARE(stateOf(*controller, "build"), RunStatus::Running);
        QCOMPARE(controller->runs().size(), 1);
        QCOMPARE(controller->runState().health, SourceState::Health::Live);

        QSignalSpy overlay(controller.get(), &PipelineController::overlayChanged);
        QSignalSpy ended(controller.get(), &PipelineController::jobEnded);
        QSignalSpy source(controller.get(), &PipelineController::sourceChanged);
        m_clock->advance(4s);
        QCOMPARE(overlay.size(), 0);
        QCOMPARE(source.size(), 1);
        ciRuns(RunStatus::Running,
               {jobNamed(s("build"), RunStatus::Failed, s("13:31:00"), s("13:32:00"))});
        m_clock->advance(4s);
        QCOMPARE(stateOf(*controller, "build"), RunStatus::Failed);
        QVERIFY(overlay.size() > 0);
        QCOMPARE(ended.size(), 1);
    }

    void theOverlayIsEmptyAtOnceForAnotherCommit()
    {
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running)});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QTRY_COMPARE(stateOf(*controller, "build"), RunStatus::Running);
        const CommitId other(s("other"));
        m_tree->put(other, fixtureFile(s("ci.yml")));
        // The files may be parsed before show() returns, so what is told first counts.
        std::optional<bool> emptied;
        connect(controller.get(), &PipelineController::overlayChanged, this,
                [&] { emptied = emptied.value_or(controller->overlay().nodes.isEmpty()); });
        controller->show(other);
        QCOMPARE(emptied, std::optional<bool>(true));
        QVERIFY(controller->runs().isEmpty());
        QTRY_COMPARE(controller->overlay().nodes.size(), 5);
        QVERIFY(!stateOf(*controller, "build"));
    }

    void aRunningJobKnowsItsUsualTime()
    {
        m_host->setRun(CommitId(s("earlier")), runOf(s("ci.yml"), 1, RunStatus::Succeeded),
                       {jobNamed(s("build"), RunStatus::Succeeded, s("12:00:00"), s("12:02:00"))});
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Running, s("13:31:00"))});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return stateOf(*controller, "build"); }));
        m_clock->advance(0ms);
        const NodeOverlay *build = controller->overlay().of(nodeId(s("ci.yml#build")));
        QCOMPARE(build->usual, 2min);
        QVERIFY(!controller->overlay().of(nodeId(s("ci.yml#lint")))->usual);
    }

    void aNodeIsChosenWithItsWorstJob()
    {
        ciRuns(RunStatus::Running, {jobNamed(s("lint (ruff)"), RunStatus::Succeeded),
                                    jobNamed(s("lint (black)"), RunStatus::Failed),
                                    jobNamed(s("lint (mypy)"), RunStatus::Running)});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return stateOf(*controller, "lint"); }));
        QSignalSpy selection(controller.get(), &PipelineController::selectionChanged);
        controller->selectNode(nodeId(s("ci.yml#lint")));
        QCOMPARE(controller->selectedJob()->name, s("lint (black)"));
        controller->selectJob(jobNamed(s("lint (mypy)"), RunStatus::Running).id);
        QCOMPARE(controller->selectedJob()->name, s("lint (mypy)"));
        QCOMPARE(controller->selectedNode(), nodeId(s("ci.yml#lint")));
        QCOMPARE(selection.size(), 2);
        controller->selectJob(JobId(12345678));
        QCOMPARE(selection.size(), 2);
        controller->selectNode(nodeId(s("ci.yml#no-such")));
        QVERIFY(!controller->selectedJob());
        QCOMPARE(controller->selectedNode(), NodeId());
    }

    void aChoiceGetsItsJobWhenItComes()
    {
        ciRuns(RunStatus::Running, {});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QTRY_COMPARE(controller->overlay().runs.size(), 1);
        controller->selectNode(nodeId(s("ci.yml#build")));
        QVERIFY(!controller->selectedJob());
        QSignalSpy selection(controller.get(), &PipelineController::selectionChanged);
        ciRuns(RunStatus::Running, {jobNamed(s("build"), RunStatus::Queued)});
        m_clock->advance(4s);
        QCOMPARE(selection.size(), 1);
        QCOMPARE(controller->selectedJob()->name, s("build"));
    }

    void aChoiceSurvivesANewAttempt()
    {
        const auto legs = [](qint64 shift) {
            QList<Job> jobs{jobNamed(s("lint (ruff)"), RunStatus::Failed),
                            jobNamed(s("lint (black)"), RunStatus::Succeeded)};
            for (Job &job : jobs)
                job.id.value += shift;
            return jobs;
        };
        ciRuns(RunStatus::Running, legs(0));
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return stateOf(*controller, "lint"); }));
        controller->selectJob(legs(0)[1].id);
        ciRuns(RunStatus::Running, legs(5'000'000));
        m_clock->advance(4s);
        QCOMPARE(controller->selectedJob()->id, legs(5'000'000)[1].id);
        QCOMPARE(controller->selectedNode(), nodeId(s("ci.yml#lint")));
    }

    void aChoiceSurvivesAnotherCommitWhereItExists()
    {
        const CommitId other(s("other"));
        m_tree->put(other, fixtureFile(s("ci.yml")));
        const CommitId without(s("without"));
        m_tree->put(without, {path("ci.yml"), "on: push\njobs: {only: {runs-on: x}}"});
        auto controller = make({"ci.yml"});
        controller->show(m_commit);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        controller->selectNode(nodeId(s("ci.yml#build")));
        controller->show(other);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(controller->selectedNode(), nodeId(s("ci.yml#build")));
        controller->show(without);
        QVERIFY(soon([&] { return !controller->isLoading(); }));
        QCOMPARE(controller->selectedNode(), NodeId());
    }

    void itMayGoWhileFilesAreOnTheirWay()
    {
        auto controller = make({"ci.yml"});
        m_tree->hold();
        controller->show(m_commit);
        controller.reset();
        m_tree->release();
        QCoreApplication::processEvents();
        QCOMPARE(m_tree->asked(), QStringList{s("commit")});
    }

private:
    [[nodiscard]] std::unique_ptr<PipelineController>
    make(std::initializer_list<const char *> files)
    {
        PipelineController::Settings settings;
        for (const char *file : files)
            settings.workflowPaths.append(path(file));
        return std::make_unique<PipelineController>(*m_tree, m_host.get(), *m_clock, settings);
    }

    void ciRuns(RunStatus status, const QList<Job> &jobs)
    {
        m_host->setRun(m_commit, runOf(s("ci.yml"), 7012, status), jobs);
    }

    [[nodiscard]] static std::optional<RunStatus> stateOf(const PipelineController &controller,
                                                          const char *key)
    {
        const NodeOverlay *node = controller.overlay().of(nodeId(s("ci.yml#") + s(key)));
        return node ? node->status : std::nullopt;
    }

    const CommitId m_commit{s("c41d77e")};
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeTree> m_tree;
    std::unique_ptr<FakeRuns> m_host;
};

QTEST_GUILESS_MAIN(PipelineControllerTest)
#include "pipelinecontrollertest.moc"

#include "pipeline/act/actbench.h"

#include "logs/logcontroller.h"
#include "pipeline/act/buildstage.h"
#include "support/accessiblenames.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/widgets/theme.h"

#include <QDir>
#include <QGraphicsItem>
#include <QLabel>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QByteArray coditect = "name: Deploy CODITECT\n"
                            "on: [push, workflow_dispatch]\n"
                            "jobs:\n"
                            "  cloud-build: {runs-on: x, steps: [{run: a}]}\n"
                            "  deploy: {needs: cloud-build, runs-on: x, steps: [{run: a}]}\n"
                            "  announce:\n"
                            "    needs: deploy\n"
                            "    if: github.event_name == 'workflow_dispatch'\n"
                            "    runs-on: x\n"
                            "    steps: [{run: a}]\n"
                            "  report: {needs: announce, if: \"!cancelled() && vars.REPORT\", "
                            "runs-on: x, steps: [{run: a}]}\n";

const NodeId buildNode(QStringLiteral(".github/workflows/deploy-coditect.yml#cloud-build@build"));

} // namespace

class TestBuildNode final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_tree = std::make_unique<FakeTree>();
        m_runs = std::make_unique<FakeRuns>(*m_clock);
        m_builds = std::make_unique<FakeRuns>(*m_clock);
        m_control = std::make_unique<FakeControl>(*m_clock);
        m_runner = std::make_unique<ActionRunner>(m_journal, t("A. Muster"));
        m_tree->put(shown, fixtureFile(t("ci.yml")));
        m_tree->put(shown, {t(".github/workflows/deploy-coditect.yml"), coditect});
        Run run = runOf(t("deploy-coditect.yml"), 7012, RunStatus::Running);
        run.event = t("push");
        run.branch = t("main");
        run.createdAt = m_clock->now().addSecs(-90);
        Job job = jobNamed(t("cloud-build"), RunStatus::Running);
        job.run = run.id;
        job.createdAt = m_clock->now().addSecs(-80);
        job.startedAt = m_clock->now().addSecs(-70);
        m_runs->setRun(shown, run, {job});
        PipelineController::Settings settings;
        settings.workflowPaths
            = {t(".github/workflows/ci.yml"), t(".github/workflows/deploy-coditect.yml")};
        m_pipeline
            = std::make_unique<PipelineController>(*m_tree, m_runs.get(), *m_clock, settings);
        m_logs
            = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(), *m_clock);
        BuildStage::Settings stage;
        stage.job = t("cloud-build");
        m_stage = std::make_unique<BuildStage>(stage, *m_pipeline, *m_builds, *m_clock);
        RunActions::Settings acting;
        acting.environment = {EnvironmentMark::Kind::Rehearsal, t("rehearsal")};
        m_actions = std::make_unique<RunActions>(acting, *m_stage, *m_control, *m_runner, *m_clock);
    }

    void cleanup()
    {
        m_page.reset();
        m_actions.reset();
        m_stage.reset();
        m_logs.reset();
        m_pipeline.reset();
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void theBuildStandsBetweenTheJobAndTheDeployment()
    {
        open();
        const QRect build = rectOf(buildNode);
        QVERIFY(rectOf(job("cloud-build")).right() < build.left());
        QVERIFY(build.right() < rectOf(job("deploy")).left());
    }

    void neitherABuildNorItsStatesMoveANode()
    {
        open();
        const QRect before = rectOf(buildNode);
        const QRect deploy = rectOf(job("deploy"));
        for (const RunStatus status :
             {RunStatus::Queued, RunStatus::Waiting, RunStatus::Running, RunStatus::Failed}) {
            setBuild(status);
            QCOMPARE(rectOf(buildNode), before);
            QCOMPARE(rectOf(job("deploy")), deploy);
        }
    }

    void noStateOfTheChosenBuildMovesTheGraph()
    {
        open();
        click(buildNode);
        QCoreApplication::processEvents(); // layouts
        const QRect before = rectOf(buildNode);
        for (const RunStatus status :
             {RunStatus::Queued, RunStatus::Waiting, RunStatus::Running, RunStatus::Failed}) {
            setBuild(status);
            QCoreApplication::processEvents();
            QCOMPARE(rectOf(buildNode), before);
        }
    }

    void aClickShowsTheBuildInsteadOfTheJob()
    {
        setBuild(RunStatus::Running);
        open();
        click(buildNode);
        QVERIFY(!widget("jobPanel")->isVisible());
        QVERIFY(widget("buildPanel")->isVisible());
        QCOMPARE(m_page->graphView()->chosen(), buildNode);
        QCOMPARE(m_pipeline->selectedNode(), job("cloud-build")); // whose run the buttons are about
        QCOMPARE(m_logs->target(), std::optional<LogTarget>(BuildLog{t("3f2a9c1d-77aa")}));
        QVERIFY(m_page->graphView()->accessibleDescription().contains(t("step 2/3: build")));
        QCOMPARE(nameless(*m_page), QString());
        picture("build-chosen");

        click(job("cloud-build"));
        QVERIFY(widget("jobPanel")->isVisible());
        QCOMPARE(m_page->graphView()->chosen(), job("cloud-build"));
        QVERIFY(m_logs->target() != std::optional<LogTarget>(BuildLog{t("3f2a9c1d-77aa")}));
    }

    void aBuildIsShownByItsNumber()
    {
        setBuild(RunStatus::Waiting);
        open();
        QVERIFY(!m_page->showBuild(RunId(7012))); // a run of the CI host
        QVERIFY(m_page->showBuild(m_stage->chosen()->id));
        QVERIFY(widget("buildPanel")->isVisible());
        QCOMPARE(m_page->graphView()->chosen(), buildNode);
    }

    void theArrowsReachItToo()
    {
        setBuild(RunStatus::Running);
        open();
        click(job("cloud-build"));
        QTest::keyClick(m_page->graphView(), Qt::Key_Right);
        QCOMPARE(m_page->graphView()->chosen(), buildNode);
        QVERIFY(!widget("jobPanel")->isVisible());
        QTest::keyClick(m_page->graphView(), Qt::Key_Right);
        QCOMPARE(m_pipeline->selectedNode(), job("deploy"));
        QVERIFY(widget("jobPanel")->isVisible());
        QVERIFY(!widget("buildPanel")->isVisible());
    }

    void itsLogIsOpenedWhenTheBuildComes()
    {
        open();
        click(buildNode);
        QVERIFY(!m_logs->target());
        setBuild(RunStatus::Queued);
        QCOMPARE(m_logs->target(), std::optional<LogTarget>(BuildLog{t("3f2a9c1d-77aa")}));
        // Whoever then looks elsewhere is left in peace.
        m_logs->close();
        setBuild(RunStatus::Running);
        QVERIFY(!m_logs->target());
    }

    void anotherCommitHasNotThisBuildsLog()
    {
        setBuild(RunStatus::Running);
        open();
        click(buildNode);
        QVERIFY(m_logs->target());
        const CommitId other(t("9f3c2a1"));
        m_tree->put(other, fixtureFile(t("ci.yml")));
        m_tree->put(other, {t(".github/workflows/deploy-coditect.yml"), coditect});
        m_pipeline->show(other);
        QTRY_VERIFY(!m_logs->target());
        QTRY_VERIFY(!m_pipeline->isLoading());
        QVERIFY(!rectOf(buildNode).isNull()); // the place is there without a build
    }

    void theChoiceSurvivesWhatTheHostSays()
    {
        setBuild(RunStatus::Running);
        open();
        click(buildNode);
        m_pipeline->refresh();
        m_stage->refresh();
        setBuild(RunStatus::Succeeded);
        QCOMPARE(m_page->graphView()->chosen(), buildNode);
    }

    void aFoldedFileShowsTheFailedBuild()
    {
        setBuild(RunStatus::Failed);
        open();
        const FrameId frame(t(".github/workflows/deploy-coditect.yml"));
        m_page->graphView()->toggleFold(frame);
        picture("build-folded");
        click(foldedId(frame));
        QCOMPARE(m_page->graphView()->chosen(), buildNode);
    }

    void aConditionIsKnownBeforeTheJobIs()
    {
        open();
        click(job("announce"));
        const auto *condition = m_page->findChild<QLabel *>(t("jobCondition"));
        QVERIFY(condition && condition->isVisible());
        QCOMPARE(condition->text(),
                 t("will be skipped: if github.event_name == 'workflow_dispatch'"));
        QVERIFY(m_page->graphView()->accessibleDescription().contains(t("skips, will be skipped")));
        picture("skips-chosen");
        click(job("report"));
        QCOMPARE(condition->text(), t("if !cancelled() && vars.REPORT: decided when it runs"));
        click(job("deploy"));
        QVERIFY(!condition->isVisible());
    }

    void whatABuildServiceThatRefusesSaidLastFadesAndSaysItsAge()
    {
        setBuild(RunStatus::Running);
        open();
        click(buildNode);
        QCOMPARE(itemOf(buildNode)->opacity(), 1.0);
        m_builds->failWith(Error{ErrorKind::SignedOut, t("gcloud session ended."), {}, {}});
        m_clock->advance(4s);
        QTRY_VERIFY(itemOf(buildNode)->opacity() < 1);
        QCOMPARE(itemOf(job("deploy"))->opacity(), 1.0); // GitHub is well
        QVERIFY(itemOf(buildNode)->toolTip().contains(t("running, step 2/3: build, as it was")));
        m_clock->advance(20s);
        m_page->refreshAges();
        QVERIFY(tells("Cloud Build as read 24 s ago: gcloud session ended"));
        QVERIFY(tells("as read 24 s ago"));
        QVERIFY2(buildWords().endsWith(t(" · gcloud session ended.")), qPrintable(buildWords()));
        picture("build-lost");
        m_builds->failWith({});
        m_stage->refresh();
        QTRY_COMPARE(itemOf(buildNode)->opacity(), 1.0);
        QVERIFY(!tells("gcloud session ended"));
    }

    void aBuildServiceThatStopsAnsweringFadesToo()
    {
        Theme::instance().setScheme(Theme::Scheme::Dark);
        setBuild(RunStatus::Running);
        open();
        click(buildNode);
        m_builds->hold();
        m_clock->advance(15s);
        QTRY_VERIFY(itemOf(buildNode)->opacity() < 1);
        m_page->refreshAges();
        QVERIFY(tells("Cloud Build as read 15 s ago: Cloud Build has not answered since"));
        QCOMPARE(itemOf(job("deploy"))->opacity(), 1.0);
        picture("build-silent-dark");
        // Folded with others, it is no fresher.
        m_page->graphView()->toggleFold(FrameId(t(".github/workflows/deploy-coditect.yml")));
        QVERIFY(itemOf(foldedId(FrameId(t(".github/workflows/deploy-coditect.yml"))))->opacity()
                < 1);
        m_builds->release();
    }

    void aBuildThatWasNeverReadIsNotSaidToBeNone()
    {
        m_builds->hold();
        openUnread();
        m_pipeline->selectNode(job("cloud-build"));
        QCOMPARE(buildWords(), t("No data: Cloud Build has not told the builds of this commit"));
        m_builds->release();
        QTRY_COMPARE(buildWords(), t("No build of this commit yet"));
    }

    void whatTheGraphSaysIsSaidInTheDarkToo()
    {
        Theme::instance().setScheme(Theme::Scheme::Dark);
        setBuild(RunStatus::Waiting);
        open();
        click(buildNode);
        QVERIFY(m_page->graphView()->accessibleDescription().contains(t("waits for a person")));
        picture("build-dark");
    }

private:
    void open()
    {
        openUnread();
        QTRY_VERIFY(m_stage->age());
    }
    void openUnread()
    {
        m_pipeline->show(shown);
        QVERIFY(soon([&] { return !m_pipeline->isLoading(); }));
        QVERIFY(soon([&] { return m_pipeline->overlay().runs.size() == 1; }));
        m_page = std::make_unique<PipelinePage>(*m_pipeline, *m_logs);
        m_page->addBuilds(*m_stage, *m_actions);
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    [[nodiscard]] QGraphicsItem *itemOf(const NodeId &node) const
    {
        return m_page->graphView()->itemAt(rectOf(node).center());
    }
    [[nodiscard]] QString buildWords() const
    {
        return m_page->findChild<QLabel *>(t("buildWords"))->text();
    }
    [[nodiscard]] bool tells(const char *words) const
    {
        const auto labels = m_page->findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(), [words](const QLabel *label) {
            return label->text().contains(t(words));
        });
    }
    void setBuild(RunStatus status)
    {
        Run build;
        build.id = RunId((qint64(1) << 61) + 5);
        build.hostId = t("3f2a9c1d-77aa");
        build.workflowPath = t("cloudbuild.yaml");
        build.status = status;
        build.createdAt = m_clock->now().addSecs(-60);
        Job own;
        own.id = JobId(build.id.value);
        own.run = build.id;
        own.hostId = build.hostId;
        own.status = status;
        own.createdAt = build.createdAt;
        if (status != RunStatus::Queued && status != RunStatus::Waiting)
            own.startedAt = m_clock->now().addSecs(-50);
        if (hasEnded(status))
            own.completedAt = m_clock->now();
        own.steps = {{1, t("fetch"), RunStatus::Succeeded, {}, {}},
                     {2, t("build"), status, {}, {}},
                     {3, t("push"), RunStatus::Queued, {}, {}}};
        m_builds->setRun(shown, build, {own});
        if (!m_page)
            return;
        m_stage->refresh();
        QTRY_VERIFY(m_stage->state().job && m_stage->state().job->status == status);
    }
    [[nodiscard]] QRect rectOf(const NodeId &node) const
    {
        return m_page->graphView()->nodeRect(node);
    }
    [[nodiscard]] static NodeId job(const char *key)
    {
        return NodeId(t(".github/workflows/deploy-coditect.yml#") + t(key));
    }
    void click(const NodeId &node)
    {
        QTest::mouseClick(m_page->graphView()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          rectOf(node).center());
    }
    [[nodiscard]] QWidget *widget(const char *name) const
    {
        return m_page->findChild<QWidget *>(t(name));
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    void picture(const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        QCoreApplication::processEvents(); // layouts
        if (!folder.isEmpty())
            m_page->grab().save(QDir(folder).filePath(t(name) + t(".png")));
    }

    QTemporaryDir m_dir;
    MemoryJournal m_journal;
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeTree> m_tree;
    std::unique_ptr<FakeRuns> m_runs;
    std::unique_ptr<FakeRuns> m_builds;
    std::unique_ptr<FakeControl> m_control;
    std::unique_ptr<ActionRunner> m_runner;
    std::unique_ptr<PipelineController> m_pipeline;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<BuildStage> m_stage;
    std::unique_ptr<RunActions> m_actions;
    std::unique_ptr<PipelinePage> m_page;
};

QTEST_MAIN(TestBuildNode)
#include "testbuildnode.moc"

#include "pipeline/act/actbench.h"

#include "logs/logcontroller.h"
#include "pipeline/act/buildstage.h"
#include "support/accessiblenames.h"
#include "ui/action/confirmationdialog.h"
#include "ui/pipeline/dispatchdialog.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QByteArray deployFile
    = "name: Deploy\n"
      "on:\n"
      "  workflow_dispatch:\n"
      "    inputs:\n"
      "      sha: {description: Full SHA of a commit, required: true}\n"
      "      dry_run: {type: boolean, default: true}\n"
      "      track: {type: choice, options: [standalone, coditect]}\n"
      "jobs:\n"
      "  deploy-staging: {runs-on: x, steps: [{run: a}]}\n"
      "  deploy-production: {needs: deploy-staging, runs-on: x, steps: [{run: a}]}\n";

} // namespace

class TestRuns final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<ActBench>();
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(),
                                                 m_bench->clock);
    }

    void cleanup()
    {
        m_page.reset();
        m_logs.reset();
        m_bench.reset();
    }

    void aClickReRunsWhatFailed()
    {
        show("ci.yml#build");
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        click("rerunFailedButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        picture(dialog, "confirm-rerun");
        auto *action = dialog->findChild<QPushButton *>(t("confirmButton"));
        QVERIFY(!action->isEnabled());
        QTest::keyClicks(dialog->findChild<QLineEdit *>(t("typedField")), t("7011"));
        QVERIFY(action->isEnabled());
        QTest::mouseClick(action, Qt::LeftButton);
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_bench->control.sent.size(), 1);
        QCOMPARE(m_bench->control.sent.first(), RunOrder(RerunFailedJobs{run7011, 1}));
        QCOMPARE(label("runOutcome")->text(), t("run 7011 has attempt 2"));
    }

    void aButtonThatIsOffSaysWhy()
    {
        show("ci.yml#build");
        QVERIFY(!button("cancelRunButton")->isEnabled());
        QVERIFY(button("cancelRunButton")->toolTip().startsWith(t("run 7011 has ended")));
        QVERIFY(!button("approveButton")->isVisible());
    }

    void theChosenJobIsRunAgain()
    {
        show("ci.yml#build");
        m_bench->pipeline->selectNode(nodeId(t("ci.yml#integration-tests")));
        const auto job = m_bench->pipeline->selectedJob();
        QVERIFY(job);
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[run7011].attempt = 2;
            return TakenOrder{};
        };
        click("rerunJobButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        confirm(dialog, "7011");
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_bench->control.sent.first(), RunOrder(RerunJob{run7011, 1, job->id, job->name}));
    }

    void anEnvironmentIsApproved()
    {
        show("deploy-standalone.yml#deploy-production");
        QVERIFY(label("runWords")->text().contains(t("waits for production")));
        picture(m_page.get(), "page-waiting");
        QCOMPARE(nameless(*m_page), QString());
        m_bench->control.onSend = [this](const RunOrder &order) {
            m_bench->control.given[run7012].append(
                {std::get<ReviewEnvironments>(order).state, {t("production")}, t("you"), {}});
            return TakenOrder{};
        };
        click("approveButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        picture(dialog, "confirm-approve");
        confirm(dialog, "production");
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_bench->control.sent.size(), 1);
        QCOMPARE(label("runOutcome")->text(), t("production is approved"));
    }

    void aRejectionAsksForItsReason()
    {
        show("deploy-standalone.yml#deploy-production");
        click("rejectButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        confirm(dialog, "production");
        QVERIFY(dialog); // the action is still off
        QVERIFY(m_bench->control.sent.isEmpty());
        m_bench->control.onSend = [this](const RunOrder &order) {
            const auto review = std::get<ReviewEnvironments>(order);
            m_bench->control.given[run7012].append(
                {review.state, {t("production")}, t("you"), review.comment});
            return TakenOrder{};
        };
        QTest::keyClicks(dialog->findChild<QLineEdit *>(t("reasonField")), t("pool exhausted"));
        QTest::mouseClick(dialog->findChild<QPushButton *>(t("confirmButton")), Qt::LeftButton);
        QTRY_VERIFY(!dialog);
        QCOMPARE(std::get<ReviewEnvironments>(m_bench->control.sent.first()).comment,
                 t("pool exhausted"));
    }

    void whoMayNotDecideReadsWhomToAsk()
    {
        m_bench->control.pending[run7012][0].mayReview = false;
        m_bench->control.pending[run7012][0].reviewers = {t("b-novak")};
        show("deploy-standalone.yml#deploy-production");
        QVERIFY(button("approveButton")->isVisible());
        QVERIFY(!button("approveButton")->isEnabled());
        QCOMPARE(button("approveButton")->toolTip(),
                 t("FakeHub says that this account may not decide about production: ask b-novak"));
    }

    void whoBlocksTheRunIsSaid()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Queued, {});
        m_bench->control.ahead = {{t("deploy-production"), RunId(6999), t("Deploy"), {}}};
        show("deploy-standalone.yml#deploy-production");
        QVERIFY(label("runWords")
                    ->text()
                    .contains(
                        t("blocked by run 6999 (concurrency deploy-production, told by FakeHub)")));
        picture(m_page.get(), "page-blocked");
    }

    void aCancellationIsShownWhileItGoesOn()
    {
        m_bench->setRun("deploy-standalone.yml", run7012, RunStatus::Running,
                        {jobNamed(t("deploy-staging"), RunStatus::Running)});
        show("deploy-standalone.yml#deploy-staging");
        click("cancelRunButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        confirm(dialog, "7012");
        QTRY_VERIFY(label("runWords")->text().contains(t("cancel under way")));
        QVERIFY(!button("cancelRunButton")->isEnabled());
        m_bench->clock.advance(61s);
        QTRY_VERIFY(m_bench->acts->underWay().isEmpty());
        QCOMPARE(button("cancelRunButton")->text(), t("Force Its End…"));
        QVERIFY(label("runOutcome")->text().contains(t("does not show it")));
        dialog->close();
    }

    void aWorkflowIsStartedWithItsInputs()
    {
        m_bench->tree.put(shown, {t(".github/workflows/deploy-standalone.yml"), deployFile});
        Run run = m_bench->control.runs[run7012];
        run.branch = t("main");
        m_bench->host.setRun(shown, run, {});
        show("deploy-standalone.yml#deploy-production");
        click("startWorkflowButton");
        QPointer<DispatchDialog> form = m_page->findChild<DispatchDialog *>();
        QTRY_VERIFY(form = m_page->findChild<DispatchDialog *>());
        auto *sha = form->findChild<QLineEdit *>(t("input:sha"));
        auto *dry = form->findChild<QCheckBox *>(t("input:dry_run"));
        auto *track = form->findChild<QComboBox *>(t("input:track"));
        auto *go = form->findChild<QPushButton *>(t("dispatchButton"));
        QVERIFY(sha && dry && track && go);
        QVERIFY(dry->isChecked());
        QCOMPARE(form->findChild<QLineEdit *>(t("refField"))->text(), t("main"));
        QVERIFY(!go->isEnabled());
        QCOMPARE(form->findChild<QLabel *>(t("dispatchProblem"))->text(), t("sha is required"));
        QTest::keyClicks(sha, t("c41d77e"));
        track->setCurrentText(t("coditect"));
        picture(form, "dispatch");
        QCOMPARE(nameless(*form), QString());
        QTest::mouseClick(go, Qt::LeftButton);
        QTRY_VERIFY(confirmation());
        QPointer<ConfirmationDialog> dialog = confirmation();
        m_bench->control.onSend = [this](const RunOrder &) {
            m_bench->control.runs[RunId(7300)]
                = runOf(t("deploy-standalone.yml"), 7300, RunStatus::Queued);
            return TakenOrder{RunId(7300)};
        };
        confirm(dialog, "deploy-standalone.yml");
        QTRY_VERIFY(!dialog);
        const auto sent = std::get<DispatchWorkflow>(m_bench->control.sent.first());
        QCOMPARE(sent.ref, t("main"));
        QCOMPARE(sent.inputs, (QList<DispatchValue>{{t("sha"), t("c41d77e")},
                                                    {t("dry_run"), t("true")},
                                                    {t("track"), t("coditect")}}));
        QCOMPARE(label("runOutcome")->text(), t("run 7300 of deploy-standalone.yml began"));
    }

    void aBuildStandsAtItsJobWithStepsLogAndApproval()
    {
        FakeRuns builds(m_bench->clock);
        FakeControl buildControl(m_bench->clock);
        Run build;
        build.id = RunId((qint64(1) << 61) + 5);
        build.hostId = t("3f2a9c1d-77aa");
        build.workflowPath = t("cloudbuild.yaml");
        build.status = RunStatus::Waiting;
        build.createdAt = m_bench->clock.now();
        Job job;
        job.id = JobId(build.id.value);
        job.run = build.id;
        job.status = build.status;
        job.steps = {{1, t("test"), RunStatus::Queued, {}, {}},
                     {2, t("build"), RunStatus::Queued, {}, {}}};
        builds.setRun(shown, build, {job});
        buildControl.runs[build.id] = build;
        PendingEnvironment approval;
        approval.id = 1;
        approval.name = t("build 3f2a9c1d");
        approval.mayReview = true;
        buildControl.pending[build.id] = {approval};
        m_bench->show();
        BuildStage::Settings settings;
        settings.job = t("deploy-staging");
        BuildStage stage(settings, *m_bench->pipeline, builds, m_bench->clock);
        RunActions::Settings acting;
        acting.environment = {EnvironmentMark::Kind::Rehearsal, t("rehearsal")};
        RunActions actions(acting, stage, buildControl, m_bench->runner, m_bench->clock);
        QTRY_COMPARE(stage.steps().size(), 2);
        openPage();
        m_page->addBuilds(stage, actions);
        auto *panel = m_page->findChild<QWidget *>(t("buildPanel"));
        choose("ci.yml#build");
        QVERIFY(!panel->isVisible());
        choose("deploy-standalone.yml#deploy-staging");
        QTRY_VERIFY(panel->isVisible());
        QVERIFY(label("buildWords")->text().startsWith(t("build 3f2a9c1d · waits for a person")));
        QTRY_VERIFY(button("approveBuildButton")->isEnabled());
        QTRY_VERIFY(panel->height() > 100);
        QTRY_VERIFY(button("buildLogButton")->mapTo(panel, QPoint()).y() > 0);
        picture(m_page.get(), "page-build");
        click("buildLogButton");
        QCOMPARE(m_logs->target(), std::optional<LogTarget>(BuildLog{t("3f2a9c1d-77aa")}));
        buildControl.onSend = [&](const RunOrder &) {
            buildControl.given[build.id].append(
                {ReviewState::Approved, {t("build 3f2a9c1d")}, t("you"), {}});
            return TakenOrder{};
        };
        click("approveBuildButton");
        QPointer<ConfirmationDialog> dialog = confirmation();
        QVERIFY(dialog);
        confirm(dialog, "build 3f2a9c1d");
        QTRY_VERIFY(!dialog);
        QCOMPARE(buildControl.sent.size(), 1);
        QVERIFY(m_bench->control.sent.isEmpty());
        QCOMPARE(label("buildOutcome")->text(), t("build 3f2a9c1d is approved"));
        m_page.reset(); // before the stage
    }

    void withoutTheFilesAnyInputCanBeTyped()
    {
        DispatchDialog dialog(fail(ErrorKind::Unavailable, t("the clone is gone")),
                              {t(".github/workflows/deploy.yml")}, t("main"));
        dialog.show();
        auto *go = dialog.findChild<QPushButton *>(t("dispatchButton"));
        QVERIFY(go->isEnabled()); // no input is needed
        QTest::keyClicks(dialog.findChild<QLineEdit *>(t("freeValue0")), t("7"));
        QVERIFY(!go->isEnabled()); // of which input?
        QTest::keyClicks(dialog.findChild<QLineEdit *>(t("freeKey0")), t("count"));
        QTest::mouseClick(dialog.findChild<QPushButton *>(t("moreInputsButton")), Qt::LeftButton);
        QTest::keyClicks(dialog.findChild<QLineEdit *>(t("freeKey1")), t("left_empty"));
        QVERIFY(go->isEnabled());
        picture(&dialog, "dispatch-free");
        QCOMPARE(nameless(dialog), QString());
        QCOMPARE(dialog.order(),
                 (DispatchWorkflow{
                     t(".github/workflows/deploy.yml"), t("main"), {{t("count"), t("7")}}}));
        dialog.findChild<QLineEdit *>(t("refField"))->clear();
        QVERIFY(!go->isEnabled());
    }

private:
    void show(const char *node)
    {
        m_bench->show();
        openPage();
        choose(node);
    }
    void openPage()
    {
        m_page = std::make_unique<PipelinePage>(*m_bench->pipeline, *m_logs, m_bench->acts.get());
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    }
    void choose(const char *node)
    {
        QTest::mouseClick(m_page->graphView()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_page->graphView()->nodeRect(nodeId(t(node))).center());
        QCOMPARE(m_bench->pipeline->selectedNode(), nodeId(t(node)));
    }
    [[nodiscard]] QPushButton *button(const char *name) const
    {
        return m_page->findChild<QPushButton *>(t(name));
    }
    [[nodiscard]] QLabel *label(const char *name) const
    {
        return m_page->findChild<QLabel *>(t(name));
    }
    void click(const char *name) { QTest::mouseClick(button(name), Qt::LeftButton); }
    [[nodiscard]] ConfirmationDialog *confirmation() const
    {
        return m_page->findChild<ConfirmationDialog *>();
    }
    static void confirm(ConfirmationDialog *dialog, const char *typed)
    {
        QTest::keyClicks(dialog->findChild<QLineEdit *>(t("typedField")), t(typed));
        QTest::mouseClick(dialog->findChild<QPushButton *>(t("confirmButton")), Qt::LeftButton);
    }
    /// Kept for whoever wants to look, where PILOTHOUSE_PICTURES names a folder.
    static void picture(QWidget *widget, const char *name)
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        QCoreApplication::processEvents(); // layouts
        if (!folder.isEmpty())
            widget->grab().save(QDir(folder).filePath(t(name) + t(".png")));
    }

    QTemporaryDir m_dir;
    std::unique_ptr<ActBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<PipelinePage> m_page;
};

QTEST_MAIN(TestRuns)
#include "testruns.moc"

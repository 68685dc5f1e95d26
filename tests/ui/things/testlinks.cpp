#include "ui/things/windowbench.h"

#include "pipeline/pipelinecontroller.h"
#include "ui/migration/migrationpage.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QComboBox>
#include <QListView>
#include <QSignalSpy>
#include <QStatusBar>
#include <QTest>

using namespace pilothouse;

/// What a pilothouse:// link does in the window of its workspace.
class TestLinks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_bench = std::make_unique<WindowBench>();
        m_bench->start();
        QVERIFY(QTest::qWaitForWindowExposed(m_bench->window.get()));
        QTRY_VERIFY(!m_bench->release.shown().value.isEmpty());
    }
    void cleanup() { m_bench.reset(); }

    void aCommitIsShownOnEveryPage()
    {
        const CommitId before = m_bench->release.shown();
        QVERIFY(before != CommitId(old));
        window().showPage(Pages::Journal);
        window().follow(t("pilothouse://shop/commit/") + old.left(8));
        QTRY_COMPARE(m_bench->release.shown(), CommitId(old));
        QCOMPARE(window().page(), Pages::Release);
        QCOMPARE(m_bench->acting.pipeline->commit(), CommitId(old));
        QTRY_COMPARE(said(), t("Commit aaaaaaa is shown."));
    }

    void aRunIsShownWithItsCommit()
    {
        window().follow(t("pilothouse://Shop/run/7011"));
        QTRY_COMPARE(said(), t("Run 7011 is shown."));
        QCOMPARE(window().page(), Pages::Pipeline);
        QCOMPARE(m_bench->release.shown(), shown);
    }

    void aJobIsChosenInItsRun()
    {
        window().follow(t("pilothouse://Shop/run/7011"));
        PipelineController &pipeline = *m_bench->acting.pipeline;
        const auto jobs = [&pipeline] {
            const NodeOverlay *node = pipeline.overlay().of(nodeId(t("ci.yml#build")));
            return node ? node->jobs : QList<Job>();
        };
        QTRY_COMPARE(jobs().size(), 1);
        const Job job = jobs()[0];
        m_bench->release.show(CommitId(old));
        QTRY_VERIFY(jobs().isEmpty());
        window().follow(t("pilothouse://Shop/run/%1/job/%2").arg(run7011.value).arg(job.id.value));
        QTRY_VERIFY2(pipeline.selectedJob(), qPrintable(said()));
        QCOMPARE(pipeline.selectedJob()->id, job.id);
        QCOMPARE(window().page(), Pages::Pipeline);
    }

    void aTrackIsShown()
    {
        window().follow(t("pilothouse://Shop/track/standalone"));
        QCOMPARE(window().page(), Pages::Rollout);
    }

    void aPodIsChosenOnItsTrack()
    {
        window().follow(t("pilothouse://Shop/track/standalone/pod/web-2"));
        QTRY_COMPARE(window().page(), Pages::Rollout);
        QCOMPARE(window().findChild<QComboBox *>(t("podChoice"))->currentText(), t("web-2"));
    }

    void aRevisionIsShownOnItsTrack()
    {
        window().follow(t("pilothouse://Shop/track/standalone/revision/svc-canary"));
        QTRY_COMPARE(window().page(), Pages::Rollout);
    }

    void aChangeIsChosen_data()
    {
        QTest::addColumn<QString>("link");
        QTest::newRow("by its name") << t("pilothouse://Shop/change/conversations-organization-id");
        QTest::newRow("in a database")
            << t("pilothouse://Shop/change/conversations-organization-id/database/context");
    }
    void aChangeIsChosen()
    {
        QFETCH(QString, link);
        window().follow(link);
        QTRY_COMPARE(window().page(), Pages::Migration);
        QCOMPARE(window().findChild<QListView *>(t("changeList"))->currentIndex().row(), 0);
    }

    void anAlertIsShownWhereTheNightIs()
    {
        Alert alert;
        alert.name = t("HighErrorRatio");
        alert.state = t("firing");
        alert.activeAt = m_bench->rolling.clock.now();
        m_bench->rolling.metrics.firing = {alert};
        m_bench->rolling.clock.advance(std::chrono::seconds(16));
        QTRY_VERIFY(!m_bench->rolling.rollout->alerts().isEmpty());
        window().follow(t("pilothouse://Shop/alert/HighErrorRatio"));
        QTRY_COMPARE(window().page(), Pages::Night);
    }

    void pagesHaveLinksToo()
    {
        window().follow(t("pilothouse://Shop/oncall"));
        QCOMPARE(window().page(), Pages::Night);
        window().follow(t("pilothouse://Shop/history"));
        QCOMPARE(window().page(), Pages::Journal);
        window().follow(t("pilothouse://Shop/live/standalone"));
        QTRY_COMPARE(window().page(), Pages::Release);
    }

    void whatIsNotThereIsSaidAndChangesNothing_data()
    {
        QTest::addColumn<QString>("link");
        QTest::addColumn<QString>("sentence");
        const auto row = [](const char *name, const char *link, const char *sentence) {
            QTest::newRow(name) << t(link) << t(sentence);
        };
        row("commit", "pilothouse://Shop/commit/dddddddd",
            "This repository knows no commit dddddddd, or it was not fetched yet.");
        row("run", "pilothouse://Shop/run/1", "FakeHub knows no run 1 of this repository.");
        row("track", "pilothouse://Shop/track/gone", "This workspace has no track “gone”.");
        row("pod", "pilothouse://Shop/track/standalone/pod/gone",
            "standalone has no pod “gone” now.");
        row("revision", "pilothouse://Shop/track/standalone/revision/gone",
            "standalone has no revision “gone” now.");
        row("pod of no track", "pilothouse://Shop/track/gone/pod/web-1",
            "This workspace has no track “gone”.");
        row("change", "pilothouse://Shop/change/gone",
            "There is no change “gone” at the tip of the default branch.");
        row("change in another database",
            "pilothouse://Shop/change/conversations-organization-id/database/other",
            "There is no change “conversations-organization-id” for database “other” at the tip of "
            "the default branch.");
        row("alert", "pilothouse://Shop/alert/Gone", "No alert “Gone” is firing or pending now.");
        row("workload", "pilothouse://Shop/live/gone",
            "Nothing called “gone” is among what is live here.");
        row("another workspace", "pilothouse://Other/run/7011",
            "The link is of workspace “Other”; this window shows “Shop”.");
        row("no link", "pilothouse://Shop/rollback/standalone",
            "A link names a commit, run, job, track, revision, pod, alert, change or page; "
            "“rollback/standalone” is none of them.");
    }
    void whatIsNotThereIsSaidAndChangesNothing()
    {
        QFETCH(QString, link);
        QFETCH(QString, sentence);
        const CommitId before = m_bench->release.shown();
        window().showPage(Pages::Journal);
        window().follow(link);
        QTRY_COMPARE_WITH_TIMEOUT(said(), sentence, 15'000);
        QCOMPARE(window().page(), Pages::Journal);
        QCOMPARE(m_bench->release.shown(), before);
        QVERIFY(m_bench->rolling.traffic.writes.isEmpty());
        QVERIFY(m_bench->acting.control.sent.isEmpty());
    }

    void aJobThatIsNotThereLeavesItsRunShown()
    {
        window().follow(t("pilothouse://Shop/run/7011/job/999"));
        QTRY_COMPARE(said(), t("Run 7011 is shown; its newest attempt has no job 999."));
        QVERIFY(!m_bench->acting.pipeline->selectedJob());
    }

    void theLatestLinkWins()
    {
        m_bench = std::make_unique<WindowBench>(); // what is live is not read yet
        m_bench->window->show();
        window().follow(t("pilothouse://Shop/live/standalone"));
        window().follow(t("pilothouse://Shop/track/standalone"));
        QCOMPARE(window().page(), Pages::Rollout);
        m_bench->start();
        QTRY_VERIFY(!m_bench->release.live().isEmpty());
        QTest::qWait(500); // longer than between two looks
        QCOMPARE(window().page(), Pages::Rollout);
    }

    void whatIsNotKnownYetIsWaitedFor()
    {
        m_bench = std::make_unique<WindowBench>();
        m_bench->window->show();
        window().showPage(Pages::Journal);
        window().follow(t("pilothouse://Shop/live/standalone"));
        QCOMPARE(window().page(), Pages::Journal);
        m_bench->start();
        QTRY_COMPARE(window().page(), Pages::Release);
    }

private:
    [[nodiscard]] MainWindow &window() const { return *m_bench->window; }
    [[nodiscard]] QString said() const { return window().statusBar()->currentMessage(); }

    std::unique_ptr<WindowBench> m_bench;
};

QTEST_MAIN(TestLinks)
#include "testlinks.moc"

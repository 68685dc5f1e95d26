// The graph, the doctor's list and the budgets, in the page where they stand together.
#include "logs/logcontroller.h"
#include "pipeline/fakeports.h"
#include "pipeline/fixtures.h"
#include "pipeline/pipelinecontroller.h"
#include "support/fakeclock.h"
#include "support/fakelogsource.h"
#include "support/soon.h"
#include "ui/pipeline/budgetbar.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/pipelinepage.h"
#include "ui/pipeline/problemmodel.h"

#include <QGraphicsItem>
#include <QLabel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

const char *const release = "on: push\n"
                            "jobs:\n"
                            "  prepare:\n"
                            "    runs-on: x\n"
                            "    timeout-minutes: 5\n"
                            "    steps: [{run: ./prepare, uses: a/b@v1}]\n" // refused by the reader
                            "  checks:\n"
                            "    needs: prepare\n"
                            "    uses: ./.github/workflows/checks.yml\n"
                            "    with: {nothing: asks}\n" // likewise
                            "  announce:\n"
                            "    needs: checks\n"
                            "    runs-on: x\n"
                            "    timeout-minutes: 5\n"
                            "    steps: [{run: ./announce}]\n"
                            "permissions: {contents: everything}\n"; // and this, in no job

/// The rules look for a limit of time.
const char *const checks = "on: workflow_call\n"
                           "jobs:\n"
                           "  slow:\n"
                           "    runs-on: x\n"
                           "    timeout-minutes: 5\n"
                           "    steps: [{run: ./slow}]\n"
                           "  fast:\n"
                           "    runs-on: x\n"
                           "    steps: [{run: ./fast}]\n";

} // namespace

class TestPipelinePage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_tree = std::make_unique<FakeTree>();
        const CommitId commit(t("c41d77e"));
        m_tree->put(commit, {t(".github/workflows/release.yml"), release});
        m_tree->put(commit, {t(".github/workflows/checks.yml"), checks});
        PipelineController::Settings settings;
        settings.workflowPaths = {t(".github/workflows/release.yml")};
        m_pipeline = std::make_unique<PipelineController>(*m_tree, nullptr, m_clock, settings);
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{&m_source}, m_dir.path(),
                                                 m_clock);
        m_page = std::make_unique<PipelinePage>(*m_pipeline, *m_logs);
        m_page->resize(1280, 760);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
        m_pipeline->show(commit);
        QVERIFY(soon([&] { return !m_pipeline->findings().isEmpty(); }));
        m_table = m_page->findChild<QTableView *>(t("findingTable"));
        m_button = m_page->findChild<QToolButton *>(t("problemsButton"));
    }

    void cleanup()
    {
        m_page.reset();
        m_logs.reset();
        m_pipeline.reset();
    }

    void aFindingMarksItsNode_data()
    {
        QTest::addColumn<QString>("node");
        QTest::addColumn<QString>("told");
        QTest::newRow("of a rule, in a called file")
            << t("release.yml#checks/fast") << t("hygiene · PD-08 · ");
        QTest::newRow("of the reader, in a job") << t("release.yml#prepare") << t("blocks · ");
        QTest::newRow("none") << t("release.yml#checks/slow") << QString();
    }

    void aFindingMarksItsNode()
    {
        QFETCH(QString, node);
        QFETCH(QString, told);
        const QString toolTip = toolTipAt(graph()->nodeRect(nodeId(node)));
        QCOMPARE(toolTip.contains(t("The doctor found:")), !told.isEmpty());
        QVERIFY2(toolTip.contains(told), qPrintable(toolTip));
    }

    void aFindingOfACallMarksItsFrame()
    {
        QVERIFY(frameToolTip("release.yml#checks").contains(t("has no input \"nothing\"")));
        // What stands in no job is said at the file alone.
        QVERIFY(frameToolTip("release.yml").contains(t("everything")));
        QVERIFY(!toolTipAt(graph()->nodeRect(nodeId(t("release.yml#announce"))))
                     .contains(t("everything")));
    }

    void aMarkedNodeChoosesItsFirstRow()
    {
        press("release.yml#checks/fast");
        QCOMPARE(chosenRow(), t("PD-08 checks.yml fast"));
        QVERIFY(graph()->isVisible());
        press("release.yml#prepare");
        QCOMPARE(chosenRow(), t(" release.yml prepare"));
        QCOMPARE(m_pipeline->selectedNode(), nodeId(t("release.yml#prepare")));
        press("release.yml#checks/slow"); // where nothing is wrong
        QCOMPARE(chosenRow(), t(" release.yml prepare"));
        QCOMPARE(m_pipeline->selectedNode(), nodeId(t("release.yml#checks/slow")));
    }

    void aRowLeadsToItsNode_data()
    {
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("node");
        QTest::newRow("of a job") << QString() << t("prepare") << t("release.yml#prepare");
        QTest::newRow("of a called job") << t("PD-08") << t("fast") << t("release.yml#checks/fast");
        QTest::newRow("of a job that calls")
            << QString() << t("checks") << t("release.yml#checks/slow");
        QTest::newRow("of no job") << QString() << QString() << t("release.yml#prepare");
        QTest::newRow("of no job of a called file")
            << t("PD-07") << QString() << t("release.yml#checks/slow");
    }

    void aRowLeadsToItsNode()
    {
        QFETCH(QString, rule);
        QFETCH(QString, job);
        press("release.yml#announce");
        m_button->click();
        QVERIFY(m_table->isVisible());
        const QList<Finding> &all = m_pipeline->findings();
        const auto found = std::find_if(all.begin(), all.end(), [&](const Finding &finding) {
            return finding.rule == rule && finding.job == job;
        });
        QVERIFY(found != all.end());
        const int row = int(found - all.begin());
        // The first row is chosen already, with the focus.
        m_table->setCurrentIndex(
            m_table->model()->index(int(all.size()) - 1, ProblemModel::SentenceColumn));
        m_pipeline->selectNode(nodeId(t("release.yml#announce")));
        const QRect cell
            = m_table->visualRect(m_table->model()->index(row, ProblemModel::SentenceColumn));
        QTest::mouseClick(m_table->viewport(), Qt::LeftButton, Qt::NoModifier, cell.center());
        QTEST(shortOf(m_pipeline->selectedNode()), "node");
        QCOMPARE(graph()->chosen(), m_pipeline->selectedNode());
        QCOMPARE(m_table->currentIndex().row(), row);
    }

    void theTimeBudgetsStandBelowTheGraph()
    {
        const auto *bar = m_page->findChild<BudgetBar *>();
        QVERIFY(bar && !bar->isVisible());
        m_page->setBudgets({{TrackName(t("standalone")), 10min, 12min}});
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->text(), t("standalone 12:00 of 10:00, 2:00 over"));
        QVERIFY(bar->mapTo(m_page.get(), QPoint()).y()
                >= graph()->mapTo(m_page.get(), graph()->rect().bottomLeft()).y());
        m_page->setBudgets({});
        QVERIFY(!bar->isVisible());
    }

    void whatALostHostSaidLastFadesAndSaysItsAge()
    {
        FakeRuns runs(m_clock);
        Run run;
        run.id = RunId(7001);
        run.commit = CommitId(t("c41d77e"));
        run.workflowPath = t(".github/workflows/release.yml");
        run.status = RunStatus::Running;
        runs.setRun(run.commit, run, {});
        PipelineController::Settings settings;
        settings.workflowPaths = {run.workflowPath};
        PipelineController pipeline(*m_tree, &runs, m_clock, settings);
        PipelinePage page(pipeline, *m_logs);
        page.resize(1280, 760);
        page.show();
        pipeline.show(run.commit);
        QTRY_VERIFY(pipeline.runsAge().has_value());
        const auto *graph = page.findChild<GraphView *>();
        const auto node = [graph] {
            const QRect rect = graph->nodeRect(nodeId(t("release.yml#prepare")));
            return graph->itemAt(rect.center());
        };
        QTRY_VERIFY(node());
        QCOMPARE(node()->opacity(), 1.0);
        QVERIFY(tells(page, "read just now"));
        // Nobody answers, and nobody says so: the age goes on by itself, and what is old fades.
        runs.hold();
        m_clock.advance(14s);
        page.refreshAges();
        QVERIFY(tells(page, "read 14 s ago") && !tells(page, "as read"));
        QCOMPARE(node()->opacity(), 1.0);
        m_clock.advance(26s);
        page.refreshAges();
        QVERIFY(tells(page, "as read 40 s ago: GitHub has not answered since"));
        QVERIFY(node()->opacity() < 1);
        runs.failWith(Error{ErrorKind::SignedOut, t("Sign in again."), {}, {}});
        runs.release();
        pipeline.refresh();
        // The answer that was held is of the first poll, four seconds after the first look.
        QTRY_VERIFY(tells(page, "as read 36 s ago: Sign in again."));
        QVERIFY(node()->opacity() < 1);
        QVERIFY(node()->toolTip().contains(t("as it was read last")));
        m_clock.advance(30s);
        page.refreshAges();
        QVERIFY(tells(page, "as read 66 s ago: Sign in again."));
        runs.failWith({});
        pipeline.refresh();
        QTRY_COMPARE(node()->opacity(), 1.0);
    }

private:
    [[nodiscard]] GraphView *graph() const { return m_page->graphView(); }

    [[nodiscard]] QString toolTipAt(const QRect &rect) const
    {
        const QGraphicsItem *item = graph()->itemAt(rect.center());
        return item ? item->toolTip() : QString();
    }

    [[nodiscard]] QString frameToolTip(const char *id) const
    {
        return toolTipAt(graph()->frameHandle(FrameId(nodeId(t(id)).value)));
    }

    void press(const char *node)
    {
        QTest::mouseClick(graph()->viewport(), Qt::LeftButton, Qt::NoModifier,
                          graph()->nodeRect(nodeId(t(node))).center());
    }

    /// Rule, file and job.
    [[nodiscard]] QString chosenRow() const
    {
        const Finding finding = m_pipeline->findings().value(m_table->currentIndex().row());
        return QStringLiteral("%1 %2 %3")
            .arg(finding.rule, finding.path.section(QLatin1Char('/'), -1), finding.job);
    }

    static bool tells(const PipelinePage &page, const char *words)
    {
        const auto labels = page.findChildren<QLabel *>();
        return std::any_of(labels.cbegin(), labels.cend(), [words](const QLabel *label) {
            return label->text().contains(t(words));
        });
    }

    static QString shortOf(const NodeId &node)
    {
        return node.value.mid(t(".github/workflows/").size());
    }

    FakeClock m_clock;
    std::unique_ptr<FakeTree> m_tree;
    FakeLogSource m_source;
    QTemporaryDir m_dir;
    std::unique_ptr<PipelineController> m_pipeline;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<PipelinePage> m_page;
    QTableView *m_table = nullptr;
    QToolButton *m_button = nullptr;
};

QTEST_MAIN(TestPipelinePage)
#include "testpipelinepage.moc"

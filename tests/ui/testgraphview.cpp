#include "pipeline/workflow.h"
#include "ui/pipeline/graphview.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

Graph graph()
{
    const SourceFile file{
        QStringLiteral(".github/workflows/ci.yml"),
        "name: CI\non: push\njobs:\n"
        "  build:\n    runs-on: x\n    steps: [{run: a}]\n"
        "  unit:\n    needs: build\n    runs-on: x\n    steps: [{run: a}]\n"
        "  lint:\n    needs: build\n    runs-on: x\n    steps: [{run: a}]\n"
        "  deploy:\n    needs: [unit, lint]\n    runs-on: x\n    steps: [{run: a}]\n"};
    return buildGraph({parseWorkflow(file)});
}

NodeId id(const char *job)
{
    return NodeId(QStringLiteral(".github/workflows/ci.yml#") + QLatin1String(job));
}

} // namespace

class TestGraphView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_view = std::make_unique<GraphView>();
        m_view->resize(900, 400);
        m_view->setGraph(graph());
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void jobsStandLeftToRightInTheOrderOfNeeds()
    {
        QVERIFY(m_view->nodeRect(id("build")).right() < m_view->nodeRect(id("unit")).left());
        QVERIFY(m_view->nodeRect(id("unit")).right() < m_view->nodeRect(id("deploy")).left());
        QVERIFY(m_view->viewport()->rect().contains(m_view->nodeRect(id("deploy"))));
    }

    void aClickChoosesAJob()
    {
        QSignalSpy chosen(m_view.get(), &GraphView::nodeChosen);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_view->nodeRect(id("lint")).center());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(m_view->chosen(), id("lint"));
    }

    void arrowsWalkFromJobToJob()
    {
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->chosen(), id("build"));
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        const NodeId second = m_view->chosen();
        QVERIFY(second == id("unit") || second == id("lint"));
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(m_view->chosen(), id("deploy"));
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QCOMPARE(m_view->chosen(), id("build"));
    }

    void zoomGrowsShrinksAndFitsAgain()
    {
        const QRect before = m_view->nodeRect(id("build"));
        QTest::keyClick(m_view.get(), Qt::Key_Plus);
        QVERIFY(m_view->nodeRect(id("build")).width() > before.width());
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
        QTest::keyClick(m_view.get(), Qt::Key_Minus);
        QVERIFY(m_view->nodeRect(id("build")).width() < before.width());
        QTest::keyClick(m_view.get(), Qt::Key_0);
        QCOMPARE(m_view->nodeRect(id("build")), before);
    }

    void aStatusNeverMovesANode()
    {
        const Graph now = graph();
        const QRect before = m_view->nodeRect(id("unit"));
        Job job;
        job.id = JobId(7);
        job.run = RunId(1);
        job.name = QStringLiteral("unit");
        job.status = RunStatus::Failed;
        job.startedAt = QDateTime::fromSecsSinceEpoch(1000, Qt::UTC);
        job.completedAt = job.startedAt.addSecs(70);
        Run run;
        run.id = RunId(1);
        run.workflowPath = QStringLiteral(".github/workflows/ci.yml");
        m_view->setOverlay(overlayRuns(now, {run}, {{RunId(1), {job}}}), job.completedAt);
        QCOMPARE(m_view->nodeRect(id("unit")), before);
    }

private:
    std::unique_ptr<GraphView> m_view;
};

QTEST_MAIN(TestGraphView)
#include "testgraphview.moc"

#include "pipeline/doctor/examine.h"
#include "pipeline/workflow.h"
#include "support/places.h"
#include "ui/pipeline/graphitems.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/minimap.h"

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

/// Three files of rows of jobs, each job after one of the row before; the second file is called by
/// the first.
Graph bigGraph(int jobsOfEach)
{
    QList<Workflow> workflows;
    for (const char *name : {"a", "b", "c"}) {
        QByteArray text = "on: push\njobs:\n";
        for (int i = 0; i < jobsOfEach; ++i) {
            text += "  j" + QByteArray::number(i) + ":\n    runs-on: x\n    steps: [{run: a}]\n";
            if (i >= 6)
                text += "    needs: j" + QByteArray::number(i - 6 + (i % 2)) + "\n";
        }
        workflows.append(parseWorkflow(
            {QStringLiteral(".github/workflows/%1.yml").arg(QLatin1String(name)), text}));
    }
    return buildGraph(workflows);
}

/// One of the doctor at a job of the file; at the file as a whole where there is no job.
Finding finding(const QString &path, const char *job, const char *rule = "PD-08",
                Finding::Severity severity = Finding::Severity::Hygiene)
{
    return {QString::fromLatin1(rule), severity, path, {1, 1}, QString::fromLatin1(job), 0, {}, {}};
}

FrameId ciFrame()
{
    return FrameId(QStringLiteral(".github/workflows/ci.yml"));
}

/// For eyes: into the build folder.
void keep(QWidget &widget, const char *name)
{
    widget.grab().save(
        QStringLiteral(PILOTHOUSE_BINARY_DIR "/graph-%1.png").arg(QLatin1String(name)));
}

Overlay failing(const Graph &graph)
{
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
    return overlayRuns(graph, {run}, {{RunId(1), {job}}});
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

    void aMarkIsSpokenAndMovesNothing()
    {
        const QRect before = m_view->nodeRect(id("unit"));
        m_view->setProblems({finding(ciFrame().value, "unit")});
        QCOMPARE(m_view->nodeRect(id("unit")), before);
        m_view->setChosen(id("unit"));
        QVERIFY(m_view->accessibleDescription().contains(QLatin1String("the doctor found")));
        m_view->setChosen(id("lint"));
        QVERIFY(!m_view->accessibleDescription().contains(QLatin1String("the doctor found")));
    }

    void aMarkedNodeTellsWhatTheDoctorFound()
    {
        const QString path = ciFrame().value;
        m_view->setProblems({finding(path, "unit", "PD-01", Finding::Severity::Blocks),
                             finding(path, "lint", "PD-02", Finding::Severity::Blocks),
                             finding(path, "unit", "PD-04", Finding::Severity::Risk),
                             finding(path, "unit", "PD-08"), finding(path, "unit", "PD-09")});
        const QStringList lines = toolTipOf(id("unit")).split(QLatin1Char('\n'));
        QVERIFY(lines.size() > 5);
        QCOMPARE(lines.mid(lines.size() - 5),
                 (QStringList{QStringLiteral("The doctor found:"),
                              QStringLiteral("blocks · PD-01 · ") + titleOf("PD-01"),
                              QStringLiteral("risk · PD-04 · ") + titleOf("PD-04"),
                              QStringLiteral("hygiene · PD-08 · ") + titleOf("PD-08"),
                              QStringLiteral("and 1 more")}));
        m_view->setChosen(id("unit"));
        QVERIFY(m_view->accessibleDescription().endsWith(
            QLatin1String(", the doctor found 4 problems")));
        m_view->setChosen(id("lint"));
        QVERIFY(m_view->accessibleDescription().endsWith(
            QLatin1String(", the doctor found a problem")));
        QVERIFY(!toolTipOf(id("build")).contains(QLatin1String("doctor")));
        m_view->setProblems({});
        QVERIFY(!toolTipOf(id("unit")).contains(QLatin1String("doctor")));
    }

    void aFoldedNodeTellsWhatIsWrongBehindIt()
    {
        const QString path = ciFrame().value;
        const QList<Finding> all{finding(path, "unit", "PD-01", Finding::Severity::Blocks),
                                 finding(path, "", "PD-04", Finding::Severity::Risk),
                                 finding(path, "lint")};
        m_view->setProblems(all);
        QCOMPARE(m_view->problemsOf(id("unit")), QList<Finding>{all[0]});
        QCOMPARE(m_view->problemsOf(id("build")), QList<Finding>());
        m_view->toggleFold(ciFrame());
        QCOMPARE(m_view->problemsOf(id("unit")), QList<Finding>{all[0]});
        QCOMPARE(m_view->problemsOf(id("build")), all);
        QVERIFY(toolTipOf(foldedId(ciFrame())).contains(QStringLiteral("risk · PD-04 · ")));
    }

    void aMistakeOfTheWholeFileIsMarkedOnItsFrame()
    {
        const auto saidAtTheFrame = [&] {
            return m_view->itemAt(m_view->frameHandle(ciFrame()).center())->toolTip();
        };
        QVERIFY(!saidAtTheFrame().contains(QLatin1String("doctor")));
        m_view->setProblems({finding(ciFrame().value, "")});
        QVERIFY(saidAtTheFrame().contains(QLatin1String("doctor")));
        keep(*m_view, "marked-frame");
        m_view->setChosen(id("unit"));
        QVERIFY(!m_view->accessibleDescription().contains(QLatin1String("the doctor found")));
        // Folded, its node bears the mark.
        m_view->toggleFold(ciFrame());
        QVERIFY(m_view->accessibleDescription().contains(QLatin1String("the doctor found")));
    }

    void aMistakeOfACallIsMarkedOnWhatIsCalled()
    {
        const QString caller = QStringLiteral(".github/workflows/ci.yml");
        const QString callee = QStringLiteral(".github/workflows/called.yml");
        m_view->setGraph(
            buildGraph({parseWorkflow({caller, "on: push\njobs:\n  call: {uses: "
                                               "./.github/workflows/called.yml}\n"}),
                        parseWorkflow({callee, "on: workflow_call\njobs: {a: {runs-on: x}}\n"})}));
        m_view->setProblems({finding(caller, "call")});
        const FrameId call(caller + QStringLiteral("#call"));
        QVERIFY(m_view->itemAt(m_view->frameHandle(call).center())
                    ->toolTip()
                    .contains(QLatin1String("doctor")));
    }

    void lettersAreLegibleAtEveryZoomThatShowsThem()
    {
        for (double zoom = 0.3; zoom < 2.5; zoom += 0.01) {
            const double height = NodeItem::letterHeightAt(zoom);
            QVERIFY2(height == 0 || height >= 10,
                     qPrintable(QStringLiteral("%1 at %2").arg(height).arg(zoom)));
        }
        m_view->setGraph(bigGraph(50));
        QVERIFY(NodeItem::letterHeightAt(m_view->transform().m11()) >= 10);
    }

    void aStatusNeverMovesANode()
    {
        const QRect before = m_view->nodeRect(id("unit"));
        m_view->setOverlay(failing(graph()), QDateTime::currentDateTimeUtc());
        QCOMPARE(m_view->nodeRect(id("unit")), before);
    }

    void aPressOnItsNameFoldsAFrameAndADoubleClickUnfoldsIt()
    {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_view->frameHandle(ciFrame()).center());
        QTRY_VERIFY(m_view->isFolded(ciFrame()));
        QVERIFY(m_view->nodeRect(id("build")).isNull());
        const QRect folded = m_view->nodeRect(foldedId(ciFrame()));
        QVERIFY(m_view->viewport()->rect().contains(folded));
        QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, folded.center());
        QTRY_VERIFY(!m_view->isFolded(ciFrame()));
        QVERIFY(!m_view->nodeRect(id("build")).isNull());
    }

    void spaceFoldsTheFrameOfTheChosenJobAndUnfoldsItAgain()
    {
        m_view->setChosen(id("lint"));
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Space);
        QVERIFY(m_view->isFolded(ciFrame()));
        QCOMPARE(m_view->chosen(), id("lint"));
        QTest::keyClick(m_view.get(), Qt::Key_Space);
        QVERIFY(!m_view->isFolded(ciFrame()));
    }

    void aFoldedFrameChoosesItsWorstJob()
    {
        m_view->setOverlay(failing(graph()), QDateTime::currentDateTimeUtc());
        m_view->toggleFold(ciFrame());
        keep(*m_view, "folded");
        QSignalSpy chosen(m_view.get(), &GraphView::nodeChosen);
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier,
                          m_view->nodeRect(foldedId(ciFrame())).center());
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].value<NodeId>(), id("unit"));
    }

    void theSameFilesStayFoldedAtAnotherCommit()
    {
        m_view->toggleFold(ciFrame());
        m_view->setGraph(graph());
        QVERIFY(m_view->isFolded(ciFrame()));
    }

    void aGraphOfMoreThan150JobsOpensFolded()
    {
        m_view->setGraph(bigGraph(50));
        QVERIFY(!m_view->isFolded(FrameId(QStringLiteral(".github/workflows/a.yml"))));
        m_view->setGraph(graph());
        m_view->setGraph(bigGraph(51));
        QVERIFY(m_view->isFolded(FrameId(QStringLiteral(".github/workflows/a.yml"))));
    }

    void aMapStandsBesideMoreThan60Nodes()
    {
        auto *map = m_view->findChild<Minimap *>(QStringLiteral("minimap"));
        QVERIFY(map && !map->isVisible());
        m_view->setGraph(bigGraph(50));
        QVERIFY(map->isVisible());
        QVERIFY(m_view->rect().contains(map->geometry()));
        keep(*m_view, "minimap");

        const NodeId far(QStringLiteral(".github/workflows/c.yml#j49"));
        const QPoint before = m_view->nodeRect(far).center();
        const QPointF there = map->toMap(m_view->mapToScene(before));
        QTest::mouseClick(map, Qt::LeftButton, Qt::NoModifier, there.toPoint());
        QVERIFY(m_view->nodeRect(far).center() != before);
        QVERIFY(m_view->viewport()->rect().intersects(m_view->nodeRect(far)));
        m_view->setGraph(graph());
        QVERIFY(!map->isVisible());
    }

    void farAwayNodesBecomeShorterRatherThanIllegible()
    {
        m_view->setOverlay(failing(graph()), QDateTime::currentDateTimeUtc());
        m_view->setGraph(bigGraph(50));
        keep(*m_view, "opening");
        for (int i = 0; i < 4; ++i)
            m_view->zoomBy(1 / GraphView::zoomStep);
        keep(*m_view, "far");
        for (int i = 0; i < 8; ++i)
            m_view->zoomBy(GraphView::zoomStep);
        keep(*m_view, "near");
    }

private:
    [[nodiscard]] QString toolTipOf(const NodeId &node) const
    {
        return m_view->itemAt(m_view->nodeRect(node).center())->toolTip();
    }

    static QString titleOf(const char *rule)
    {
        return doctorRule(QString::fromLatin1(rule))->title;
    }

    std::unique_ptr<GraphView> m_view;
};

QTEST_MAIN(TestGraphView)
#include "testgraphview.moc"

#include "pipeline/doctor/examine.h"
#include "pipeline/workflow.h"
#include "support/places.h"
#include "ui/pipeline/graphitems.h"
#include "ui/pipeline/graphview.h"
#include "ui/pipeline/minimap.h"

#include <QPainter>
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

/// One file of so many jobs.
Graph jobs(int count)
{
    QByteArray text = "on: push\njobs:\n";
    for (int i = 0; i < count; ++i)
        text += "  j" + QByteArray::number(i) + ": {runs-on: x, steps: [{run: a}]}\n";
    return buildGraph({parseWorkflow({QStringLiteral(".github/workflows/ci.yml"), text})});
}

/// A job that went well, with its seconds.
struct Ended
{
    const char *job;
    int from;
    int to;
};

Overlay ended(const QList<Ended> &all)
{
    const QDateTime start = QDateTime::fromSecsSinceEpoch(1000, Qt::UTC);
    QList<Job> made;
    for (const Ended &each : all) {
        Job job;
        job.id = JobId(made.size() + 1);
        job.run = RunId(1);
        job.name = QLatin1String(each.job);
        job.status = RunStatus::Succeeded;
        job.startedAt = start.addSecs(each.from);
        job.completedAt = start.addSecs(each.to);
        made.append(job);
    }
    Run run;
    run.id = RunId(1);
    run.workflowPath = QStringLiteral(".github/workflows/ci.yml");
    run.status = RunStatus::Succeeded;
    return overlayRuns(graph(), {run}, {{run.id, made}});
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

    void theMapBeginsWithThe61stNode()
    {
        auto *map = m_view->findChild<Minimap *>(QStringLiteral("minimap"));
        m_view->setGraph(jobs(60));
        QVERIFY(!map->isVisible());
        m_view->setGraph(jobs(61));
        QVERIFY(map->isVisible());
        m_view->setGraph(jobs(60));
        QVERIFY(!map->isVisible());
    }

    void theCriticalPathIsDrawnBolder_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("in the light") << Theme::Scheme::Light;
        QTest::newRow("in the dark") << Theme::Scheme::Dark;
    }
    /// build and unit decide how long the whole took, lint does not.
    void theCriticalPathIsDrawnBolder()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme::instance().setScheme(scheme);
        m_view->setOverlay(ended({{"build", 0, 60}, {"unit", 60, 300}, {"lint", 60, 90}}),
                           QDateTime::currentDateTimeUtc());
        keep(*m_view, scheme == Theme::Scheme::Dark ? "critical-dark" : "critical-light");
        const QImage drawn = enlarged();
        const QColor box = Theme::instance().color(Tone::Success);
        const auto borderOf = [&](const char *job) {
            const QRectF node
                = m_view->itemAt(m_view->nodeRect(id(job)).center())->sceneBoundingRect();
            // Upwards through the lower border, right of the icon.
            return strokeAt(drawn, {node.center().x(), node.bottom() - 12, 1, 12}, box);
        };
        QCOMPARE(borderOf("build"), 8); // 2 px, four times as large
        QCOMPARE(borderOf("unit"), 8);
        QCOMPARE(borderOf("lint"), 4);
        const auto wayTo = [&](const char *job, ColorRole ink) {
            const EdgeItem *edge = edgeTo(id(job));
            const QRectF way = edge ? edge->sceneBoundingRect() : QRectF();
            // A little before the arrow, where it runs level.
            return strokeAt(drawn, {way.right() - 14, way.top(), 1, way.height()},
                            Theme::instance().color(ink));
        };
        QVERIFY(wayTo("unit", ColorRole::Text) >= 8); // 2.4 px with soft edges
        QCOMPARE(wayTo("lint", ColorRole::Text), 0);
        const int thin = wayTo("lint", ColorRole::Faint);
        QVERIFY2(thin >= 3 && thin <= 5, qPrintable(QString::number(thin)));
        Theme::instance().setScheme(Theme::Scheme::Light);
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
    static constexpr int enlargement = 4;

    /// The whole scene, four times as large.
    [[nodiscard]] QImage enlarged() const
    {
        const QRectF all = m_view->sceneRect();
        QImage image((all.size() * enlargement).toSize(), QImage::Format_RGB32);
        image.fill(Theme::instance().color(ColorRole::Surface));
        QPainter painter(&image);
        m_view->scene()->render(&painter, QRectF(image.rect()), all);
        return image;
    }

    /// How many pixels of one column have this ink; `where` is in the scene.
    [[nodiscard]] int strokeAt(const QImage &image, const QRectF &where, const QColor &ink) const
    {
        const QPointF from = (where.topLeft() - m_view->sceneRect().topLeft()) * enlargement;
        int count = 0;
        for (int y = 0; y < int(where.height() * enlargement); ++y) {
            const QPoint at(int(from.x()), int(from.y()) + y);
            count += image.valid(at) && image.pixelColor(at) == ink ? 1 : 0;
        }
        return count;
    }

    [[nodiscard]] const EdgeItem *edgeTo(const NodeId &job) const
    {
        for (const QGraphicsItem *item : m_view->scene()->items()) {
            const auto *edge = dynamic_cast<const EdgeItem *>(item);
            if (edge && edge->edge().to == job)
                return edge;
        }
        return nullptr;
    }

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

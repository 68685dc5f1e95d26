#include "pipeline/folding/buildnodes.h"
#include "pipeline/fixtures.h"
#include "pipeline/folding/folding.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

const NodeId handing(QStringLiteral(".github/workflows/deploy-coditect.yml#cloud-build"));
const NodeId build(QStringLiteral(".github/workflows/deploy-coditect.yml#cloud-build@build"));
const NodeId deploy(QStringLiteral(".github/workflows/deploy-coditect.yml#deploy-coditect"));

GraphWithBuilds drawn()
{
    return withBuilds(buildGraph(deliveryWorkflows()), {{s("cloud-build"), s("Cloud Build")}});
}

Job buildJob(RunStatus status, const char *started = "14:00:10", const char *ended = "")
{
    return jobNamed(s("cloud build 3f2a9c1d"), status, s(started), s(ended));
}

} // namespace

class BuildNodesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLaneReadsJobBuildDeployment()
    {
        const GraphWithBuilds all = drawn();
        QCOMPARE(edgesOf(all.graph).filter(s("#cloud-build@build")),
                 (QStringList{s("deploy-coditect.yml#cloud-build@build -> "
                                "deploy-coditect.yml#deploy-coditect"),
                              s("deploy-coditect.yml#cloud-build -> "
                                "deploy-coditect.yml#cloud-build@build")}));
        QCOMPARE(edgesOf(all.graph).filter(s("#cloud-build -> ")).size(), 1);
        // What leads to the job leads there still.
        QVERIFY(edgesOf(all.graph).contains(
            s("ci.yml#integration-tests -> deploy-coditect.yml#cloud-build")));
        const GraphNode *node = all.graph.node(build);
        QVERIFY(node);
        QCOMPARE(node->kind, GraphNode::Kind::Build);
        QCOMPARE(node->title, s("Cloud Build"));
        QCOMPARE(all.spots.value(build).job, handing);
    }

    void itStandsInTheFrameOfItsJob()
    {
        const GraphWithBuilds all = drawn();
        const GraphFrame *frame = all.graph.frame(all.graph.node(handing)->frame);
        QCOMPARE(frame->nodes, (QList<NodeId>{handing, build, deploy}));
    }

    void aJobThatIsNotThereHasNoBuild()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        QCOMPARE(withBuilds(graph, {{s("elsewhere"), s("Cloud Build")}}).graph, graph);
        QCOMPARE(withBuilds(graph, {{QString(), s("Cloud Build")}}).graph, graph);
        QCOMPARE(withBuilds(graph, {}).graph, graph);
    }

    void twoServicesAtOneJobAreTwoNodes()
    {
        const GraphWithBuilds all
            = withBuilds(buildGraph(deliveryWorkflows()),
                         {{s("cloud-build"), s("Cloud Build")}, {s("cloud-build"), s("Other")}});
        QCOMPARE(all.spots.size(), 2);
        QCOMPARE(all.spots.value(NodeId(build.value + s("2"))).place, 1);
    }

    void aBuildIsLaidOverWithItsTimes()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        BuildState state;
        state.job = buildJob(RunStatus::Succeeded, "14:00:10", "14:02:10");
        const Overlay overlay = overlayBuilds(overlayRuns(graph, {}, {}), drawn(), {state});
        const NodeOverlay *node = overlay.of(build);
        QVERIFY(node);
        QCOMPARE(node->status, RunStatus::Succeeded);
        QCOMPARE(node->elapsed(at(s("15:00:00"))), std::optional<std::chrono::milliseconds>(2min));
        QVERIFY(!node->critical); // its job has not begun
    }

    void aBuildIsCriticalWhereItsJobIs()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        const Run run = runOf(s("deploy-coditect.yml"), 7, RunStatus::Running);
        const Overlay plain = overlayRuns(
            graph, {run},
            {{run.id,
              {jobNamed(s("cloud-build"), RunStatus::Succeeded, s("14:00:00"), s("14:03:00")),
               jobNamed(s("deploy-coditect"), RunStatus::Running, s("14:03:05"))}}});
        BuildState state;
        state.job = buildJob(RunStatus::Succeeded, "14:00:10", "14:02:10");
        const Overlay overlay = overlayBuilds(plain, drawn(), {state});
        QCOMPARE(overlay.criticalPath, (QList<NodeId>{handing, build, deploy}));
        QVERIFY(overlay.of(build)->critical);
        state.job = buildJob(RunStatus::Queued, "");
        QCOMPARE(overlayBuilds(plain, drawn(), {state}).criticalPath, plain.criticalPath);
    }

    void whatIsNotReadIsNoData()
    {
        const Overlay plain = overlayRuns(buildGraph(deliveryWorkflows()), {}, {});
        QVERIFY(overlayBuilds(plain, drawn(), {BuildState()}).of(build)->unread);
        QVERIFY(!overlayBuilds(plain, drawn(), {BuildState{false, {}}}).of(build)->unread);
    }

    void whatWasReadLastIsStaleByItsOwnHost()
    {
        const GraphWithBuilds all = drawn();
        const FrameId frame = all.graph.node(build)->frame;
        BuildState state;
        state.job = buildJob(RunStatus::Running);
        state.stale = true;
        const Overlay plain = overlayRuns(buildGraph(deliveryWorkflows()), {}, {});
        const Overlay noBuilds = overlayBuilds(plain, all, {state});
        QVERIFY(noBuilds.of(build)->stale);
        QVERIFY(!noBuilds.of(handing)->stale);
        // A folded node is no fresher than what is behind it.
        QVERIFY(foldOverlay(noBuilds, foldGraph(all.graph, {frame})).of(foldedId(frame))->stale);
        Overlay lost = plain;
        markStale(lost);
        state.stale = false;
        const Overlay noRuns = overlayBuilds(lost, all, {state});
        QVERIFY(!noRuns.of(build)->stale);
        QVERIFY(noRuns.of(handing)->stale);
    }

    void aJobThatIsSkippedBuildsNothing_data()
    {
        QTest::addColumn<RunStatus>("status");
        QTest::addColumn<bool>("skips");
        QTest::newRow("skipped") << RunStatus::Skipped << true;
        QTest::newRow("failed") << RunStatus::Failed << true;
        QTest::newRow("running") << RunStatus::Running << false;
        QTest::newRow("done") << RunStatus::Succeeded << false;
    }

    void aJobThatIsSkippedBuildsNothing()
    {
        QFETCH(RunStatus, status);
        Overlay plain = overlayRuns(buildGraph(deliveryWorkflows()), {}, {});
        plain.nodes[handing].status = status;
        const Overlay overlay = overlayBuilds(plain, drawn(), {BuildState{false, {}}});
        QTEST(overlay.of(build)->willBeSkipped(), "skips");
        BuildState seen;
        seen.job = buildJob(RunStatus::Running);
        QVERIFY(!overlayBuilds(plain, drawn(), {seen}).of(build)->willBeSkipped());
    }

    void aFoldedFrameShowsAFailedBuild()
    {
        const GraphWithBuilds all = drawn();
        const FrameId frame = all.graph.node(build)->frame;
        BuildState state;
        state.job = buildJob(RunStatus::Failed, "14:00:10", "14:02:10");
        const Overlay overlay
            = overlayBuilds(overlayRuns(buildGraph(deliveryWorkflows()), {}, {}), all, {state});
        const FoldedGraph folded = foldGraph(all.graph, {frame});
        QCOMPARE(foldOverlay(overlay, folded).of(foldedId(frame))->status, RunStatus::Failed);
        QCOMPARE(worstJob(overlay, folded, foldedId(frame)), build);
    }
};

QTEST_GUILESS_MAIN(BuildNodesTest)
#include "buildnodestest.moc"

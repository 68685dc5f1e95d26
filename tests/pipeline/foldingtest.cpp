#include "pipeline/folding/folding.h"
#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

FrameId frameId(const QString &shortId)
{
    return FrameId(nodeId(shortId).value);
}

QStringList titles(const Graph &graph)
{
    QStringList names;
    for (const GraphNode &node : graph.nodes)
        names.append(node.title);
    return names;
}

/// `first` -> the called jobs a -> b -> `last`, and `last` needs `first` too.
Graph calling()
{
    const QString callee = s(".github/workflows/callee.yml");
    return buildGraph(
        {workflowFrom("on: push\njobs:\n"
                      "  first:\n    runs-on: x\n    steps: [{run: a}]\n"
                      "  call:\n    needs: first\n    uses: ./.github/workflows/callee.yml\n"
                      "  last:\n    needs: [first, call]\n    runs-on: x\n    steps: [{run: a}]\n",
                      s(".github/workflows/caller.yml")),
         workflowFrom("on: workflow_call\njobs:\n"
                      "  a:\n    runs-on: x\n    steps: [{run: a}]\n"
                      "  b:\n    needs: a\n    runs-on: x\n    steps: [{run: a}]\n",
                      callee)});
}

Graph wide(int jobs)
{
    QByteArray text = "on: push\njobs:\n";
    for (int i = 0; i < jobs; ++i)
        text += "  j" + QByteArray::number(i) + ":\n    runs-on: x\n    steps: [{run: a}]\n";
    return buildGraph({workflowFrom(text)});
}

} // namespace

class FoldingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFoldedFrameSkipsIfAllInItDo()
    {
        const Graph graph = calling();
        const FoldedGraph folded = foldGraph(graph, {frameId(s("caller.yml#call"))});
        Overlay overlay = overlayRuns(graph, {}, {});
        const auto sum = [&] {
            return *foldOverlay(overlay, folded).of(nodeId(s("caller.yml#call")));
        };
        QVERIFY(!sum().willBeSkipped());
        const JobOutlook never{Truth::False, s("false"), s("call"), {}, {}};
        overlay.nodes[nodeId(s("caller.yml#call/a"))].outlook = never;
        QVERIFY(!sum().willBeSkipped());
        overlay.nodes[nodeId(s("caller.yml#call/b"))].outlook = never;
        QVERIFY(sum().willBeSkipped());
        QCOMPARE(sum().outlook.condition, s("false"));
        overlay.nodes[nodeId(s("caller.yml#call/b"))].status = RunStatus::Running;
        QVERIFY(!sum().willBeSkipped());
    }

    void nothingFoldedIsTheGraphItself()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        const FoldedGraph folded = foldGraph(graph, {});
        QCOMPARE(folded.graph.nodes, graph.nodes);
        QCOMPARE(folded.graph.edges, graph.edges);
        QCOMPARE(folded.graph.frames, graph.frames);
        QVERIFY(folded.hidden.isEmpty());
    }

    void aFoldedCallIsOneNodeInItsCallersFile()
    {
        const Graph graph = calling();
        const FoldedGraph folded = foldGraph(graph, {frameId(s("caller.yml#call"))});
        QCOMPARE(folded.graph.frames.size(), 1);
        QCOMPARE(titles(folded.graph), (QStringList{s("call"), s("first"), s("last")}));
        QCOMPARE(edgesOf(folded.graph), (QStringList{s("caller.yml#first -> caller.yml#call"),
                                                     s("caller.yml#first -> caller.yml#last"),
                                                     s("caller.yml#call -> caller.yml#last")}));
        QVERIFY(folded.graph.frames[0].nodes.contains(nodeId(s("caller.yml#call"))));
        QCOMPARE(folded.seen.value(nodeId(s("caller.yml#call/b"))), nodeId(s("caller.yml#call")));
        QCOMPARE(folded.seen.value(nodeId(s("caller.yml#first"))), nodeId(s("caller.yml#first")));
        QCOMPARE(folded.frameOf(nodeId(s("caller.yml#call"))), frameId(s("caller.yml#call")));
        QCOMPARE(folded.frameOf(nodeId(s("caller.yml#first"))), FrameId());
    }

    void aFoldedFileHidesItsCallsToo()
    {
        const Graph graph = calling();
        const FoldedGraph folded
            = foldGraph(graph, {frameId(s("caller.yml")), frameId(s("caller.yml#call"))});
        QCOMPARE(folded.graph.nodes.size(), 1);
        QVERIFY(folded.graph.edges.isEmpty());
        QVERIFY(folded.graph.frames.isEmpty());
        QCOMPARE(folded.hidden.value(nodeId(s("caller.yml"))).size(), 4);
    }

    void framesThatNeedEachOtherKeepNoCycle()
    {
        // a of one file starts b of the other by its end, and so on back: folded, both ways.
        Graph graph;
        graph.frames = {{FrameId(s("x")), {}, {}, s("x"), s("x"), {}, {}},
                        {FrameId(s("y")), {}, {}, s("y"), s("y"), {}, {}}};
        for (const char *id : {"x#1", "x#2", "y#1"}) {
            GraphNode node;
            node.id = NodeId(s(id));
            node.frame = FrameId(s(id).left(1));
            graph.nodes.append(node);
        }
        graph.edges = {{NodeId(s("x#1")), NodeId(s("y#1")), GraphEdge::Kind::WorkflowRun, false},
                       {NodeId(s("y#1")), NodeId(s("x#2")), GraphEdge::Kind::WorkflowRun, false}};
        const FoldedGraph folded = foldGraph(graph, {FrameId(s("x")), FrameId(s("y"))});
        QCOMPARE(folded.graph.edges.size(), 2);
        QVERIFY(!folded.graph.edges[0].backward);
        QVERIFY(folded.graph.edges[1].backward);
    }

    void aFoldedNodeShowsItsWorstJobAndTheWholeTime()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        const Run run = runOf(s("ci.yml"), 7012, RunStatus::Failed);
        const Overlay overlay = overlayRuns(
            graph, {run},
            {{run.id,
              {jobNamed(s("build"), RunStatus::Succeeded, s("13:59:10"), s("14:01:20")),
               jobNamed(s("integration-tests"), RunStatus::Failed, s("14:01:25"), s("14:06:20")),
               jobNamed(s("unit-tests"), RunStatus::Running, s("14:01:25"))}}});
        const FoldedGraph folded = foldGraph(graph, {frameId(s("ci.yml"))});
        const Overlay seen = foldOverlay(overlay, folded);
        const NodeOverlay *file = seen.of(nodeId(s("ci.yml")));
        QVERIFY(file);
        QCOMPARE(file->status, RunStatus::Failed);
        QCOMPARE(file->ended, 2);
        QVERIFY(!file->completedAt.isValid());
        QCOMPARE(file->elapsed(at(s("14:09:10"))), 10min);
        QVERIFY(!seen.of(nodeId(s("ci.yml#build"))));
        QCOMPARE(worstJob(overlay, folded, nodeId(s("ci.yml"))),
                 nodeId(s("ci.yml#integration-tests")));
        QCOMPARE(worstJob(overlay, folded, nodeId(s("deploy-standalone.yml#smoke"))),
                 nodeId(s("deploy-standalone.yml#smoke")));
    }

    void theCriticalPathGoesThroughAFoldedNodeOnce()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        Overlay overlay;
        overlay.criticalPath = {nodeId(s("ci.yml#build")), nodeId(s("ci.yml#integration-tests")),
                                nodeId(s("deploy-standalone.yml#deploy-staging"))};
        const Overlay seen = foldOverlay(overlay, foldGraph(graph, {frameId(s("ci.yml"))}));
        QCOMPARE(seen.criticalPath,
                 (QList<NodeId>{nodeId(s("ci.yml")),
                                nodeId(s("deploy-standalone.yml#deploy-staging"))}));
    }

    void bigGraphsOpenFolded()
    {
        QVERIFY(openFolded(wide(150)).isEmpty());
        const Graph big = wide(151);
        const QSet<FrameId> frames = openFolded(big);
        QCOMPARE(frames.size(), 1);
        QCOMPARE(foldGraph(big, frames).graph.nodes.size(), 1);
        // Where folding the calls is enough, the files stay open.
        const Graph calls = calling();
        QCOMPARE(openFolded(calls, 3), QSet<FrameId>{frameId(s("caller.yml#call"))});
    }
};

QTEST_GUILESS_MAIN(FoldingTest)
#include "foldingtest.moc"

#include "pipeline/fixtures.h"

#include <QTest>

using namespace pilothouse;

namespace {

QStringList words(const Graph &graph)
{
    QStringList messages;
    for (const Problem &problem : graph.problems)
        messages.append(problem.toString());
    return messages;
}

QByteArray job(const QByteArray &key, const QByteArray &more)
{
    return "  " + key + ": {runs-on: x, " + more + "}\n";
}

} // namespace

class GraphTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theDeliveryIsOneGraph()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        QCOMPARE(words(graph), QStringList());
        QCOMPARE(graph.frames.size(), 3);
        QCOMPARE(graph.frames[0].title, QStringLiteral("ci.yml"));
        QCOMPARE(graph.nodes.size(), 10);
        QCOMPARE(
            edgesOf(graph),
            (QStringList{
                QStringLiteral("ci.yml#build -> ci.yml#unit-tests"),
                QStringLiteral("ci.yml#build -> ci.yml#integration-tests"),
                QStringLiteral("ci.yml#build -> ci.yml#lint"),
                QStringLiteral(
                    "deploy-standalone.yml#deploy-staging -> deploy-standalone.yml#smoke"),
                QStringLiteral(
                    "deploy-standalone.yml#smoke -> deploy-standalone.yml#deploy-production"),
                QStringLiteral(
                    "deploy-coditect.yml#cloud-build -> deploy-coditect.yml#deploy-coditect"),
                QStringLiteral("ci.yml#unit-tests -> deploy-standalone.yml#deploy-staging"),
                QStringLiteral("ci.yml#integration-tests -> deploy-standalone.yml#deploy-staging"),
                QStringLiteral("ci.yml#security-scan -> deploy-standalone.yml#deploy-staging"),
                QStringLiteral("ci.yml#lint -> deploy-standalone.yml#deploy-staging"),
                QStringLiteral("ci.yml#unit-tests -> deploy-coditect.yml#cloud-build"),
                QStringLiteral("ci.yml#integration-tests -> deploy-coditect.yml#cloud-build"),
                QStringLiteral("ci.yml#security-scan -> deploy-coditect.yml#cloud-build"),
                QStringLiteral("ci.yml#lint -> deploy-coditect.yml#cloud-build"),
            }));
        QCOMPARE(graph.edges.last().kind, GraphEdge::Kind::WorkflowRun);
        QCOMPARE(graph.edges.first().kind, GraphEdge::Kind::Needs);
        const GraphNode *lint = graph.node(nodeId(QStringLiteral("ci.yml#lint")));
        QVERIFY(lint);
        QCOMPARE(lint->legCount(), 3);
        QCOMPARE(graph.frame(lint->frame)->path, QStringLiteral(".github/workflows/ci.yml"));
    }

    void aCallIsAFrameInItsCaller()
    {
        const Graph graph = buildGraph({fixture(QStringLiteral("release.yml")),
                                        fixture(QStringLiteral("checks.yml")),
                                        fixture(QStringLiteral("region.yml"))});
        QCOMPARE(words(graph), QStringList());
        QStringList frames;
        for (const GraphFrame &frame : graph.frames)
            frames.append(frame.title + QStringLiteral(" in ")
                          + (graph.frame(frame.parent) ? graph.frame(frame.parent)->title
                                                       : QStringLiteral("nothing")));
        QCOMPARE(frames, (QStringList{QStringLiteral("release.yml in nothing"),
                                      QStringLiteral("Checks in release.yml"),
                                      QStringLiteral("region in release.yml")}));
        QCOMPARE(graph.frames[2].job.matrix.legs.size(), 2);
        const auto edge = [](const char *from, const char *to) {
            return QStringLiteral("release.yml#%1 -> release.yml#%2")
                .arg(QLatin1String(from), QLatin1String(to));
        };
        QStringList edges = edgesOf(graph);
        edges.sort();
        QCOMPARE(
            edges,
            (QStringList{edge("checks/fast", "checks/slow"), edge("checks/slow", "region/deploy"),
                         edge("checks/style", "region/deploy"), edge("prepare", "checks/fast"),
                         edge("prepare", "checks/style"), edge("region/deploy", "region/verify"),
                         edge("region/verify", "announce")}));
    }

    void aWorkflowThatAlsoStartsByItselfStandsTwice()
    {
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n  call: {uses: ./b.yml}\n", QStringLiteral("a.yml")),
             workflowFrom("on: [workflow_call, push]\njobs:\n" + job("b", ""),
                          QStringLiteral("b.yml"))});
        QCOMPARE(graph.nodes.size(), 2);
        QVERIFY(graph.node(NodeId(QStringLiteral("a.yml#call/b"))));
        QVERIFY(graph.node(NodeId(QStringLiteral("b.yml#b"))));
    }

    void titlesAreNamesWithoutExpressions_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("title");
        QTest::newRow("the key where there is no name")
            << QByteArray("needs: []") << QStringLiteral("job");
        QTest::newRow("the name") << QByteArray("name: Unit tests") << QStringLiteral("Unit tests");
        QTest::newRow("the fixed part in front")
            << QByteArray("name: Test (${{ matrix.os }}, ${{ matrix.v }})")
            << QStringLiteral("Test");
        QTest::newRow("the fixed part behind")
            << QByteArray("name: \"${{ matrix.os }}: test\"") << QStringLiteral("test");
        QTest::newRow("the key where nothing is fixed")
            << QByteArray("name: ${{ matrix.name }}") << QStringLiteral("job");
        QTest::newRow("brackets that stand for themselves")
            << QByteArray("name: Bandit (SAST)") << QStringLiteral("Bandit (SAST)");
    }

    void titlesAreNamesWithoutExpressions()
    {
        QFETCH(QByteArray, name);
        const Graph graph
            = buildGraph({workflowFrom("on: push\njobs:\n  job:\n    runs-on: x\n    " + name)});
        QTEST(graph.nodes.value(0).title, "title");
    }

    void aMistakeKeepsTheNode_data()
    {
        QTest::addColumn<QByteArray>("jobs");
        QTest::addColumn<QString>("told");
        QTest::addColumn<QStringList>("edges");
        const auto row = [](const char *name, const QByteArray &jobs, const char *told,
                            const QStringList &edges) {
            QTest::newRow(name) << jobs << QString::fromLatin1(told) << edges;
        };
        row("needs that name nothing", job("build", "") + job("test", "needs: [biuld]"),
            "w.yml:4:30: there is no job \"biuld\" in this file; did you mean \"build\"?", {});
        row("needs of itself", job("a", "needs: a"), "w.yml:3:26: job \"a\" waits for \"a\"",
            {QStringLiteral("w.yml#a -> w.yml#a (backward)")});
        row("needs in a circle of two", job("a", "needs: b") + job("b", "needs: a"),
            "w.yml:4:26: job \"b\" waits for \"a\"",
            {QStringLiteral("w.yml#b -> w.yml#a"),
             QStringLiteral("w.yml#a -> w.yml#b (backward)")});
        row("needs in a circle of three",
            job("a", "needs: c") + job("b", "needs: a") + job("c", "needs: b"),
            "w.yml:4:26: job \"b\" waits for \"a\"",
            {QStringLiteral("w.yml#c -> w.yml#a"), QStringLiteral("w.yml#a -> w.yml#b (backward)"),
             QStringLiteral("w.yml#b -> w.yml#c")});
        row("a call of a missing file", "  a: {uses: ./workflows/b.yml}\n",
            "w.yml:3:3: job \"a\" calls workflows/b.yml, which is not there", {});
        row("a call of itself", "  a: {uses: ./w.yml}\n", "leads back here", {});
    }

    void aMistakeKeepsTheNode()
    {
        QFETCH(QByteArray, jobs);
        QFETCH(QString, told);
        const Graph graph = buildGraph({workflowFrom("on: push\njobs:\n" + jobs)});
        QCOMPARE(graph.problems.size(), 1);
        QVERIFY2(graph.problems[0].toString().contains(told),
                 qPrintable(graph.problems[0].toString()));
        QCOMPARE(graph.nodes.size(), jobs.count("\n"));
        QTEST(edgesOf(graph), "edges");
    }

    void needsOfAnotherFileAreExplained()
    {
        const Graph graph
            = buildGraph({workflowFrom("name: CI\non: push\njobs:\n" + job("unit-tests", ""),
                                       QStringLiteral("ci.yml")),
                          workflowFrom("on: push\njobs:\n" + job("deploy", "needs: [unit-tests]"),
                                       QStringLiteral("deploy.yml"))});
        QCOMPARE(graph.problems.size(), 1);
        QCOMPARE(graph.problems[0].file, QStringLiteral("deploy.yml"));
        QVERIFY2(graph.problems[0].message.contains(QStringLiteral("in ci.yml"))
                     && graph.problems[0].message.contains(QStringLiteral("workflow_run")),
                 qPrintable(graph.problems[0].message));
        QCOMPARE(graph.nodes.size(), 2);
    }

    void anUnknownTriggeringWorkflowIsAWarning()
    {
        const Graph graph = buildGraph(
            {workflowFrom("name: CI Pipeline\non: push\njobs:\n" + job("a", ""),
                          QStringLiteral("ci.yml")),
             workflowFrom("on: {workflow_run: {workflows: [CI Pipelin]}}\njobs:\n" + job("b", ""),
                          QStringLiteral("deploy.yml"))});
        QCOMPARE(graph.problems.size(), 1);
        QCOMPARE(graph.problems[0].severity, Problem::Severity::Warning);
        QCOMPARE(graph.problems[0].hint, QStringLiteral("CI Pipeline"));
        QVERIFY(graph.edges.isEmpty());
    }

    void workflowsThatStartEachOtherAreDrawnOnce()
    {
        const auto workflow = [](const QByteArray &name, const QByteArray &after) {
            return workflowFrom("name: " + name + "\non: {workflow_run: {workflows: [" + after
                                    + "]}}\njobs:\n" + job(name.toLower(), ""),
                                QString::fromLatin1(name.toLower() + ".yml"));
        };
        const Graph graph = buildGraph({workflow("A", "B"), workflow("B", "A")});
        QCOMPARE(graph.problems.size(), 1);
        QCOMPARE(edgesOf(graph), (QStringList{QStringLiteral("b.yml#b -> a.yml#a"),
                                              QStringLiteral("a.yml#a -> b.yml#b (backward)")}));
    }

    void aCallOfAWorkflowThatForbidsItIsTold()
    {
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n  call: {uses: ./b.yml}\n", QStringLiteral("a.yml")),
             workflowFrom("on: push\njobs:\n" + job("b", ""), QStringLiteral("b.yml"))});
        QCOMPARE(graph.problems.size(), 1);
        QVERIFY(graph.problems[0].message.contains(QStringLiteral("workflow_call")));
    }

    void aCallOfAnotherRepositoryIsANodeThatSaysSo()
    {
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n" + job("a", "")
                          + "  b: {needs: a, uses: o/r/.github/workflows/x.yml@v2}\n")});
        QCOMPARE(words(graph), QStringList());
        QCOMPARE(graph.nodes.size(), 2);
        QVERIFY(graph.nodes[1].job.localCallee().isEmpty());
        QCOMPARE(graph.nodes[1].job.remoteCallee(),
                 (RemoteFile{QStringLiteral("o/r"), QStringLiteral(".github/workflows/x.yml"),
                             QStringLiteral("v2")}));
        QCOMPARE(edgesOf(graph), QStringList{QStringLiteral("w.yml#a -> w.yml#b")});
    }

    void whatAnotherRepositoryGaveIsAFrameInItsCaller()
    {
        Workflow called = workflowFrom("on: workflow_call\njobs:\n" + job("inner", "")
                                           + "  more: {uses: ./.github/workflows/y.yml}\n",
                                       QStringLiteral("o/r/.github/workflows/x.yml@v2"));
        called.elsewhere = RemoteFile{
            QStringLiteral("o/r"), QStringLiteral(".github/workflows/x.yml"), QStringLiteral("v2")};
        // A path in a file of another repository is of that one.
        Workflow beside = workflowFrom("on: workflow_call\njobs:\n" + job("deepest", ""),
                                       QStringLiteral("o/r/.github/workflows/y.yml@v2"));
        beside.elsewhere = RemoteFile{
            QStringLiteral("o/r"), QStringLiteral(".github/workflows/y.yml"), QStringLiteral("v2")};
        const Graph graph
            = buildGraph({workflowFrom("on: push\njobs:\n" + job("a", "")
                                       + "  b: {needs: a, uses: o/r/.github/workflows/x.yml@v2}\n"),
                          called, beside,
                          workflowFrom("on: push\njobs:\n" + job("ours", ""),
                                       QStringLiteral(".github/workflows/y.yml"))});
        QCOMPARE(words(graph), QStringList());
        QStringList nodes;
        for (const GraphNode &node : graph.nodes)
            nodes.append(node.id.value);
        QCOMPARE(nodes, (QStringList{QStringLiteral("w.yml#a"), QStringLiteral("w.yml#b/inner"),
                                     QStringLiteral("w.yml#b/more/deepest"),
                                     QStringLiteral(".github/workflows/y.yml#ours")}));
        QCOMPARE(edgesOf(graph), (QStringList{QStringLiteral("w.yml#a -> w.yml#b/inner"),
                                              QStringLiteral("w.yml#a -> w.yml#b/more/deepest")}));
    }

    void callsReachTenLevels_data()
    {
        QTest::addColumn<int>("levels");
        QTest::addColumn<bool>("fits");
        QTest::newRow("ten") << 10 << true;
        QTest::newRow("eleven") << 11 << false;
    }

    void callsReachTenLevels()
    {
        QFETCH(int, levels);
        QFETCH(bool, fits);
        QList<Workflow> workflows;
        for (int level = 1; level <= levels; ++level) {
            const QByteArray on = level == 1 ? "push" : "workflow_call";
            const QByteArray next = QByteArray::number(level + 1);
            workflows.append(workflowFrom(
                "on: " + on + "\njobs:\n"
                    + (level == levels ? job("leaf", "") : "  c: {uses: ./" + next + ".yml}\n"),
                QStringLiteral("%1.yml").arg(level)));
        }
        const Graph graph = buildGraph(workflows);
        QCOMPARE(graph.problems.isEmpty(), fits);
        QCOMPARE(graph.nodes.size(), 1);
        QCOMPARE(graph.nodes[0].job.key, fits ? QStringLiteral("leaf") : QStringLiteral("c"));
    }

    void aCallInACircleIsTold()
    {
        const auto calling = [](const char *on, const char *callee, const char *path) {
            return workflowFrom(QByteArray("on: ") + on + "\njobs:\n  c: {uses: ./" + callee
                                    + "}\n",
                                QString::fromLatin1(path));
        };
        const Graph graph = buildGraph({calling("push", "b.yml", "a.yml"),
                                        calling("workflow_call", "c.yml", "b.yml"),
                                        calling("workflow_call", "b.yml", "c.yml")});
        QCOMPARE(words(graph), QStringList{QStringLiteral(
                                   "c.yml:3:3: job \"c\" calls b.yml, which leads back here")});
        QCOMPARE(graph.nodes.size(), 1);
    }

    void aConditionIsDecidedBeforeARun_data()
    {
        QTest::addColumn<QByteArray>("condition");
        QTest::addColumn<Truth>("truth");
        QTest::newRow("none") << QByteArray() << Truth::True;
        QTest::newRow("false") << QByteArray("false") << Truth::False;
        QTest::newRow("always") << QByteArray("always()") << Truth::True;
        QTest::newRow("the event of the file")
            << QByteArray("github.event_name == 'push'") << Truth::True;
        QTest::newRow("another event")
            << QByteArray("github.event_name == 'schedule'") << Truth::False;
        QTest::newRow("a branch") << QByteArray("github.ref == 'refs/heads/main'")
                                  << Truth::Unknown;
        QTest::newRow("what came before") << QByteArray("failure()") << Truth::Unknown;
        QTest::newRow("unreadable") << QByteArray("a =") << Truth::Unknown;
    }

    void aConditionIsDecidedBeforeARun()
    {
        QFETCH(QByteArray, condition);
        const QByteArray line = condition.isEmpty() ? QByteArray() : "    if: " + condition + "\n";
        const Graph graph
            = buildGraph({workflowFrom("on: push\njobs:\n  a:\n    runs-on: x\n" + line)});
        QTEST(graph.nodes.value(0).condition, "truth");
    }

    void aCalledJobKnowsItsCallersConditionAndInputs()
    {
        const Workflow callee
            = workflowFrom("on: {workflow_call: {inputs: {region: {type: string}}}}\njobs:\n"
                           "  eu: {runs-on: x, if: \"inputs.region == 'eu'\"}\n"
                           "  us: {runs-on: x, if: \"inputs.region == 'us'\"}\n"
                           "  any: {runs-on: x}\n",
                           QStringLiteral("b.yml"));
        const Workflow caller
            = workflowFrom("on: push\njobs:\n"
                           "  sure: {uses: ./b.yml, with: {region: eu}}\n"
                           "  never: {uses: ./b.yml, with: {region: eu}, if: false}\n"
                           "  maybe: {uses: ./b.yml, with: {region: eu}, if: github.ref}\n",
                           QStringLiteral("a.yml"));
        QHash<QString, Truth> conditions;
        const Graph graph = buildGraph({caller, callee});
        for (const GraphNode &node : graph.nodes)
            conditions.insert(node.id.value.section(QLatin1Char('#'), 1), node.condition);
        QCOMPARE(conditions[QStringLiteral("sure/eu")], Truth::True);
        QCOMPARE(conditions[QStringLiteral("sure/us")], Truth::False);
        QCOMPARE(conditions[QStringLiteral("sure/any")], Truth::True);
        QCOMPARE(conditions[QStringLiteral("never/any")], Truth::False);
        QCOMPARE(conditions[QStringLiteral("maybe/eu")], Truth::Unknown);
        QCOMPARE(conditions[QStringLiteral("maybe/us")], Truth::False);
        QCOMPARE(graph.frame(FrameId(QStringLiteral("a.yml#never")))->condition, Truth::False);
    }

    void whatACallDoesNotHandOverIsTold()
    {
        const Graph graph = buildGraph(
            {workflowFrom("on: push\njobs:\n  c: {uses: ./b.yml}\n", QStringLiteral("a.yml")),
             workflowFrom("on: {workflow_call: {inputs: {r: {type: string, required: true}}}}\n"
                          "jobs:\n"
                              + job("b", ""),
                          QStringLiteral("b.yml"))});
        QCOMPARE(words(graph),
                 QStringList{QStringLiteral("a.yml:3:13: b.yml requires the input \"r\", which "
                                            "\"with\" does not have")});
    }

    void callsThatMultiplyStayBounded()
    {
        QList<Workflow> workflows;
        for (int level = 0; level < 9; ++level) {
            QByteArray text = level == 0 ? "on: push\njobs:\n" : "on: workflow_call\njobs:\n";
            for (int call = 0; call < 8; ++call)
                text += "  c" + QByteArray::number(call) + ": {uses: ./"
                        + QByteArray::number(level + 1) + ".yml}\n";
            workflows.append(workflowFrom(text, QStringLiteral("%1.yml").arg(level)));
        }
        workflows.append(
            workflowFrom("on: workflow_call\njobs:\n" + job("leaf", ""), QStringLiteral("9.yml")));
        const Graph graph = buildGraph(workflows);
        QVERIFY2(graph.nodes.size() < 10'000, qPrintable(QString::number(graph.nodes.size())));
        QVERIFY(!graph.problems.isEmpty());
    }

    void aFileOfMistakesIsToldUpToALimit()
    {
        QByteArray names;
        for (int i = 0; i < 20'000; ++i)
            names += "n" + QByteArray::number(i) + ", ";
        const Graph graph
            = buildGraph({workflowFrom("on: push\njobs:\n" + job("a", "needs: [" + names + "]"))});
        QCOMPARE(graph.nodes.size(), 1);
        QCOMPARE(graph.problems.size(), Problems::most);
    }

    void aLongChainIsNotTooDeep()
    {
        QByteArray text = "on: push\njobs:\n";
        constexpr int length = 2'000;
        for (int i = 0; i < length; ++i)
            text += job("j" + QByteArray::number(i),
                        i + 1 < length ? "needs: j" + QByteArray::number(i + 1) : "if: true");
        const Graph graph = buildGraph({workflowFrom(text)});
        QCOMPARE(graph.nodes.size(), length);
        QCOMPARE(graph.edges.size(), length - 1);
        QCOMPARE(words(graph), QStringList());
    }

    void nothingIsAGraphToo() { QCOMPARE(buildGraph({}), Graph()); }
};

QTEST_GUILESS_MAIN(GraphTest)
#include "graphtest.moc"

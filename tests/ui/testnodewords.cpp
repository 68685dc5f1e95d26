#include "pipeline/fixtures.h"
#include "ui/pipeline/graphitems.h"
#include "ui/pipeline/nodewords.h"
#include "ui/widgets/theme.h"

#include <QFontMetrics>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

QString t(const char *text)
{
    return QString::fromUtf8(text);
}

GraphNode nodeNamed(const char *title)
{
    GraphNode node;
    node.title = t(title);
    node.job.key = t(title);
    return node;
}

NodeOverlay overlayWith(const QList<Job> &jobs, int expected = 1)
{
    const Graph graph = buildGraph({workflowFrom("on: push\njobs: {a: {runs-on: x}}")});
    Run run;
    run.id = RunId(1);
    run.workflowPath = t("w.yml");
    QList<Job> named = jobs;
    for (Job &job : named)
        job.name = t("a");
    NodeOverlay node = overlayRuns(graph, {run}, {{run.id, named}}).nodes.begin().value();
    node.expected = expected;
    return node;
}

Job jobAt(RunStatus status, const char *created, const char *started, const char *ended = "")
{
    Job job = jobNamed(t("a"), status, t(started), t(ended));
    job.createdAt = at(t(created));
    return job;
}

NodeOverlay running(const char *since = "14:00:00")
{
    return overlayWith({jobAt(RunStatus::Running, since, since)});
}

QDateTime now()
{
    return at(t("14:01:02"));
}

GraphNode buildNode()
{
    GraphNode node = nodeNamed("Cloud Build");
    node.kind = GraphNode::Kind::Build;
    return node;
}

NodeOverlay buildAt(int step, RunStatus status)
{
    NodeOverlay overlay = running();
    const char *names[] = {"fetch", "test", "push"};
    for (int i = 0; i < 3; ++i)
        overlay.jobs[0].steps.append({i + 1,
                                      t(names[i]),
                                      i < step    ? RunStatus::Succeeded
                                      : i == step ? status
                                                  : RunStatus::Queued,
                                      {},
                                      {}});
    return overlay;
}

} // namespace

class TestNodeWords final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFullestFormComesFirst()
    {
        QCOMPARE(nodeLines(nodeNamed("a"), running(), now()),
                 (QStringList{t("running · 1:02"), t("1:02")}));
        NodeOverlay usual = running();
        usual.usual = 120s;
        QCOMPARE(nodeLines(nodeNamed("a"), usual, now()),
                 (QStringList{t("running · 1:02 of ~2:00"), t("1:02 of ~2:00"), t("running · 1:02"),
                              t("1:02")}));
    }

    void theWordGivesWayBeforeTheTime_data()
    {
        QTest::addColumn<int>("room"); // in letters "0"
        QTest::addColumn<QString>("shown");
        QTest::newRow("all") << 40 << t("running · 1:02 of ~2:00");
        QTest::newRow("no word") << 14 << t("1:02 of ~2:00");
        QTest::newRow("the time alone") << 5 << t("1:02");
    }

    void theWordGivesWayBeforeTheTime()
    {
        QFETCH(int, room);
        NodeOverlay overlay = running();
        overlay.usual = 120s;
        const QFontMetrics metrics(Theme::instance().smallFont());
        QTEST(fittingLine(nodeLines(nodeNamed("a"), overlay, now()), metrics,
                          room * metrics.horizontalAdvance(QLatin1Char('0'))),
              "shown");
    }

    void whatFitsNowhereIsCut()
    {
        const QFontMetrics metrics(Theme::instance().smallFont());
        const QString cut
            = fittingLine({t("to come")}, metrics, metrics.horizontalAdvance(t("to c…")));
        QVERIFY2(cut.endsWith(t("…")), qPrintable(cut));
    }

    void aRunningNodeWithAMarkShowsItsWholeTime_data()
    {
        QTest::addColumn<double>("zoom");
        for (const double zoom : {0.72, 0.8, 1.0, 1.5, 2.5})
            QTest::addRow("%.2f", zoom) << zoom;
    }

    void aRunningNodeWithAMarkShowsItsWholeTime()
    {
        QFETCH(double, zoom);
        const GraphNode node = nodeNamed("lint");
        NodeItem item(node, NodeItem::Kind::Job, NodeItem::sizeFor(node));
        item.setOverlay(running("14:00:58"), now());
        QCOMPARE(item.lineAt(zoom), t("running · 0:04"));
        item.setOverlay(running("13:00:00"), now());
        item.setProblems({Finding()});
        const QString line = item.lineAt(zoom);
        QVERIFY2(line.endsWith(t("1:01:02")), qPrintable(line));
        QVERIFY2(!line.contains(t("…")), qPrintable(line));
    }

    void everyStateFitsBesideAMark_data()
    {
        QTest::addColumn<RunStatus>("status");
        for (int status = 0; status <= int(RunStatus::Unknown); ++status)
            QTest::addRow("%d", status) << RunStatus(status);
    }

    void everyStateFitsBesideAMark()
    {
        QFETCH(RunStatus, status);
        GraphNode node = nodeNamed("lint");
        // Only a job with an environment waits for a person.
        if (status == RunStatus::Waiting)
            node.job.environment.name.text = t("production");
        NodeItem item(node, NodeItem::Kind::Job, NodeItem::sizeFor(node));
        item.setProblems({Finding()});
        for (const char *started : {"13:00:00", ""}) {
            item.setOverlay(overlayWith({jobAt(status, "12:59:00", started, "14:00:00")}), now());
            for (const double zoom : {0.72, 1.0, 2.0}) {
                const QString line = item.lineAt(zoom);
                QVERIFY2(!line.isEmpty() && !line.contains(t("…")), qPrintable(line));
            }
        }
    }

    void aSmallZoomLeavesRoomForTheTitleOnly()
    {
        const GraphNode node = nodeNamed("lint");
        NodeItem item(node, NodeItem::Kind::Job, NodeItem::sizeFor(node));
        item.setOverlay(running(), now());
        QCOMPARE(item.lineAt(0.6), QString());
        QCOMPARE(item.lineAt(0.3), QString());
    }

    void aWaitForAMachineIsTold()
    {
        const NodeOverlay waits = overlayWith({jobAt(RunStatus::Queued, "14:00:50", "")});
        QCOMPARE(nodeLines(nodeNamed("a"), waits, now()),
                 (QStringList{t("queued · 0:12"), t("0:12")}));
        const NodeOverlay waited
            = overlayWith({jobAt(RunStatus::Succeeded, "13:59:40", "14:00:00", "14:01:00")});
        QCOMPARE(nodeLines(nodeNamed("a"), waited, now()),
                 (QStringList{t("1:00, queued 0:20"), t("1:00")}));
        QVERIFY(
            nodeToolTip(nodeNamed("a"), waited, now()).contains(t("queued 0:20 before it began")));
    }

    void aNodeHasRoomForTheWait_data()
    {
        QTest::addColumn<double>("zoom");
        for (const double zoom : {0.72, 0.77, 0.9, 1.0, 1.5, 2.5})
            QTest::addRow("%.2f", zoom) << zoom;
    }

    void aNodeHasRoomForTheWait()
    {
        QFETCH(double, zoom);
        const auto lineOf = [&](const char *title, const NodeOverlay &overlay,
                                const QList<Finding> &problems = {Finding()}) {
            const GraphNode node = nodeNamed(title);
            NodeItem item(node, NodeItem::Kind::Job, NodeItem::sizeFor(node));
            item.setProblems(problems);
            item.setOverlay(overlay, now());
            return item.lineAt(zoom);
        };
        const auto ended = [](RunStatus status) {
            return overlayWith({jobAt(status, "13:59:40", "14:00:00", "14:01:00")});
        };
        QCOMPARE(lineOf("lint", ended(RunStatus::Succeeded)), t("1:00, queued 0:20"));
        NodeOverlay running = overlayWith({jobAt(RunStatus::Running, "13:59:40", "14:00:00", "")});
        running.usual = 120s;
        QVERIFY(lineOf("lint", running).endsWith(t("1:02, queued 0:20")));
        // The word stays before the wait; where the title is long there is room for both.
        QVERIFY(lineOf("lint", ended(RunStatus::Failed)).startsWith(t("failed · 1:00")));
        QCOMPARE(lineOf("integration-tests", ended(RunStatus::Failed), {}),
                 t("failed · 1:00, queued 0:20"));
        QCOMPARE(lineOf("integration-tests-of-all", ended(RunStatus::Failed)),
                 t("failed · 1:00, queued 0:20"));
    }

    /// Red alone is no word: where there is room for one of the two, what failed says so, and how
    /// long it waited for a machine is told by the tool tip.
    void aFailedNarrowNodeKeepsItsWordBeforeTheWait()
    {
        const GraphNode node = nodeNamed("lint");
        NodeItem item(node, NodeItem::Kind::Job, NodeItem::sizeFor(node));
        item.setOverlay(overlayWith({jobAt(RunStatus::Failed, "13:59:40", "14:00:00", "14:01:00")}),
                        now());
        QVERIFY(item.toolTip().contains(t("queued 0:20 before it began")));
        QCOMPARE(item.lineAt(0.76), t("failed · 1:00"));
        QCOMPARE(item.lineAt(1), t("failed · 1:00, queued 0:20"));
        for (double zoom = 0.72; zoom < 2.5; zoom += 0.01)
            QVERIFY2(item.lineAt(zoom).startsWith(t("failed · 1:00")),
                     qPrintable(item.lineAt(zoom)));
        // One that went well has a tick that says it: there the wait is worth more.
        item.setOverlay(
            overlayWith({jobAt(RunStatus::Succeeded, "13:59:40", "14:00:00", "14:01:00")}), now());
        for (double zoom = 0.72; zoom < 2.5; zoom += 0.01)
            QCOMPARE(item.lineAt(zoom), t("1:00, queued 0:20"));
    }

    void whatIsAsItWasReadLastSaysSo()
    {
        NodeOverlay stale = running();
        QVERIFY(!spokenNode(nodeNamed("lint"), stale).contains(t("read")));
        stale.stale = true;
        QCOMPARE(spokenNode(nodeNamed("lint"), stale), t("lint, running, as it was read last"));
    }

    void theWaitGivesWayAfterTheUsualTimeAndTheWord()
    {
        NodeOverlay overlay = overlayWith({jobAt(RunStatus::Running, "13:59:40", "14:00:00", "")});
        overlay.usual = 120s;
        QCOMPARE(nodeLines(nodeNamed("a"), overlay, now()),
                 (QStringList{t("running · 1:02 of ~2:00, queued 0:20"),
                              t("running · 1:02, queued 0:20"), t("1:02, queued 0:20"),
                              t("running · 1:02 of ~2:00"), t("1:02 of ~2:00"), t("running · 1:02"),
                              t("1:02")}));
    }

    void aShortWaitIsLeftToTheToolTip()
    {
        const NodeOverlay waited
            = overlayWith({jobAt(RunStatus::Succeeded, "13:59:57", "14:00:00", "14:01:00")});
        QCOMPARE(nodeLines(nodeNamed("a"), waited, now()), QStringList{t("1:00")});
        QVERIFY(nodeToolTip(nodeNamed("a"), waited, now()).contains(t("queued 0:03")));
    }

    void howManyJobsADynamicMatrixMakesIsUnknown()
    {
        GraphNode node = nodeNamed("test");
        node.job.matrix.kind = Matrix::Kind::Dynamic;
        QCOMPARE(nodeLines(node, {}, now()).first(), t("how many: unknown until it runs"));
        QVERIFY(!nodeLines(node, running(), now()).first().contains(t("unknown")));
    }

    void aBuildNamesItsStep()
    {
        QCOMPARE(nodeLines(buildNode(), buildAt(1, RunStatus::Running), now()),
                 (QStringList{t("2/3 · test · 1:02"), t("2/3 · 1:02"), t("1:02")}));
        QCOMPARE(spokenNode(buildNode(), buildAt(1, RunStatus::Running)),
                 t("Cloud Build, running, step 2/3: test"));
        NodeOverlay waited = buildAt(1, RunStatus::Running);
        waited.jobs[0].createdAt = at(t("13:59:40"));
        QCOMPARE(nodeLines(buildNode(), waited, now()),
                 (QStringList{t("2/3 · test · 1:02, queued 0:20"), t("2/3 · test · 1:02"),
                              t("2/3 · 1:02"), t("1:02")}));
        QCOMPARE(nodeLines(buildNode(), {}, now()), QStringList{t("to come")});
    }

    void aConditionThatIsKnownToBeFalseIsSaid()
    {
        NodeOverlay overlay;
        overlay.outlook = {Truth::False, t("github.ref == 'refs/heads/main'"), {}, {}, {}};
        QCOMPARE(outlookWords(overlay), t("will be skipped: if github.ref == 'refs/heads/main'"));
        QCOMPARE(nodeLines(nodeNamed("deploy"), overlay, now()), QStringList{t("skips")});
        QCOMPARE(spokenNode(nodeNamed("deploy"), overlay),
                 t("deploy, skips, will be skipped: if github.ref == 'refs/heads/main'"));
        overlay.unread = true; // the host need not be asked for that
        QCOMPARE(nodeLines(nodeNamed("deploy"), overlay, now()), QStringList{t("skips")});
    }

    void oneThatCannotBeKnownIsNoGuess()
    {
        NodeOverlay overlay;
        overlay.outlook = {Truth::Unknown, t("vars.GO"), {}, {}, {}};
        QCOMPARE(outlookWords(overlay), t("if vars.GO: decided when it runs"));
        QCOMPARE(nodeLines(nodeNamed("deploy"), overlay, now()), QStringList{t("to come")});
        QVERIFY(
            nodeToolTip(nodeNamed("deploy"), overlay, now()).contains(t("decided when it runs")));
        NodeOverlay begun = running();
        begun.outlook = overlay.outlook;
        QCOMPARE(outlookWords(begun), QString());
    }

    void oneThatHoldsSaysNothing()
    {
        NodeOverlay overlay;
        overlay.outlook.condition = t("github.event_name == 'push'");
        QCOMPARE(outlookWords(overlay), QString());
    }

    void whoDecidesIsNamed()
    {
        NodeOverlay overlay;
        overlay.outlook = {Truth::False, t("false"), t("Ship"), {}, {}};
        QCOMPARE(outlookWords(overlay), t("will be skipped: if false (of Ship, which calls it)"));
        overlay.outlook = {Truth::False, {}, {}, t("unit-tests"), {}};
        QCOMPARE(outlookWords(overlay), t("will be skipped: unit-tests did not succeed"));
        overlay.outlook = {Truth::False, {}, {}, {}, t("deploy")};
        QCOMPARE(outlookWords(overlay), t("will be skipped: deploy is skipped"));
        overlay.status = RunStatus::Skipped;
        QCOMPARE(outlookWords(overlay), t("skipped: deploy is skipped"));
    }

    void aNodeOfAWorkflowElsewhereSaysWhatItCalls()
    {
        GraphNode node = nodeNamed("announce");
        node.job.uses.text = t("example/shared/.github/workflows/a.yml@v2");
        QVERIFY(nodeToolTip(node, {}, now())
                    .contains(t("calls example/shared/.github/workflows/a.yml@v2")));
    }
};

QTEST_MAIN(TestNodeWords)
#include "testnodewords.moc"

#include "release/gate.h"
#include "release/releaserows.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

Job job(const QString &name, RunStatus status, qint64 id = 1)
{
    Job made;
    made.id = JobId(id);
    made.name = name;
    made.status = status;
    made.startedAt = noon;
    made.completedAt = noon.addSecs(260);
    return made;
}

const GateRule unit{QStringLiteral("unit"), {QStringLiteral("unit")}};

GraphNode node(const QString &name)
{
    GraphNode made;
    made.id = NodeId(name);
    made.title = name;
    return made;
}

NodeOverlay took(int secondsOfIt, RunStatus status)
{
    NodeOverlay made;
    made.status = status;
    made.startedAt = noon;
    made.completedAt = noon.addSecs(secondsOfIt);
    return made;
}

} // namespace

class TestReleaseRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aJobProvesItsGate_data()
    {
        QTest::addColumn<RunStatus>("status");
        QTest::addColumn<Gate::State>("gate");
        using State = Gate::State;
        QTest::newRow("a job that succeeded passes") << RunStatus::Succeeded << State::Pass;
        QTest::newRow("a job that failed fails") << RunStatus::Failed << State::Fail;
        QTest::newRow("a job that took too long fails") << RunStatus::TimedOut << State::Fail;
        QTest::newRow("a running job is running") << RunStatus::Running << State::Running;
        QTest::newRow("a job that waits for a person is running")
            << RunStatus::Waiting << State::Running;
        QTest::newRow("a skipped job proves nothing") << RunStatus::Skipped << State::NoData;
        QTest::newRow("a cancelled job proves nothing") << RunStatus::Cancelled << State::NoData;
        QTest::newRow("a newer word proves nothing") << RunStatus::Unknown << State::NoData;
    }
    void aJobProvesItsGate()
    {
        QFETCH(RunStatus, status);
        QFETCH(Gate::State, gate);
        const auto gates = gatesOf({unit}, {job(QStringLiteral("Unit tests"), status)});
        QCOMPARE(gates.size(), 1);
        QCOMPARE(gates[0].state, gate);
        QVERIFY(!gates[0].text.isEmpty());
    }

    void aGateWithoutAJobHasNoData()
    {
        const auto gates = gatesOf({unit}, {job(QStringLiteral("lint"), RunStatus::Succeeded)});
        QCOMPARE(gates[0].state, Gate::State::NoData);
        QVERIFY(!gates[0].at.isValid());
    }

    void theWorstOfSeveralCounts()
    {
        const auto gates = gatesOf({unit}, {job(QStringLiteral("unit (a)"), RunStatus::Succeeded),
                                            job(QStringLiteral("unit (b)"), RunStatus::Failed),
                                            job(QStringLiteral("unit (c)"), RunStatus::Succeeded)});
        QCOMPARE(gates[0].state, Gate::State::Fail);
        QVERIFY(gates[0].text.contains(QStringLiteral("unit (b)")));
    }

    void aPassTellsHowLongItTook()
    {
        const auto gates = gatesOf({unit}, {job(QStringLiteral("unit"), RunStatus::Succeeded)});
        QCOMPARE(gates[0].text, QStringLiteral("passed in 4:20"));
        QCOMPARE(gates[0].at, noon.addSecs(260));
    }

    void thePathIsTheCriticalOne()
    {
        Graph graph;
        graph.nodes = {node(QStringLiteral("build")), node(QStringLiteral("tests")),
                       node(QStringLiteral("you"))};
        Overlay overlay;
        overlay.nodes.insert(NodeId(QStringLiteral("build")), took(130, RunStatus::Succeeded));
        overlay.nodes.insert(NodeId(QStringLiteral("tests")), took(295, RunStatus::Failed));
        overlay.nodes.insert(NodeId(QStringLiteral("you")), took(600, RunStatus::Waiting));
        overlay.criticalPath = {NodeId(QStringLiteral("build")), NodeId(QStringLiteral("tests")),
                                NodeId(QStringLiteral("you"))};
        const auto chips = pathChips(graph, overlay, noon, nullptr);
        QCOMPARE(chips.size(), 3);
        QCOMPARE(chips[0].name, QStringLiteral("build"));
        QCOMPARE(chips[0].took, std::optional<milliseconds>(seconds(130)));
        QCOMPARE(chips[1].status, std::optional<RunStatus>(RunStatus::Failed));
        // Waiting for a person is no machine's time.
        QCOMPARE(machineTime(overlay, noon), std::optional<milliseconds>(seconds(425)));
        QVERIFY(!machineTime(Overlay(), noon));
    }

    void jobsThatAreNotInTheFileCountToo()
    {
        Overlay overlay;
        overlay.unmatched = {job(QStringLiteral("extra"), RunStatus::Succeeded, 9)};
        NodeOverlay one;
        one.jobs = {job(QStringLiteral("unit"), RunStatus::Succeeded, 3)};
        overlay.nodes.insert(NodeId(QStringLiteral("unit")), one);
        const auto jobs = allJobs(overlay);
        QCOMPARE(jobs.size(), 2);
        QCOMPARE(jobs[0].name, QStringLiteral("unit"));
    }
};

QTEST_GUILESS_MAIN(TestReleaseRows)

#include "testreleaserows.moc"

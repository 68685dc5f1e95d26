#include "pipeline/fixtures.h"
#include "release/budget.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const QList<TrackBudget> budgets{{TrackName(QStringLiteral("standalone")), 10min},
                                 {TrackName(QStringLiteral("coditect")), 5min}};

QString s(const char *text)
{
    return QString::fromLatin1(text);
}

} // namespace

class TestBudget : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsUsedWhileNoMachineHasBegun()
    {
        const auto views = budgetViews(budgets, m_graph, {}, at(s("14:00:00")));
        QCOMPARE(views.size(), 2);
        QVERIFY(!views[0].used);
        QVERIFY(!views[0].isOver());
        QCOMPARE(views[1].budget, 5min);
    }

    void eachTrackCountsTheChainToItsOwnWorkflow()
    {
        // Shared: build 2:10, integration 5:00. Then staging 1:40 of the one, cloud-build 0:30 of
        // the other.
        const auto views = budgetViews(budgets, m_graph, played(), at(s("14:20:00")));
        QCOMPARE(views[0].used, 2min + 10s + 5min + 1min + 40s);
        QCOMPARE(views[1].used, 2min + 10s + 5min + 30s);
        QVERIFY(!views[0].isOver());
        QVERIFY(views[1].isOver());
    }

    void waitingForAPersonIsNoMachineTime()
    {
        Overlay overlay = played();
        NodeOverlay &finish = overlay.nodes[nodeId(s("deploy-standalone.yml#finish"))];
        finish.status = RunStatus::Waiting;
        finish.startedAt = at(s("14:09:00"));
        const auto views = budgetViews(budgets, m_graph, overlay, at(s("14:59:00")));
        QCOMPARE(views[0].used, 2min + 10s + 5min + 1min + 40s);
    }

    void aTrackWithoutAWorkflowOfItsNameCountsAll()
    {
        const auto views
            = budgetViews({{TrackName(s("edge")), 1h}}, m_graph, played(), at(s("14:20:00")));
        QCOMPARE(views[0].used, 2min + 10s + 5min + 1min + 40s);
    }

private:
    Overlay played() const
    {
        const Run ci = runOf(s("ci.yml"), 1, RunStatus::Succeeded);
        const Run standalone = runOf(s("deploy-standalone.yml"), 2, RunStatus::Running);
        const Run coditect = runOf(s("deploy-coditect.yml"), 3, RunStatus::Running);
        const auto green = RunStatus::Succeeded;
        return overlayRuns(
            m_graph, {ci, standalone, coditect},
            {{ci.id,
              {jobNamed(s("build"), green, s("14:00:00"), s("14:02:10")),
               jobNamed(s("integration-tests"), green, s("14:02:10"), s("14:07:10"))}},
             {standalone.id, {jobNamed(s("deploy-staging"), green, s("14:07:20"), s("14:09:00"))}},
             {coditect.id, {jobNamed(s("cloud-build"), green, s("14:07:20"), s("14:07:50"))}}});
    }

    const Graph m_graph = buildGraph(deliveryWorkflows());
};

QTEST_GUILESS_MAIN(TestBudget)
#include "testbudget.moc"

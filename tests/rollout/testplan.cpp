#include "rollout/analysis/evidence.h"
#include "rollout/plan.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Plan plan(const QList<std::pair<int, milliseconds>> &stages)
{
    Plan made;
    for (const auto &[percent, bake] : stages)
        made.stages.append({Weight{percent}, bake});
    return made;
}

const Plan usual = plan({{10, seconds(300)}, {50, seconds(600)}, {100, seconds(0)}});

TrafficState traffic()
{
    TrafficState state;
    state.stable = RevisionState{};
    state.stable->name = RevisionName(QStringLiteral("svc-1"));
    state.stable->commit = CommitId(QStringLiteral("aaa"));
    state.candidate = RevisionState{};
    state.candidate->name = RevisionName(QStringLiteral("svc-2"));
    state.candidate->commit = CommitId(QStringLiteral("bbb"));
    return state;
}

Check check(int minSamples)
{
    Check made;
    made.minSamples = minSamples;
    return made;
}

} // namespace

class TestPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void weightsFollowThePlan_data()
    {
        QTest::addColumn<int>("present");
        QTest::addColumn<int>("next");
        QTest::addColumn<int>("previous");
        QTest::addColumn<int>("stage");
        QTest::newRow("from nothing to the first stage") << 0 << 10 << -1 << -1;
        QTest::newRow("from the first to the second") << 10 << 50 << 0 << 0;
        QTest::newRow("from the second to all") << 50 << 100 << 10 << 1;
        QTest::newRow("after all there is nothing") << 100 << -1 << 50 << 2;
        QTest::newRow("a weight that is none of the plan's goes to the nearest")
            << 30 << 50 << 10 << 0;
        QTest::newRow("below the first stage there is no stage") << 5 << 10 << 0 << -1;
    }
    void weightsFollowThePlan()
    {
        QFETCH(int, present);
        QFETCH(int, next);
        QFETCH(int, previous);
        QFETCH(int, stage);
        QCOMPARE(nextWeight(usual, Weight{present}).value_or(Weight{-1}).percent, next);
        QCOMPARE(previousWeight(usual, Weight{present}).value_or(Weight{-1}).percent, previous);
        QCOMPARE(stageAt(usual, Weight{present}).value_or(-1), stage);
    }

    void namesArePutIn()
    {
        const SeriesNames names{QStringLiteral("revision_name"),
                                QStringLiteral("${stable.revision}"),
                                QStringLiteral("x-${candidate.commit}")};
        const SeriesNames done = resolved(names, traffic());
        QCOMPARE(done.label, QStringLiteral("revision_name"));
        QCOMPARE(done.stable, QStringLiteral("svc-1"));
        QCOMPARE(done.candidate, QStringLiteral("x-bbb"));
    }

    void aNameWithoutItsRevisionIsEmpty()
    {
        const SeriesNames names{QStringLiteral("l"), QStringLiteral("stable"),
                                QStringLiteral("${candidate.revision}")};
        const SeriesNames done = resolved(names, TrafficState{});
        QCOMPARE(done.stable, QStringLiteral("stable"));
        QVERIFY(done.candidate.isEmpty());
    }

    void queriesArePutIn_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("done");
        QTest::newRow("revision is the candidate's")
            << QStringLiteral("up{r=\"${revision}\"}") << QStringLiteral("up{r=\"svc-2\"}");
        QTest::newRow("commit is the candidate's")
            << QStringLiteral("up{c=\"${commit}\"}") << QStringLiteral("up{c=\"bbb\"}");
        QTest::newRow("what is no name of ours stays")
            << QStringLiteral("up{c=\"${other}\"} $x") << QStringLiteral("up{c=\"${other}\"} $x");
        QTest::newRow("twice is twice")
            << QStringLiteral("${commit}${commit}") << QStringLiteral("bbbbbb");
        QTest::newRow("nothing to put in") << QStringLiteral("up") << QStringLiteral("up");
    }
    void queriesArePutIn()
    {
        QFETCH(QString, query);
        QFETCH(QString, done);
        QCOMPARE(resolved(query, traffic()), done);
    }

    void aValueCannotEndTheLabel()
    {
        TrafficState state = traffic();
        state.candidate->name = RevisionName(QStringLiteral("a\"} or up{x=\"\\"));
        QCOMPARE(resolved(QStringLiteral("up{r=\"${revision}\"}"), state),
                 QStringLiteral("up{r=\"a\\\"} or up{x=\\\"\\\\\"}"));
    }

    void aBakeIsJustLongEnoughToBeJudged_data()
    {
        QTest::addColumn<Plan>("bakes");
        QTest::addColumn<int>("minSamples");
        QTest::addColumn<qint64>("step");
        QTest::newRow("five minutes for 20 samples: 15 s") << usual << 20 << qint64(15'000);
        QTest::newRow("the rehearsal's 30 s for 20 samples: 1 s")
            << plan({{10, seconds(30)}, {50, seconds(40)}, {100, seconds(0)}}) << 20
            << qint64(1'000);
        QTest::newRow("the rehearsal at speed 10: 150 ms")
            << plan({{10, seconds(3)}, {50, seconds(4)}, {100, seconds(0)}}) << 20 << qint64(150);
        QTest::newRow("never under 100 ms")
            << plan({{10, milliseconds(500)}, {100, seconds(0)}}) << 20 << qint64(100);
        QTest::newRow("an hour is not judged more coarsely")
            << plan({{10, seconds(3600)}, {100, seconds(0)}}) << 20 << qint64(15'000);
        QTest::newRow("without a bake") << plan({{100, seconds(0)}}) << 20 << qint64(15'000);
        QTest::newRow("without a minimum")
            << plan({{10, seconds(5)}, {100, seconds(0)}}) << 0 << qint64(5'000);
    }
    void aBakeIsJustLongEnoughToBeJudged()
    {
        QFETCH(Plan, bakes);
        QFETCH(int, minSamples);
        QFETCH(qint64, step);
        QCOMPARE(qint64(sampleStep(bakes, {check(1), check(minSamples)}).count()), step);
    }

    void aWindowHoldsTheSamplesAskedFor()
    {
        QVERIFY(judgeWindow(check(20), seconds(1)) > seconds(20));
        QVERIFY(judgeWindow(check(0), seconds(1)) >= seconds(12));
        Check tested = check(20);
        tested.method = JudgeMethod::MannWhitney;
        QVERIFY(judgeWindow(tested, seconds(1)) > seconds(reliableSamples));
        tested.window = seconds(30);
        QVERIFY(judgeWindow(tested, seconds(1)) == seconds(30));
    }
};

QTEST_GUILESS_MAIN(TestPlan)

#include "testplan.moc"

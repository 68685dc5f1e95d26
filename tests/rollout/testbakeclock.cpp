#include "drivenrollout.h"
#include "rollout/act/bakeclock.h"
#include "rollout/trafficannotations.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds now(10'000); // since boot

QDateTime server()
{
    return {QDate(2026, 11, 24), QTime(13, 30), Qt::UTC};
}

QDateTime ago(int secs)
{
    return server().addSecs(-secs);
}

/// A weight of 10 % that A. Muster set so many seconds ago.
TrafficState weightOf(int secs)
{
    TrafficState state = traffic(10);
    state.changes = {{ago(secs), QStringLiteral("A. Muster"), Weight{0}, Weight{10}, {}, {}, {}}};
    return state;
}

TrafficState heldSince(TrafficState state, const QDateTime &since)
{
    state.hold = Hold{QStringLiteral("B. Novak"), since, QStringLiteral("load test"), {}, {}};
    return state;
}

/// `since` in seconds ago; nothing = not noted.
TrafficState lifted(TrafficState state, std::optional<int> since, int at)
{
    Deed deed{ago(at), QStringLiteral("B. Novak"), liftDeed, {}, {}};
    if (since)
        deed.since = ago(*since);
    state.deeds.append(deed);
    return state;
}

/// What a console that starts now says the weight has baked, in seconds.
int bakedAtFirst(const TrafficState &state, const QDateTime &at = server())
{
    return int(bakeOfFirstReading(state, at, now).elapsed(now).count() / 1000);
}

} // namespace

class TestBakeClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aConsoleThatStartsLaterCountsNoHold_data()
    {
        QTest::addColumn<TrafficState>("state");
        QTest::addColumn<int>("baked");
        QTest::newRow("never held") << weightOf(600) << 600;
        QTest::newRow("under a hold") << heldSince(weightOf(600), ago(540)) << 60;
        QTest::newRow("under a hold that is older than the weight")
            << heldSince(weightOf(600), ago(900)) << 0;
        QTest::newRow("under a hold of unknown age") << heldSince(weightOf(600), QDateTime()) << 0;
        QTest::newRow("after a lift") << lifted(weightOf(600), 500, 100) << 200;
        QTest::newRow("after a lift of a hold that is older than the weight")
            << lifted(weightOf(600), 900, 100) << 100;
        QTest::newRow("after a lift before the weight") << lifted(weightOf(600), 900, 700) << 600;
        QTest::newRow("after a lift that does not say since when")
            << lifted(weightOf(600), {}, 100) << 100;
        QTest::newRow("after two lifts")
            << lifted(lifted(weightOf(600), 200, 100), 500, 400) << 400;
        QTest::newRow("after two lifts of which one does not say since when")
            << lifted(lifted(weightOf(600), 200, 100), {}, 400) << 300;
        QTest::newRow("after a lift, and held again")
            << heldSince(lifted(weightOf(600), 500, 400), ago(50)) << 450;
        TrafficState other = weightOf(600);
        other.deeds = {{ago(100), {}, QStringLiteral("argo.abort"), {}, {}}};
        QTest::newRow("after a deed that is no lift") << other << 600;
    }
    void aConsoleThatStartsLaterCountsNoHold()
    {
        QFETCH(TrafficState, state);
        QFETCH(int, baked);
        QCOMPARE(bakedAtFirst(state), baked);
        // And so does the rollout that reads it first.
        RolloutState first = step(rules(), {}, TrafficRead{state, server()}, now).state;
        QCOMPARE(first.bake->elapsed(now), milliseconds(seconds(baked)));
    }

    void theClockGoesOnAfterTheLiftOfAHoldThatStoodAtTheFirstReading()
    {
        Rollout rollout;
        TrafficState state = traffic(10);
        state.hold = Hold{{}, rollout.server().addSecs(-540), {}, {}, {}};
        rollout.reads(state, seconds(600));
        QCOMPARE(rollout.state().phase, Phase::Paused);
        QCOMPARE(rollout.after(seconds(30)).baked(), milliseconds(seconds(60)));
        state.deeds = {{rollout.server(), {}, liftDeed, {}, {}, state.hold->since}};
        state.hold.reset();
        // Its own lift is not counted a second time.
        QCOMPARE(rollout.reads(state).reads(state).after(seconds(20)).baked(),
                 milliseconds(seconds(80)));
    }

    void aStampAheadOfTheServerIsNow()
    {
        QCOMPARE(bakedAtFirst(weightOf(-30)), 0);
        QCOMPARE(bakedAtFirst(heldSince(weightOf(600), ago(-30))), 600);
        QCOMPARE(bakedAtFirst(lifted(weightOf(600), 100, -30)), 500);
        QCOMPARE(bakedAtFirst(lifted(weightOf(600), -20, -30)), 600);
    }

    void withoutTheServersTimeItCountsFromNow()
    {
        QCOMPARE(bakedAtFirst(weightOf(600), {}), 0);
        const BakeClock held = bakeOfFirstReading(heldSince(weightOf(600), ago(540)), {}, now);
        QCOMPARE(held.holdBegan, std::optional<milliseconds>(now));
    }

    void theStampOfTheWeightIsItsNoteElseTheLastWrite()
    {
        TrafficState state = traffic(10);
        QCOMPARE(bakedAtFirst(state), 0);
        state.lastWrittenAt = ago(70);
        QCOMPARE(bakedAtFirst(state), 70);
        state.changes = {{ago(40), {}, Weight{0}, Weight{10}, {}, {}, {}}};
        QCOMPARE(bakedAtFirst(state), 40);
        // A change to another weight tells nothing about this one.
        state.changes[0].to = Weight{50};
        QCOMPARE(bakedAtFirst(state), 70);
    }

    void theServersTimeGoesOnSinceTheReading()
    {
        Reading<TrafficState> reading;
        reading.receivedSinceBoot = seconds(990);
        QVERIFY(!serverTime(reading, seconds(1000)).isValid());
        reading.serverAt = server();
        QCOMPARE(serverTime(reading, seconds(1000)), server().addSecs(10));
    }

    void aHoldThatCameAndWentWhileTheConsoleSleptCounts()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).reads(traffic(10)).after(seconds(60));
        rollout.reads(traffic(10)).sleeps(seconds(600));
        TrafficState state = traffic(10);
        state.deeds = {
            {rollout.server().addSecs(-100), {}, liftDeed, {}, {}, rollout.server().addSecs(-500)}};
        QCOMPARE(rollout.reads(state).baked(), milliseconds(seconds(260)));
        // Once.
        QCOMPARE(rollout.sleeps(seconds(600)).reads(state).baked(), milliseconds(seconds(860)));
    }

    void aHoldThatCameWhileTheConsoleSleptCountsSinceItCame()
    {
        Rollout rollout;
        rollout.reads(traffic(0)).reads(traffic(10)).after(seconds(60));
        rollout.reads(traffic(10)).sleeps(seconds(600));
        TrafficState state = traffic(10);
        state.hold = Hold{{}, rollout.server().addSecs(-500), {}, {}, {}};
        QCOMPARE(rollout.reads(state).baked(), milliseconds(seconds(160)));
        QCOMPARE(rollout.after(seconds(40)).baked(), milliseconds(seconds(160)));
        // A stamp older than the last look is that of a clock that goes behind.
        Rollout other;
        other.reads(traffic(0)).reads(traffic(10)).after(seconds(60)).reads(traffic(10));
        state.hold->since = other.server().addSecs(-900);
        QCOMPARE(other.sleeps(seconds(5)).reads(state).baked(), milliseconds(seconds(60)));
    }
};

QTEST_GUILESS_MAIN(TestBakeClock)
#include "testbakeclock.moc"

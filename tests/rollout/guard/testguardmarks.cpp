#include "rollout/guard/guardbench.h"
#include "rollout/trafficannotations.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = GuardView::Kind;

const Error mayNot{ErrorKind::NotAllowed, QStringLiteral("you lack patch"), {}, {}};

GuardMark inCi(const QString &commit)
{
    GuardMark mark = markOfThisProcess(GuardMark::Where::Ci);
    mark.by = QStringLiteral("ci");
    mark.since = FakeClock().now();
    mark.commit = CommitId(commit);
    return mark;
}

} // namespace

/// A guard tells other consoles by a mark on the traffic object, and is told of theirs.
class TestGuardMarks final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m = std::make_unique<GuardBench>(); }
    void cleanup() { m.reset(); }

    void theMarkStandsOnceItWatchesAndIsGoneWhenItIsDisarmed()
    {
        m->arm();
        QVERIFY(m->traffic.world.guards.isEmpty()); // nothing is judged yet
        m->clock.advance(31s);
        QTRY_COMPARE(m->traffic.world.guards.size(), 1);
        const GuardMark mark = m->traffic.world.guards.first();
        QCOMPARE(mark.by, QStringLiteral("A. Muster"));
        QCOMPARE(mark.where, GuardMark::Where::Window);
        QCOMPARE(mark.commit, CommitId(good));
        QVERIFY(!mark.until.isValid());
        QCOMPARE(mark.intent, m->journal.records().at(0).id);
        QVERIFY(!isGone(mark));
        // Watching on writes nothing: it would move the version under open dialogs.
        m->clock.advance(120s);
        QCOMPARE(m->traffic.annotations.size(), 1);
        QCOMPARE(guard().view().kind, Kind::Watching);
        const auto done = guard().disarm(confirmed(guard().previewDisarm()));
        QTRY_VERIFY(done.isFinished());
        QTRY_VERIFY(m->traffic.world.guards.isEmpty());
    }

    void itSaysAgainEveryFiveMinutesThatItWatches()
    {
        watch();
        const GuardMark first = m->traffic.world.guards.first();
        QVERIFY(first.heartbeat.isValid());
        m->clock.advance(310s);
        QTRY_VERIFY(m->traffic.world.guards.first().heartbeat >= first.heartbeat.addSecs(300));
        GuardMark same = m->traffic.world.guards.first();
        same.heartbeat = first.heartbeat;
        QVERIFY(same == first);
        QCOMPARE(m->traffic.world.guards.size(), 1);
        QCOMPARE(m->traffic.annotations.size(), 2);
    }

    void oneThatJudgesNothingFallsSilent()
    {
        watch();
        m->metrics.error = Error{ErrorKind::Unavailable, QStringLiteral("it is out"), {}, {}};
        m->clock.advance(600s);
        QCOMPARE(guard().view().kind, Kind::Unwatched);
        QCOMPARE(m->traffic.annotations.size(), 1);
        m->metrics.error.reset();
        m->clock.advance(60s);
        QCOMPARE(guard().view().kind, Kind::Watching);
        QTRY_COMPARE(m->traffic.annotations.size(), 2);
    }

    void aWindowElsewhereThatDiedIsUnwatchedOnceItsHeartbeatIsOld()
    {
        GuardMark mark = inCi(good);
        mark.where = GuardMark::Where::Window;
        mark.process.host = QStringLiteral("another");
        m->traffic.change([&](TrafficState &t) { t.guards = {mark}; });
        m->traffic.tell();
        QCOMPARE(guard().view().kind, Kind::Elsewhere);
        m->clock.advance(500s);
        QCOMPARE(guard().view().kind, Kind::Unwatched);
        QVERIFY2(guard().view().words.contains(QLatin1String("has not said since ")),
                 qPrintable(guard().view().words));
        QCOMPARE(guard().view().howToGo, QStringLiteral("pilothouse-cli guard --track standalone"));
    }

    void theMarkIsGoneAfterItRolledBack()
    {
        watch();
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(60s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
        m->clock.advance(5s);
        QTRY_VERIFY(m->traffic.world.guards.isEmpty());
    }

    void theMarkOfAnotherGuardStays()
    {
        const GuardMark other = inCi(good);
        m->traffic.change([&](TrafficState &t) { t.guards = {other, inCi(old)}; });
        m->traffic.tell();
        watch();
        // That of another commit is not kept: its rollout is over.
        QTRY_COMPARE(m->traffic.world.guards.size(), 2);
        QVERIFY(m->traffic.world.guards.first() == other);
        const auto done = guard().disarm(confirmed(guard().previewDisarm()));
        QTRY_VERIFY(m->traffic.world.guards == QList<GuardMark>{other});
    }

    void aMarkThatCannotBeWrittenIsSaidOnceAndStopsNothing()
    {
        for (int i = 0; i < 9; ++i)
            m->traffic.annotateErrors.append(mayNot);
        QSignalSpy acted(&guard(), &RolloutGuard::acted);
        m->arm();
        m->clock.advance(240s);
        QCOMPARE(acted.size(), 1);
        QCOMPARE(acted.first().first().toString(),
                 QStringLiteral("standalone: the guard watches, but other consoles cannot see it: "
                                "you lack patch"));
        QVERIFY(m->traffic.annotations.size() <= 5); // a minute between two tries
        QCOMPARE(guard().view().kind, Kind::Watching);
        m->metrics.values[errors] = {0.002, 0.044, true};
        m->clock.advance(60s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void whatCouldNotBeWrittenAtFirstIsWrittenLater()
    {
        m->traffic.annotateErrors = {mayNot};
        m->arm();
        m->clock.advance(31s);
        QVERIFY(m->traffic.world.guards.isEmpty());
        m->clock.advance(90s);
        QTRY_COMPARE(m->traffic.world.guards.size(), 1);
        QVERIFY(guard().marker().trouble().isEmpty());
    }

    void theMarkIsGoneWhenTheConsoleCloses()
    {
        watch();
        bool closed = false;
        guard().signOff([&closed] { closed = true; });
        QTRY_VERIFY(closed);
        QVERIFY(m->traffic.world.guards.isEmpty());
        m->clock.advance(30s);
        QVERIFY(m->traffic.world.guards.isEmpty());
    }

    void anAnswerThatDoesNotComeKeepsNobodyFromClosing()
    {
        watch();
        m->traffic.hold();
        bool closed = false;
        guard().signOff([&closed] { closed = true; });
        QVERIFY(!closed);
        m->clock.advance(2s);
        QTRY_VERIFY(closed);
        m->traffic.release();
    }

    void aGuardElsewhereIsNoMissingGuard()
    {
        m->traffic.change([](TrafficState &t) { t.guards = {inCi(good)}; });
        m->traffic.tell();
        QCOMPARE(guard().view().kind, Kind::Elsewhere);
        QVERIFY2(guard().view().words.startsWith(QLatin1String("armed by ci, runs in CI since ")),
                 qPrintable(guard().view().words));
        QVERIFY(guard().mayArm().allowed());
        QVERIFY(guard().will().startsWith(QLatin1String("is not of this window: armed by ci")));
        // Its own outweighs it.
        watch();
        QCOMPARE(guard().view().kind, Kind::Watching);
        m->traffic.change([](TrafficState &t) { t.guards.clear(); });
    }

    void aGuardOfAnotherCommitSaysNothing()
    {
        m->traffic.change([](TrafficState &t) { t.guards = {inCi(other)}; });
        m->traffic.tell();
        QCOMPARE(guard().view(), GuardView());
    }

    void oneThatIsGoneIsUnwatchedWithWhatWouldWatch()
    {
        GuardMark dead = inCi(good);
        dead.where = GuardMark::Where::Window;
        dead.process.pid = 999'999'999;
        m->traffic.change([&](TrafficState &t) { t.guards = {dead}; });
        m->traffic.tell();
        QCOMPARE(guard().view().kind, Kind::Unwatched);
        QVERIFY(guard().view().words.endsWith(QLatin1String("is gone; it did not say why")));
        QCOMPARE(guard().view().howToGo, QStringLiteral("pilothouse-cli guard --track standalone"));
        // A new one takes its place, on the object too.
        watch();
        QTRY_COMPARE(m->traffic.world.guards.size(), 1);
        QVERIFY(!isGone(m->traffic.world.guards.first()));
    }

    void oneThatTheJournalAloneKnowsIsUnwatchedUntilItsRolloutIsOver()
    {
        guard().setEarlier(ArmedGuard{QStringLiteral("B. Novak"), m->clock.now(), CommitId(good)});
        QCOMPARE(guard().view().kind, Kind::Unwatched);
        QVERIFY(guard().view().words.startsWith(
            QLatin1String("UNWATCHED: the guard that B. Novak armed at ")));
        m->toWeight(0);
        QCOMPARE(guard().view().kind, Kind::Off);
        m->toWeight(10);
        QCOMPARE(guard().view().kind, Kind::Unwatched);
        guard().setEarlier({});
        QCOMPARE(guard().view(), GuardView());
    }

    void whatThisWindowsOwnGuardCameToIsKnown()
    {
        watch();
        const auto done = guard().disarm(confirmed(guard().previewDisarm()));
        QTRY_VERIFY(done.isFinished());
        guard().setEarlier(ArmedGuard{QStringLiteral("B. Novak"), m->clock.now(), CommitId(good)});
        QCOMPARE(guard().view().words, QStringLiteral("disarmed by A. Muster"));
    }

private:
    [[nodiscard]] RolloutGuard &guard() const { return m->guard(); }
    void watch()
    {
        m->arm();
        m->clock.advance(31s);
        QTRY_VERIFY(!m->traffic.world.guards.isEmpty());
    }

    std::unique_ptr<GuardBench> m;
};

QTEST_GUILESS_MAIN(TestGuardMarks)
#include "testguardmarks.moc"

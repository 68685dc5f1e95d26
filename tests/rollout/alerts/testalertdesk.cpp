#include "rollout/alerts/alertdesk.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutbench.h"
#include "support/fakealertmanager.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;
using Health = SourceState::Health;

namespace {

Alert high(const char *state)
{
    Alert made;
    made.name = QStringLiteral("HighErrorRatio");
    made.state = QString::fromLatin1(state);
    made.labels.insert(QStringLiteral("track"), QStringLiteral("standalone"));
    return made;
}

const Error away{ErrorKind::Unavailable, QStringLiteral("nobody answers"), {}, {}};

} // namespace

/// Alertmanager's word beside Prometheus', up to what a guard makes of it.
class TestAlertDesk final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_manager = FakeAlertmanager();
        m = std::make_unique<RolloutBench>();
        RolloutSettings given = settings();
        m->rollout = std::make_unique<RolloutController>(given, m->traffic, &m->metrics, m->runner,
                                                         m->clock);
        m->rollout->setAlertmanager(m_manager);
        m->rollout->start();
        m->toWeight(10);
    }
    void cleanup() { m.reset(); }

    void withoutOneNothingIsSaidOfIt()
    {
        RolloutBench alone;
        QCOMPARE(alone.rollout->alertsSource().health, Health::NotSetUp);
        QCOMPARE(alone.rollout->alertsUnseen(), QString());
    }

    void aSilencedAlertRollsNothingBackUntilItRingsAgain()
    {
        m->metrics.firing = {high("firing")};
        m_manager.known = {high("silenced")};
        armIt();
        m->clock.advance(60s);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("silenced"));
        QCOMPARE(m->traffic.world.asked.percent, 10);
        m_manager.known = {high("firing")};
        m->clock.advance(30s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void whatItAloneKnowsRollsBackToo()
    {
        armIt();
        m_manager.known = {high("firing")};
        m->clock.advance(60s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
    }

    void whatIsOfNoTrackIsKeptApart()
    {
        m->metrics.narrowed = m_manager.narrowed = false;
        Alert watchdog = high("firing");
        watchdog.name = QStringLiteral("Watchdog");
        watchdog.labels.clear();
        QSignalSpy rang(m->rollout.get(), &RolloutController::alertFired);
        m->metrics.firing = {watchdog, high("pending")};
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alerts().size(), 1);
        QCOMPARE(m->rollout->alerts().first().name, QStringLiteral("HighErrorRatio"));
        QCOMPARE(m->rollout->alertsOfNoTrack().size(), 1);
        QCOMPARE(m->rollout->alertsOfNoTrack().first().state, QStringLiteral("firing"));
        QVERIFY(rang.isEmpty());
        // What Alertmanager says of it is believed, and what it alone knows is somebody else's.
        watchdog.state = QStringLiteral("silenced");
        Alert theirs = watchdog;
        theirs.name = QStringLiteral("Theirs");
        m_manager.known = {watchdog, theirs};
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsOfNoTrack().size(), 1);
        QCOMPARE(m->rollout->alertsOfNoTrack().first().state, QStringLiteral("silenced"));
    }

    void oneThatIsLostIsSaidAndIsNeverNoAlerts()
    {
        m_manager.known = {high("firing")};
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsSource().health, Health::Live);
        m_manager.error = away;
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsSource().health, Health::Lost);
        QCOMPARE(m->rollout->alertsUnseen(), QStringLiteral("Alertmanager lost: nobody answers"));
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("firing"));
        m->clock.advance(90s);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("last known"));
        m_manager.error.reset();
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsUnseen(), QString());
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("firing"));
    }

    void aGuardSaysThatItDoesNotSeeAllAlerts()
    {
        m_manager.error = away;
        armIt();
        m->clock.advance(31s);
        const GuardView view = m->rollout->guard().view();
        QCOMPARE(view.kind, GuardView::Kind::Watching);
        QVERIFY2(view.words.endsWith(QLatin1String(
                     ", but not all alerts are seen: Alertmanager lost: nobody answers")),
                 qPrintable(view.words));
    }

    void alertsThatTheMetricsServerDoesNotTellAreSaidToo()
    {
        m->metrics.firing = {high("pending")};
        armIt();
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsUnseen(), QString());
        m->metrics.alertsError = away;
        m->clock.advance(30s);
        const QString lost = QStringLiteral("alerts of Fake metrics lost: nobody answers");
        QCOMPARE(m->rollout->alertsUnseen(), lost);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("pending"));
        const GuardView view = m->rollout->guard().view();
        QCOMPARE(view.kind, GuardView::Kind::Watching);
        QVERIFY2(view.words.endsWith(QLatin1String(", but not all alerts are seen: ") + lost),
                 qPrintable(view.words));
        m_manager.error = away;
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsUnseen(),
                 lost + QStringLiteral("; Alertmanager lost: nobody answers"));
        m->metrics.alertsError.reset();
        m_manager.error.reset();
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alertsUnseen(), QString());
    }

    void whatALostMetricsServerToldLastGrowsOld()
    {
        m->metrics.firing = {high("firing")};
        m->clock.advance(30s);
        m->metrics.alertsError = away;
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("firing"));
        m->clock.advance(60s);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("last known"));
        armIt();
        m->clock.advance(60s);
        QCOMPARE(m->traffic.world.asked.percent, 10); // what nobody knows rolls nothing back
        m_manager.known = {high("firing")};           // whoever still knows it counts
        m->clock.advance(30s);
        QTRY_COMPARE(m->traffic.world.asked.percent, 0);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("firing"));
    }

    void whatItTellsAgainFiresAgain()
    {
        m->metrics.firing = {high("firing")};
        m->clock.advance(30s);
        m->metrics.alertsError = away;
        m->clock.advance(120s);
        m->metrics.alertsError.reset();
        m->clock.advance(30s);
        QCOMPARE(m->rollout->alerts().first().state, QStringLiteral("firing"));
        QCOMPARE(m->rollout->alertsUnseen(), QString());
    }

    void aMetricsServerThatNeverHadAlertsHidesNothingThatAlertmanagerKnows()
    {
        const Error none{ErrorKind::NotFound, QStringLiteral("no such path"), {}, {}};
        const QString lost = QStringLiteral("alerts of Prometheus lost: no such path");
        for (AlertSource *manager : std::initializer_list<AlertSource *>{&m_manager, nullptr}) {
            RolloutBench bench;
            bench.metrics.alertsError = none;
            const RolloutSettings given = settings();
            bench.rollout = std::make_unique<RolloutController>(
                given, bench.traffic, &bench.metrics, bench.runner, bench.clock);
            if (manager)
                bench.rollout->setAlertmanager(*manager);
            bench.rollout->start();
            bench.clock.advance(30s);
            QCOMPARE(bench.rollout->alertsUnseen(), manager ? QString() : lost);
        }
        // It had some when this one began.
        m->metrics.alertsError = none;
        m->clock.advance(30s);
        QVERIFY(m->rollout->alertsUnseen().endsWith(QLatin1String("lost: no such path")));
    }

    void whatBothTellFiresOnce()
    {
        QSignalSpy fired(m->rollout.get(), &RolloutController::alertFired);
        m_manager.known = {high("firing")};
        m->clock.advance(30s);
        m->metrics.firing = {high("firing")};
        m->metrics.firing.first().activeAt = m->clock.now();
        m->clock.advance(30s);
        QCOMPARE(fired.size(), 1);
    }

private:
    void armIt()
    {
        RolloutGuard &guard = m->rollout->guard();
        const auto done = guard.arm(confirmed(guard.previewArm(), {}));
        QTRY_VERIFY(done.isFinished() && guard.isArmed());
    }

    FakeAlertmanager m_manager;
    std::unique_ptr<RolloutBench> m;
};

QTEST_GUILESS_MAIN(TestAlertDesk)
#include "testalertdesk.moc"

#include "connectors/alertmanager/alertmanager.h"
#include "connectors/prometheus/prometheusmetrics.h"
#include "crash/weather/lanes.h"
#include "crash/weather/metrics/metricsscene.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

#include <atomic>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = Outcome::Kind;
using Teller = MetricsScene::Teller;

const QString guardSaid = QStringLiteral("the guard says that it does not see all alerts");

/// The client asks again by itself, and somebody who looks notices nothing.
bool isMendedByTheClient(const Fault &fault)
{
    static const QStringList names{QStringLiteral("502"),
                                   QStringLiteral("503"),
                                   QStringLiteral("504"),
                                   QStringLiteral("late"),
                                   QStringLiteral("not HTTP"),
                                   QStringLiteral("closed without an answer"),
                                   QStringLiteral("cut in the middle"),
                                   QStringLiteral("malformed JSON")};
    return names.contains(fault.name);
}

/// A candidate at 10 % that is judged well, and a guard; then an alert fires at the one or the
/// other of two that know alerts, one of which is disturbed once.
class AlertsPass final
{
public:
    AlertsPass(MetricsScene &scene, Teller teller, FaultyServer::Speaks speaks,
               const Disturbance &disturbance)
        : m_scene(scene), m_teller(teller), m_disturbance(disturbance),
          m_client({QStringLiteral("The watchman"), scene.url(), "only-token", 20s}, speaks,
                   disturbance),
          m_traffic(m_client.clock()),
          m_metrics(m_client.http(), m_client.clock(), {m_client.url()}),
          m_alertmanager(m_client.http(), m_client.clock(), {m_client.url(), {}}),
          m_rollout(MetricsScene::settings({QStringLiteral("errors")}), m_traffic, &m_metrics,
                    m_runner, m_client.clock())
    {
        MetricsScene::begin(m_traffic);
        m_rollout.setAlertmanager(m_alertmanager);
        for (const auto signal : {&RolloutController::changed, &RolloutController::chartsChanged})
            QObject::connect(&m_rollout, signal, &m_rollout, [this] { look(); });
        QObject::connect(&m_rollout, &RolloutController::sourceChanged, &m_rollout,
                         [this] { look(); });
        QObject::connect(&m_rollout, &RolloutController::alertFired, &m_rollout,
                         [this](const Alert &alert) { m_fired.append(alert.name); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                m_rollout.start();
                demand(soon([&] { return m_rollout.verdict() == Verdict::Pass; }),
                       QStringLiteral("never judged"));
                arm();
                demand(soon([&] { return names() == knownBefore(); }),
                       QStringLiteral("the alerts are never seen"));
                m_rung = true;
                m_scene.ring(m_teller);
                demand(soon([&] { return !m_rollout.guard().isArmed(); }),
                       QStringLiteral("the guard does not roll back"));
                conclude();
            },
            [this] { return told(); });
        if (m_guardSaid)
            result.outcomes.append(guardSaid);
        return result;
    }

private:
    void arm()
    {
        const Preview shown = m_rollout.guard().previewArm();
        const auto armed = m_rollout.guard().arm({{}, shown.fingerprint, shown.target});
        demand(soon([&] { return armed.isFinished(); }) && armed.result().kind == Kind::Done,
               QStringLiteral("the guard is not armed"));
    }

    [[nodiscard]] static QStringList knownBefore()
    {
        return {QStringLiteral("Noisy silenced"), QStringLiteral("Slow pending")};
    }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        for (const Alert &alert : m_rollout.alerts())
            names.append(alert.name + QLatin1Char(' ') + alert.state);
        names.sort();
        return names;
    }

    /// At any time: no alert is there that nobody told, and what is lost is said.
    void look()
    {
        const auto says = [this](bool holds, const QString &what) {
            if (!holds && m_wrong.isEmpty())
                m_wrong = what;
        };
        for (const QString &alert : names()) {
            const bool rings = m_rung && alert == QLatin1String("Broken firing");
            says(rings || knownBefore().contains(alert)
                     || alert == QLatin1String("Noisy last known"),
                 QStringLiteral("an alert was made up: ") + alert);
        }
        says(m_rung || m_rollout.traffic()->value.asked == Weight{10},
             QStringLiteral("a rollback without a reason"));
        const SourceState source = m_rollout.alertsSource();
        const QString unseen = m_rollout.alertsUnseen();
        says(!source.error || !source.error->message.trimmed().isEmpty(),
             QStringLiteral("a lost Alertmanager does not say why"));
        says(!source.error || unseen.contains(source.error->message),
             QStringLiteral("a lost Alertmanager is not said"));
        m_said = m_said || !unseen.isEmpty();
        const GuardView &guard = m_rollout.guard().view();
        m_guardSaid = m_guardSaid
                      || (guard.kind == GuardView::Kind::Watching
                          && guard.words.contains(QLatin1String("not all alerts are seen")));
    }

    void conclude()
    {
        if (mustBeSaid())
            demand(soon([&] { return m_said; }), QStringLiteral("lost alerts are not said"));
        demand(soon([&] {
                   return m_rollout.alertsUnseen().isEmpty()
                          && m_rollout.alertsSource().health == SourceState::Health::Live
                          && m_rollout.metricsSource().health == SourceState::Health::Live
                          && names()
                                 == QStringList{QStringLiteral("Broken firing")} + knownBefore();
               }),
               QStringLiteral("what was lost is not seen again"));
        demand(soon([&] { return !m_rollout.busy(); }), QStringLiteral("always busy"));
        demand(m_wrong.isEmpty(), m_wrong);
        demand(m_rollout.guard().view().words.contains(QLatin1String("alert Broken fires")),
               QStringLiteral("the guard does not say why it rolled back"));
        demand(m_fired == QStringList{QStringLiteral("Broken")},
               QStringLiteral("not one alert was told once"));
        demand(m_traffic.writes.size() == 1 && m_traffic.world.asked == Weight{0},
               QStringLiteral("the weights were written otherwise"));
    }

    [[nodiscard]] bool mustBeSaid()
    {
        const QString &call = m_disturbance.call;
        if (!m_client.server().hasStruck() || !call.contains(QLatin1String("/alerts "))
            || isMendedByTheClient(*m_disturbance.fault))
            return false;
        // For all that is known it has none, and Alertmanager is seen.
        const QString &fault = m_disturbance.fault->name;
        const bool hasNone = fault == QLatin1String("404") || fault == QLatin1String("410");
        return !(hasNone && call == QLatin1String("GET v1/alerts #1"));
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        return QStringLiteral("\n    ")
               + QStringList{QStringLiteral("guard: ") + m_rollout.guard().view().words,
                             QStringLiteral("alerts: ") + names().join(QStringLiteral(", ")),
                             QStringLiteral("fired: ") + m_fired.join(QStringLiteral(", ")),
                             QStringLiteral("unseen: ") + m_rollout.alertsUnseen()}
                     .join(QStringLiteral("\n    "));
    }

    MetricsScene &m_scene;
    Teller m_teller;
    Disturbance m_disturbance;
    DisturbedClient m_client;
    FakeTraffic m_traffic;
    PrometheusMetrics m_metrics;
    Alertmanager m_alertmanager;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    bool m_rung = false;
    bool m_said = false;      ///< that not all alerts are seen,
    bool m_guardSaid = false; ///< and by the guard, while it watched
    QString m_wrong;
    QStringList m_fired;
};

} // namespace

/// The alerts of Prometheus and of an Alertmanager, with every call of a guarded rollout going
/// wrong in every way: what is not seen is said, nothing is made up, and what fires rolls back.
class AlertsStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongLostAlertsAreSaidAndTheGuardGoesOn_data()
    {
        QTest::addColumn<int>("teller");
        QTest::newRow("alerts of Alertmanager") << int(Teller::Alertmanager);
        QTest::newRow("alerts of Prometheus") << int(Teller::Prometheus);
    }
    void whateverGoesWrongLostAlertsAreSaidAndTheGuardGoesOn()
    {
        QFETCH(const int, teller);
        std::atomic<int> said{0};
        const auto pass = [&](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            MetricsScene scene;
            const auto result = AlertsPass(scene, Teller(teller), speaks, disturbance).run();
            said += result.outcomes.contains(guardSaid) ? 1 : 0;
            return result;
        };
        const StormResult result
            = storm(QString::fromLatin1(QTest::currentDataTag()), pass, Reads::Each);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 5);
        QVERIFY(result.tried >= 20 * result.calls);
        QVERIFY(result.missed * 5 <= result.tried);
        QVERIFY(said >= 8);
    }
};

QTEST_GUILESS_MAIN(AlertsStorm)
#include "alertsstorm.moc"

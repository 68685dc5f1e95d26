#include "action/outcomewords.h"
#include "connectors/prometheus/prometheusmetrics.h"
#include "crash/weather/lanes.h"
#include "crash/weather/metrics/metricsscene.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Kind = Outcome::Kind;

/// As long as an address may be, so that it is posted.
QString longQuery()
{
    return QStringLiteral("sum(errors) ") + QString(2000, QLatin1Char('#'));
}

RolloutSettings settings()
{
    RolloutSettings settings = MetricsScene::settings({QStringLiteral("errors"), longQuery()});
    settings.requestRateQuery = QStringLiteral("requests");
    return settings;
}

/// A candidate at 10 %, judged by a Prometheus that is disturbed once: it is well, a guard is
/// armed, it is spoilt, and the guard rolls back by itself.
class MetricsPass final
{
public:
    MetricsPass(MetricsScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_scene(scene), m_client({QStringLiteral("Prometheus"), scene.url(), "only-token", 20s},
                                   speaks, disturbance),
          m_traffic(m_client.clock()),
          m_metrics(m_client.http(), m_client.clock(), {m_client.url()}),
          m_rollout(settings(), m_traffic, &m_metrics, m_runner, m_client.clock())
    {
        MetricsScene::begin(m_traffic);
        for (const auto signal : {&RolloutController::changed, &RolloutController::chartsChanged})
            QObject::connect(&m_rollout, signal, &m_rollout, [this] { look(); });
        QObject::connect(&m_rollout.guard(), &RolloutGuard::acted, &m_rollout,
                         [this](const QString &sentence) { m_acted.append(sentence); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                m_rollout.look(&m_rollout);
                m_rollout.start();
                demand(soon([&] { return m_rollout.verdict() == Verdict::Pass; }),
                       QStringLiteral("never judged"));
                arm();
                m_scene.spoil();
                demand(soon([&] { return m_rollout.verdict() == Verdict::Fail; }),
                       QStringLiteral("never told as bad"));
                m_known = Known::Bad;
                demand(soon([&] { return !m_rollout.guard().isArmed(); }),
                       QStringLiteral("the guard does not roll back"));
                conclude();
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    void arm()
    {
        demand(m_rollout.guard().mayArm().allowed(), QStringLiteral("the guard cannot be armed"));
        const Preview shown = m_rollout.guard().previewArm();
        const auto armed = m_rollout.guard().arm({{}, shown.fingerprint, shown.target});
        demand(soon([&] { return armed.isFinished(); }) && armed.result().kind == Kind::Done,
               QStringLiteral("the guard is not armed"));
    }

    /// At any time: what cannot be judged is no pass and says why, and stands before no rollback.
    void look()
    {
        const auto says = [this](bool holds, const char *what) {
            if (!holds && m_wrong.isEmpty())
                m_wrong = QLatin1String(what);
        };
        const auto speaks = [&](const SourceState &source) {
            return !source.error || !source.error->message.trimmed().isEmpty();
        };
        says(speaks(m_rollout.metricsSource()), "lost metrics do not say why");
        for (const CheckResult &check : m_rollout.verdicts())
            says(!check.sentence.trimmed().isEmpty(), "a check does not say why");
        const GuardView &guard = m_rollout.guard().view();
        says(guard.kind == GuardView::Kind::Off || !guard.words.trimmed().isEmpty(),
             "the guard does not say what it does");
        if (!m_rollout.traffic() || m_rollout.traffic()->value.asked == Weight{0})
            return;
        says(m_rollout.mayRollBack().allowed() || m_rollout.busy(),
             "metrics stand before a rollback");
        says(m_known == Known::Good || m_rollout.verdict() != Verdict::Pass,
             "a bad candidate is told as good");
        const bool blind = m_rollout.judgedAge() && m_rollout.verdict() == Verdict::NoData;
        says(!blind || !m_rollout.mayPromote().allowed(), "no data lets a promotion pass");
        if (blind && m_outcomes.isEmpty())
            m_outcomes.append(QStringLiteral("no data for a time"));
    }

    void conclude()
    {
        demand(soon([&] {
                   return m_rollout.metricsSource().health == SourceState::Health::Live
                          && !m_rollout.metricsSource().error;
               }),
               QStringLiteral("the metrics stay lost"));
        demand(soon([&] { return m_rollout.alerts().size() == 1; }),
               QStringLiteral("the alert is never seen"));
        demand(soon([&] {
                   const auto &charts = m_rollout.charts();
                   return std::all_of(charts.cbegin(), charts.cend(), [](const ChartSeries &chart) {
                       return chart.error.isEmpty() && !chart.stable.isEmpty();
                   });
               }),
               QStringLiteral("a chart stays empty"));
        demand(soon([&] { return !m_rollout.busy(); }), QStringLiteral("always busy"));
        demand(m_wrong.isEmpty(), m_wrong);
        demand(m_traffic.writes.size() == 1 && m_traffic.world.asked == Weight{0},
               QStringLiteral("the weights were written otherwise"));
        demand(m_traffic.world.hold.has_value(), QStringLiteral("no hold is set"));
        demand(m_acted.size() == 1, QStringLiteral("the guard does not say once what it did"));
        const auto outcomes = m_journal.records(RecordKind::Outcome);
        demand(outcomes.size() == m_journal.records(RecordKind::Intent).size(),
               QStringLiteral("not every intent has one outcome"));
        for (const Record &outcome : outcomes)
            demand(outcomeOf(outcome).kind == Kind::Done, QStringLiteral("not everything is done"));
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines{QStringLiteral("guard: ") + m_rollout.guard().view().words};
        for (const CheckResult &check : m_rollout.verdicts())
            lines.append(check.name + QStringLiteral(": ") + check.sentence);
        for (const ChartSeries &chart : m_rollout.charts())
            lines.append(QStringLiteral("chart: ") + chart.error);
        if (m_rollout.metricsSource().error)
            lines.append(QStringLiteral("source: ") + m_rollout.metricsSource().error->message);
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    MetricsScene &m_scene;
    DisturbedClient m_client;
    FakeTraffic m_traffic;
    PrometheusMetrics m_metrics;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    enum class Known { Good, Bad } m_known = Known::Good; ///< of the candidate, by a judgement
    QString m_wrong;
    QStringList m_acted;
    QStringList m_outcomes;
};

} // namespace

/// Prometheus, with every call of a rollout that it judges going wrong in every way.
class MetricsStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongIsNoPassAndTheGuardGoesOn()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            MetricsScene scene;
            return MetricsPass(scene, speaks, disturbance).run();
        };
        const StormResult result = storm(QStringLiteral("Prometheus"), pass, Reads::ByKind);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 10);
        QVERIFY(result.tried >= 100);
        QVERIFY(result.missed * 5 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(MetricsStorm)
#include "metricsstorm.moc"

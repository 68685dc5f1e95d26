#include "crash/weather/kinds/lookscene.h"
#include "crash/weather/lanes.h"
#include "crash/weather/trackplan.h"
#include "rollout/rolloutcontroller.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// A look at weights that somebody else moves, at a cluster that is disturbed once.
class LookPass final
{
public:
    LookPass(LookScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_scene(scene), m_client({QStringLiteral("Kubernetes"), scene.url(), LookScene::token()},
                                   speaks, disturbance),
          m_control(scene.control(m_client.http(), m_client.clock(), m_client.url())),
          m_rollout(weatherTrack(), *m_control, nullptr, m_runner, m_client.clock())
    {
        QObject::connect(&m_rollout, &RolloutController::changed, &m_rollout, [this] { look(); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                m_rollout.start();
                see(10);
                tell();
                for (const int weight : {20, 40}) {
                    m_scene.move(weight);
                    see(weight);
                }
                press();
                demand(m_wrong.isEmpty(), m_wrong);
                demand(m_scene.writes() == 0, QStringLiteral("what is never written was written"));
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    /// At any time: no promotion can be pressed, and what cannot be done says why.
    void look()
    {
        for (const Permission &may : {m_rollout.mayPromote(), m_rollout.mayRollBack()}) {
            if (!may.allowed() && may.first(Reason::Kind::Blocks).trimmed().isEmpty())
                m_wrong = QStringLiteral("what cannot be pressed does not say why");
        }
        if (m_rollout.mayPromote().allowed())
            m_wrong = QStringLiteral("what is never written can be promoted");
        const SourceState source = m_rollout.trafficSource();
        if (source.error && source.error->message.trimmed().isEmpty())
            m_wrong = QStringLiteral("lost traffic does not say why");
        if (source.error && m_outcomes.isEmpty())
            m_outcomes.append(QStringLiteral("traffic: lost for a time"));
    }

    void see(int weight)
    {
        demand(soon([&] {
                   return m_rollout.traffic() && m_rollout.traffic()->value.asked == Weight{weight};
               }),
               QStringLiteral("%1 % is never seen").arg(weight));
        demand(soon([&] {
                   return m_rollout.trafficSource().health == SourceState::Health::Live
                          && !m_rollout.trafficSource().error;
               }),
               QStringLiteral("the traffic stays lost"));
    }

    /// What to do instead; who was told otherwise for a time asks again.
    void tell()
    {
        const auto told = [this] {
            return m_rollout.mayRollBack().first(Reason::Kind::Blocks)
                   == m_control->planWeight({}, {}).summary;
        };
        demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
        if (m_client.hasStruck() && !told())
            m_rollout.refresh();
        demand(soon(told), QStringLiteral("what to do instead is not said"));
    }

    void press()
    {
        const Preview shown = m_rollout.previewRollback();
        const auto pressed
            = m_rollout.rollBack({QStringLiteral("weather"), shown.fingerprint, shown.target});
        demand(soon([&] { return pressed.isFinished(); }), QStringLiteral("a press has no end"));
        demand(pressed.result().kind == Outcome::Kind::Refused
                   && !pressed.result().text.trimmed().isEmpty(),
               QStringLiteral("what is never written is told otherwise: ") + pressed.result().text);
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines{m_rollout.mayRollBack().first(Reason::Kind::Blocks)};
        if (m_rollout.traffic())
            lines.append(QString::number(m_rollout.traffic()->value.asked.percent));
        if (m_rollout.trafficSource().error)
            lines.append(m_rollout.trafficSource().error->message);
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    LookScene &m_scene;
    DisturbedClient m_client;
    std::unique_ptr<TrafficControl> m_control;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    QString m_wrong;
    QStringList m_outcomes;
};

} // namespace

/// Weights that are only looked at, with every call for them going wrong in every way: what is lost
/// is said and comes back, and nothing is ever written.
class LookStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongTheWeightIsSeenAgain()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            const auto scene = SCENE();
            return LookPass(*scene, speaks, disturbance).run();
        };
        const StormResult result = storm(QStringLiteral(SCENE_NAME), pass, Reads::Each);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 8);
        QVERIFY(result.tried >= 15 * result.calls);
        QVERIFY(result.missed * 5 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(LookStorm)
#include "lookstorm.moc"

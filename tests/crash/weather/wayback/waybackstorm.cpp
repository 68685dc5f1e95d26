#include "action/outcomewords.h"
#include "action/settle.h"
#include "crash/weather/lanes.h"
#include "crash/weather/trackplan.h"
#include "crash/weather/wayback/waybackscene.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/trafficannotations.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;

namespace {

using Kind = Outcome::Kind;

constexpr int mostPresses = 4;
constexpr int aLittle = 1'000; // ms

/// One rollback by an earlier deploy, through the real controller over a cluster that is disturbed
/// once: a start, a look, a dry run, the rollback, the hold that follows, and a later console that
/// has to say what came of it. What is not done is pressed again once the server is well.
class WayBackPass final
{
public:
    WayBackPass(WayBackScene &scene, FaultyServer::Speaks speaks, const Disturbance &disturbance)
        : m_scene(scene),
          m_client({scene.name(), scene.url(), Scene::token()}, speaks, disturbance),
          m_control(scene.control(m_client.http(), m_client.clock(), m_client.url())),
          m_rollout(weatherTrack(), *m_control, nullptr, m_runner, m_client.clock())
    {
        QObject::connect(&m_rollout, &RolloutController::changed, &m_rollout, [this] { look(); });
    }

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                start();
                tryOut();
                rollBack();
                holdIt();
                conclude();
            },
            [this] { return told(); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    /// At any time: what cannot be done says why, and nothing but the deploy leads back.
    void look()
    {
        const Permission may = m_rollout.mayRollBack();
        if (!may.allowed() && may.first(Reason::Kind::Blocks).trimmed().isEmpty())
            m_wrong = QStringLiteral("a rollback that cannot be pressed did not say why");
        const WayBack back = m_rollout.wayBack();
        if (!back.target && back.words.trimmed().isEmpty())
            m_wrong = QStringLiteral("a way back that is not there did not say why");
        if (back.target && m_scene.rollbacks() == 0
            && back.target->commit.value != WayBackScene::earlierCommit())
            m_wrong = QStringLiteral("a way back was made up: ") + back.words;
        const SourceState source = m_rollout.trafficSource();
        if (source.error && source.error->message.trimmed().isEmpty())
            m_wrong = QStringLiteral("lost traffic does not say why");
    }

    [[nodiscard]] bool mayGoBack() const
    {
        return m_rollout.mayRollBack().allowed() && m_rollout.wayBack().deploy.has_value();
    }

    void start()
    {
        m_rollout.start();
        findWayBack();
    }
    /// Somebody who was told that there is no way back waits a little and looks again.
    void findWayBack()
    {
        for (int looks = 1; looks <= mostPresses; ++looks) {
            const QDeadlineTimer little(aLittle);
            (void)soon([&] {
                return mayGoBack()
                       || (m_client.hasStruck() && m_client.isWell() && little.hasExpired());
            });
            if (mayGoBack())
                return;
            readAgain();
        }
        demand(soon([this] { return mayGoBack(); }),
               QStringLiteral("there is no way back: ") + m_rollout.wayBack().words
                   + QLatin1Char(' ') + m_rollout.mayRollBack().first(Reason::Kind::Blocks));
    }
    /// F5, until it has an answer.
    void readAgain()
    {
        const auto since = m_client.clock().sinceBoot();
        const auto isRead = [&] {
            return !m_rollout.busy() && m_rollout.traffic()
                   && m_rollout.traffic()->receivedSinceBoot > since;
        };
        demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
        m_rollout.refresh();
        demand(soon(isRead), QStringLiteral("F5 has no end"));
    }

    void tryOut()
    {
        m_rollout.tryOut(WeightAttempt::Kind::RollBack);
        demand(soon([&] {
                   const auto rows = m_rollout.previewRollback().rows;
                   return std::any_of(rows.cbegin(), rows.cend(), [](const PreviewRow &row) {
                       return row.label == QLatin1String("Dry run")
                              && row.text != QLatin1String("being asked…") && !row.text.isEmpty();
                   });
               }),
               QStringLiteral("the dry run has no end"));
    }

    [[nodiscard]] bool isBack() const
    {
        const auto traffic = m_rollout.traffic();
        return traffic && traffic->value.stable && !traffic->value.stable->mixed
               && traffic->value.stable->commit.value == WayBackScene::earlierCommit()
               && traffic->value.stable->readyReplicas > 0;
    }

    /// Presses until helm has done it, and no more often than somebody would who looks first.
    void rollBack()
    {
        for (int press = 1;; ++press) {
            demand(press <= mostPresses, QStringLiteral("not done whatever is pressed"));
            findWayBack();
            const Preview preview = m_rollout.previewRollback();
            const int before = m_scene.rollbacks();
            const auto pressed = m_rollout.rollBack(
                {QStringLiteral("weather"), preview.fingerprint, preview.target});
            demand(soon([&] { return pressed.isFinished(); })
                       || soon([&] { return pressed.isFinished(); }),
                   QStringLiteral("the rollback has no end"));
            const Outcome outcome = pressed.result();
            const bool ran = m_scene.rollbacks() > before;
            demand(outcome.kind == Kind::Unknown || ran == (outcome.kind == Kind::Done),
                   QStringLiteral("told as %1, and helm ran %2 times: %3")
                       .arg(outcomeKey(outcome.kind))
                       .arg(m_scene.rollbacks() - before)
                       .arg(outcome.text));
            demand(!outcome.text.trimmed().isEmpty(),
                   QStringLiteral("the rollback does not say what came of it"));
            if (outcome.kind != Kind::Done)
                m_outcomes.append(QStringLiteral("roll back: ") + outcomeKey(outcome.kind));
            demand(soon([&] { return m_client.isWell(); }), QStringLiteral("never well again"));
            if (ran)
                break;
            readAgain();
        }
        demand(soon([this] { return isBack(); }), QStringLiteral("what was made is never shown"));
    }

    void holdIt()
    {
        demand(soon([&] { return !m_rollout.busy(); }), QStringLiteral("always busy"));
        if (m_scene.annotation(holdAnnotation).isEmpty()) {
            m_outcomes.append(QStringLiteral("hold: not set"));
            readAgain();
            demand(soon([&] { return m_rollout.mayHold().allowed(); }),
                   QStringLiteral("no hold can be pressed"));
            const Preview preview = m_rollout.previewHold();
            const auto pressed = m_rollout.holdTraffic(
                {QStringLiteral("weather"), preview.fingerprint, preview.target});
            demand(soon([&] { return pressed.isFinished(); }),
                   QStringLiteral("the hold has no end"));
            demand(pressed.result().kind == Kind::Done,
                   QStringLiteral("no hold can be set: ") + pressed.result().text);
        }
        demand(soon([&] {
                   return !m_scene.annotation(holdAnnotation).isEmpty()
                          && m_rollout.hold().has_value();
               }),
               QStringLiteral("the hold is not shown"));
    }

    void conclude()
    {
        demand(m_wrong.isEmpty(), m_wrong);
        demand(m_scene.rollbacks() == 1,
               QStringLiteral("helm was told to roll back %1 times").arg(m_scene.rollbacks()));
        demand(m_scene.history() == QList<int>{10, 0},
               QStringLiteral("the weights were written, and nobody asked for it"));
        int done = 0;
        int unknown = 0;
        int settled = 0;
        for (const Record &intent : m_journal.records(RecordKind::Intent)) {
            const QString verb = intent.body[QLatin1String("verb")].toString();
            const QList<Record> outcomes = m_journal.outcomesOf(intent);
            demand(outcomes.size() == 1,
                   QStringLiteral("an intent has %1 outcomes: %2").arg(outcomes.size()).arg(verb));
            if (verb != QLatin1String("roll back"))
                continue;
            const Kind kind = outcomeOf(outcomes.first()).kind;
            done += kind == Kind::Done ? 1 : 0;
            unknown += kind == Kind::Unknown ? 1 : 0;
            settled += settleAgain(intent, kind) == Kind::Done ? 1 : 0;
        }
        // It was done once, so one of them did it, and at most one may say so.
        demand(done <= 1 && done + unknown >= 1 && settled <= 1,
               QStringLiteral("it was done, %1 say so, and %2 later").arg(done).arg(settled));
    }

    /// What a later console makes of it, who knows the intent alone.
    [[nodiscard]] Kind settleAgain(const Record &intent, Kind told)
    {
        Outcome outcome;
        // What could not be seen at a start is told at a later one.
        for (int start = 1; start <= mostPresses; ++start) {
            const auto settled = m_rollout.settle(intent);
            demand(soon([&] { return settled.isFinished(); }),
                   QStringLiteral("settling has no end"));
            outcome = settled.result();
            demand(!outcome.text.trimmed().isEmpty(), QStringLiteral("settling does not say why"));
            if (outcome.kind != Kind::Unknown)
                break;
        }
        const bool isTrue = told == Kind::Done
                                ? outcome.kind == Kind::Done
                                : told == Kind::Unknown || outcome.kind != Kind::Done;
        demand(isTrue, QStringLiteral("what was told as %1 is settled as %2: %3")
                           .arg(outcomeKey(told), outcomeKey(outcome.kind), outcome.text));
        return outcome.kind;
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines{QStringLiteral("helm ran %1 times").arg(m_scene.rollbacks())};
        lines += m_journal.lines();
        lines.append(QStringLiteral("way back: ") + m_rollout.wayBack().words);
        if (m_rollout.traffic() && m_rollout.traffic()->value.stable) {
            const RevisionState &stable = *m_rollout.traffic()->value.stable;
            lines.append(QStringLiteral("stable: %1, %2/%3%4")
                             .arg(stable.commit.value)
                             .arg(stable.readyReplicas)
                             .arg(stable.wantedReplicas)
                             .arg(stable.mixed ? QStringLiteral(", mixed") : QString()));
        }
        if (m_rollout.trafficSource().error)
            lines.append(QStringLiteral("source: ") + m_rollout.trafficSource().error->message);
        return QStringLiteral("\n    ") + lines.join(QStringLiteral("\n    "));
    }

    WayBackScene &m_scene;
    DisturbedClient m_client;
    std::unique_ptr<TrafficControl> m_control;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    QString m_wrong;
    QStringList m_outcomes;
};

} // namespace

/// A rollback by an earlier deploy, with every call for it going wrong in every way: always a state
/// that says why, a way on, helm is told once, and what is told of it is true.
class WayBackStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongTheDeployBeforeIsMadeOnce()
    {
        const auto pass = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            WayBackScene scene;
            return WayBackPass(scene, speaks, disturbance).run();
        };
        const StormResult result
            = storm(QStringLiteral("The way back by a deploy"), pass, Reads::ByKind);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= 20);
        QVERIFY(result.tried >= 300);
        QVERIFY(result.missed * 5 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(WayBackStorm)
#include "waybackstorm.moc"

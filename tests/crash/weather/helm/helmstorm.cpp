#include "action/outcomewords.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "crash/weather/helm/faultyhelm.h"
#include "crash/weather/helm/helmworld.h"
#include "crash/weather/trackplan.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/trafficannotations.h"
#include "support/memoryjournal.h"
#include "support/soon.h"

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

using namespace pilothouse;

namespace {

using Cluster = HelmFault::Cluster;
using Kind = Outcome::Kind;

constexpr int mostPresses = 4;
const QList<int> wanted{10, 50, 0};

QString realHelm()
{
    return qEnvironmentVariable("PILOTHOUSE_PARTS") + QStringLiteral("/helm/" HELM "/helm");
}

/// helm and the waits between its looks take their time.
template <typename Condition>
bool inTime(const Condition &condition)
{
    return soon(condition) || soon(condition) || soon(condition);
}

/// One rollout of a release by the real controller: promote 10 → 50 and roll back, with a helm that
/// goes wrong once at each, or at one of them. What is not done is pressed again.
class HelmPass final
{
public:
    HelmPass(HelmWorld &world, const HelmFault &fault, const QString &verb)
        : m_world(world), m_fault(fault), m_verb(verb), m_helm(realHelm()),
          m_client(world.target({}).kubeconfig),
          m_control(
              m_client.api(), m_helm, m_client.clock(), world.target(m_helm.program()),
              std::make_unique<HttpRouteControl>(
                  m_client.api(), m_client.clock(),
                  HttpRouteControl::Settings{
                      QStringLiteral("production"),
                      {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                      {}})),
          m_rollout(weatherTrack(), m_control, nullptr, m_runner, m_client.clock())
    {
        QObject::connect(&m_rollout, &RolloutController::changed, &m_rollout, [this] { look(); });
    }

    /// Empty, or what is not as it must be.
    QString run()
    {
        try {
            m_rollout.start();
            // Once the Gateway has accepted it too nothing moves any more but what is pressed.
            demand(inTime([&] { return m_rollout.mayPromote().allowed() && isAt(wanted.first()); }),
                   QStringLiteral("there is no way on after the start"));
            arm(QStringLiteral("upgrade"));
            move(QStringLiteral("promote"), 50);
            arm(QStringLiteral("rollback"));
            move(QStringLiteral("roll back"), 0);
            conclude();
        } catch (const Broken &broken) {
            return broken.what + told();
        }
        return {};
    }
    [[nodiscard]] const QStringList &outcomes() const { return m_outcomes; }

private:
    struct Broken
    {
        QString what;
    };

    static void demand(bool holds, const QString &what)
    {
        if (!holds)
            throw Broken{what};
    }
    void arm(const QString &verb)
    {
        if (m_verb.isEmpty() || verb == m_verb)
            m_helm.arm(m_fault, verb);
    }

    /// At any time: a controller that cannot go on says why.
    void look()
    {
        for (const Permission &may : {m_rollout.mayPromote(), m_rollout.mayRollBack()}) {
            if (!may.allowed() && may.first(Reason::Kind::Blocks).trimmed().isEmpty())
                m_speechless = true;
        }
    }

    [[nodiscard]] bool isAt(int weight) const
    {
        return m_rollout.traffic() && m_rollout.traffic()->value.asked == Weight{weight}
               && m_rollout.traffic()->value.accepted == Weight{weight};
    }

    /// Presses until it is done, and no more often than somebody would who looks first.
    void move(const QString &verb, int weight)
    {
        const bool forward = verb == QLatin1String("promote");
        const auto may = [&] {
            return forward ? m_rollout.mayPromote() : m_rollout.mayRollBack();
        };
        for (int press = 1;; ++press) {
            if (press > 1 && m_world.weights().last() == weight)
                break;
            demand(press <= mostPresses, verb + QStringLiteral(" is not done whatever is pressed"));
            if (forward && !may().allowed())
                clearLock();
            demand(inTime([&] { return may().allowed(); }),
                   QStringLiteral("%1 cannot be pressed: %2")
                       .arg(verb, may().first(Reason::Kind::Blocks)));
            const bool strikes = !m_helm.hasStruck();
            const Preview preview
                = forward ? m_rollout.previewPromote() : m_rollout.previewRollback();
            const Confirmation confirmation{QStringLiteral("weather"), preview.fingerprint,
                                            preview.target};
            m_shown = preview.fingerprint;
            const auto pressed
                = forward ? m_rollout.promote(confirmation) : m_rollout.rollBack(confirmation);
            demand(inTime([&] { return pressed.isFinished(); }),
                   verb + QStringLiteral(" has no end"));
            check(verb, weight, pressed.result(),
                  strikes ? std::optional(m_fault.cluster) : std::nullopt);
            demand(m_helm.hasStruck(), QStringLiteral("nothing went wrong"));
            if (pressed.result().kind == Kind::Done)
                break;
            readAgain();
        }
        demand(inTime([&] { return isAt(weight); }),
               QStringLiteral("%1: the controller never shows %2 %").arg(verb).arg(weight));
    }

    void readAgain()
    {
        const auto since = m_client.clock().sinceBoot();
        m_rollout.refresh();
        demand(inTime([&] {
                   return !m_rollout.busy() && m_rollout.traffic()->receivedSinceBoot > since;
               }),
               QStringLiteral("it is not read again"));
    }

    /// What is told of a press is true, and told in words.
    void check(const QString &verb, int weight, const Outcome &outcome,
               const std::optional<Cluster> &struck)
    {
        const QString what = QStringLiteral("%1 is told as %2 (%3)")
                                 .arg(verb, outcomeKey(outcome.kind), outcome.text);
        m_outcomes.append(QStringLiteral("%1: %2").arg(verb, outcomeKey(outcome.kind)));
        demand(!outcome.text.trimmed().isEmpty(), verb + QStringLiteral(" does not say why"));
        if (outcome.kind == Kind::Done)
            demand(inTime([&] { return m_world.weights().last() == weight; }), what);
        else if (outcome.kind != Kind::Unknown)
            demand(!isSeenNow(weight), what);
        // Nobody else was there.
        demand(outcome.kind != Kind::Conflict && outcome.kind != Kind::Refused, what);
        // What can be seen is told, and a rollback has a way without helm.
        if (!struck || *struck == Cluster::Done || weight == 0)
            demand(outcome.kind == Kind::Done, what);
    }

    /// After some looks of the world's at its route.
    [[nodiscard]] bool isSeenNow(int weight) const
    {
        QTest::qWait(200);
        return m_world.weights().last() == weight;
    }

    /// Somebody who was told of a lock, waits, and clears it.
    void clearLock()
    {
        const QString id = QStringLiteral("helm.unlock");
        demand(m_rollout.mayPromote()
                   .first(Reason::Kind::Blocks)
                   .contains(QLatin1String("somebody is deploying now")),
               QStringLiteral("a lock is not said: ")
                   + m_rollout.mayPromote().first(Reason::Kind::Blocks));
        demand(!m_rollout.mayRunOwn(id).allowed(),
               QStringLiteral("the lock of somebody at work could be cleared"));
        m_client.later = std::chrono::hours(1);
        readAgain();
        demand(inTime([&] { return m_rollout.mayRunOwn(id).allowed(); }),
               QStringLiteral("a lock that was left behind cannot be cleared"));
        const Preview preview = m_rollout.previewOwn(id);
        const auto cleared = m_rollout.runOwn(
            id, {QStringLiteral("weather"), preview.fingerprint, preview.target});
        demand(inTime([&] { return cleared.isFinished(); }) && cleared.result().kind == Kind::Done,
               QStringLiteral("the lock is not cleared"));
        m_outcomes.append(QStringLiteral("the lock is cleared"));
    }

    void conclude()
    {
        demand(inTime([&] { return !m_rollout.busy() && m_rollout.hold().has_value(); }),
               QStringLiteral("no hold is set"));
        demand(!m_speechless, QStringLiteral("a controller that cannot go on did not say why"));
        demand(m_world.weights() == wanted, QStringLiteral("the weights were written otherwise"));
        const auto intents = m_journal.records(RecordKind::Intent);
        const auto outcomes = m_journal.records(RecordKind::Outcome);
        demand(intents.size() == outcomes.size(),
               QStringLiteral("not every intent has one outcome"));
        const QString history = m_world.history(realHelm()).join(QLatin1Char('\n'));
        for (const Record &outcome : outcomes) {
            const bool isInHistory = history.contains(outcome.id.value);
            const bool isPromote
                = std::any_of(intents.cbegin(), intents.cend(), [&outcome](const Record &intent) {
                      return intent.id == outcome.id
                             && intent.body[QLatin1String("verb")] == QLatin1String("promote");
                  });
            if (isPromote && outcomeOf(outcome).kind == Kind::Done)
                demand(isInHistory, QStringLiteral("a promotion that was done is in no history"));
        }
    }

    /// All that there is to know, for whoever reads of a failure.
    [[nodiscard]] QString told() const
    {
        QStringList lines;
        for (const int weight : m_world.weights())
            lines.append(QString::number(weight));
        lines = {QStringLiteral("weights ") + lines.join(QStringLiteral(", "))};
        for (const Record &record : m_journal.records())
            lines.append(QStringLiteral("%1 %2: %3")
                             .arg(record.body[QLatin1String("verb")].toString(),
                                  record.body[QLatin1String("outcome")].toString(),
                                  record.body[QLatin1String("text")].toString()));
        lines << QStringLiteral("shown: ") + m_shown
              << QStringLiteral("now: ") + m_rollout.previewPromote().fingerprint;
        if (m_rollout.traffic())
            lines.append(QStringLiteral("problem: ") + m_rollout.traffic()->value.problem);
        return QStringLiteral("\n    ")
               + (lines + m_world.history(realHelm())).join(QStringLiteral("\n    "));
    }

    HelmWorld &m_world;
    HelmFault m_fault;
    QString m_verb;
    FaultyHelm m_helm;
    HelmClient m_client;
    HelmControl m_control;
    MemoryJournal m_journal;
    ActionRunner m_runner{m_journal, QStringLiteral("A. Muster")};
    RolloutController m_rollout;
    bool m_speechless = false;
    QString m_shown; ///< the fingerprint of the last press
    QStringList m_outcomes;
};

} // namespace

/// A promotion and a rollback through helm on a real kube-apiserver, with the program going wrong
/// in every way: nothing is lost or done twice, and what is told is true.
class HelmStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        if (!QFileInfo(realHelm()).isExecutable())
            QSKIP("there is no helm: packaging/setup --for-tests fetches it");
        START_OR_SKIP(m_server);
        m_world = std::make_unique<HelmWorld>(m_server);
        qputenv("KUBECONFIG", m_world->target({}).kubeconfig.toLocal8Bit());
    }
    void cleanupTestCase() { m_world.reset(); }

    void whateverHelmDoesNothingIsLostOrDoneTwice_data()
    {
        QTest::addColumn<int>("fault");
        QTest::addColumn<QString>("verb");
        const QList<HelmFault> &all = helmFaults();
        for (int fault = 0; fault < all.size(); ++fault) {
            const HelmFault &wrong = all[fault];
            QStringList verbs{QString()}; // both
            if (wrong.cluster == Cluster::Locked)
                verbs = {QStringLiteral("upgrade"), QStringLiteral("rollback")};
            else if (wrong.lasts) // there is no promotion without it
                verbs = {QStringLiteral("rollback")};
            for (const QString &verb : std::as_const(verbs))
                QTest::addRow("%s %s", wrong.name.constData(), qPrintable(verb)) << fault << verb;
        }
    }
    void whateverHelmDoesNothingIsLostOrDoneTwice()
    {
        QFETCH(const int, fault);
        QFETCH(const QString, verb);
        QElapsedTimer took;
        took.start();
        const HelmFault &wrong = helmFaults()[fault];
        // An upgrade brings the hook itself; a rollback has that of the revision it goes to.
        const bool hangs = wrong.cluster == Cluster::Locked && verb == QLatin1String("rollback");
        const QString hook = hangs ? QStringLiteral("pre-rollback") : QString();
        QCOMPARE(m_world->begin(realHelm(), hook), QString());
        HelmPass pass(*m_world, wrong, verb);
        const QString failure = pass.run();
        qInfo("%s; %.1f s", qPrintable(pass.outcomes().join(QStringLiteral(", "))),
              double(took.elapsed()) / 1000);
        QVERIFY2(failure.isEmpty(), qPrintable(failure));
    }

private:
    KubeServer m_server;
    std::unique_ptr<HelmWorld> m_world;
};

QTEST_GUILESS_MAIN(HelmStorm)
#include "helmstorm.moc"

#include "crash/arena.h"

#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "rollout/rolloutcontroller.h"
#include "rollout/trafficannotations.h"
#include "support/memoryjournal.h"
#include "support/requestrelay.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int rounds = 100;
constexpr int patience = 30'000;
const QList<int> weights{10, 25, 40, 60, 80};

/// A console of its own: connection, watch, journal, person.
struct RacingConsole
{
    RacingConsole(const KubeContext &context, const QString &name)
        : person(name), token(context), http(httpSettings(context), token, clock),
          api(http, clock, context.server),
          control(api, clock,
                  {context.nameSpace,
                   {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                   {}}),
          runner(journal, person), rollout(rolloutSettings(), control, nullptr, runner, clock)
    {
        rollout.start();
    }

    static NetworkHttp::Settings httpSettings(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        return settings;
    }
    static RolloutSettings rolloutSettings()
    {
        RolloutSettings settings;
        settings.track = TrackName(QStringLiteral("standalone"));
        for (const int weight : weights)
            settings.plan.stages.append({Weight{weight}, {}});
        settings.plan.stages.append({Weight{100}, {}});
        return settings;
    }
    /// Sees the route as it is, and may promote it.
    [[nodiscard]] bool isReadyAt(int weight, const QString &version) const
    {
        return rollout.traffic() && rollout.traffic()->value.asked == Weight{weight}
               && rollout.traffic()->value.version == version && rollout.mayPromote().allowed();
    }
    [[nodiscard]] Confirmation confirmation() const
    {
        const Preview preview = rollout.previewPromote();
        return {QStringLiteral("race"), preview.fingerprint, preview.target};
    }

    QString person;
    SystemClock clock;
    KubeToken token;
    NetworkHttp http;
    KubernetesApi api;
    HttpRouteControl control;
    MemoryJournal journal;
    ActionRunner runner;
    RolloutController rollout;
};

} // namespace

/// Two consoles that promote the same rollout at once, a hundred times on each API server.
class RaceTest final : public QObject
{
    Q_OBJECT

private:
    RealArena m_real;
    RehearsalArena m_rehearsal;

    /// One round at `weights[stage]`; the second presses `delay` ms after the first.
    void race(Arena &arena, RacingConsole &first, RacingConsole &second, int stage, int delay)
    {
        const int from = weights[stage];
        const int to = weights[stage + 1];
        const auto bothReady = [&] {
            const QString version = CanaryWorld::versionOf(arena.world().route());
            return first.isReadyAt(from, version) && second.isReadyAt(from, version);
        };
        QTRY_VERIFY_WITH_TIMEOUT(bothReady(), patience);
        const Confirmation ofFirst = first.confirmation();
        const Confirmation ofSecond = second.confirmation();
        const auto firsts = first.rollout.promote(ofFirst);
        if (delay > 0)
            QTest::qWait(delay);
        const auto seconds = second.rollout.promote(ofSecond);
        QTRY_VERIFY_WITH_TIMEOUT(firsts.isFinished() && seconds.isFinished(), patience);

        const bool firstWon = firsts.result().kind == Outcome::Kind::Done;
        const Outcome won = (firstWon ? firsts : seconds).result();
        const Outcome lost = (firstWon ? seconds : firsts).result();
        const RacingConsole &winner = firstWon ? first : second;
        QVERIFY2(won.kind == Outcome::Kind::Done, qPrintable(won.text + lost.text));
        QVERIFY2(lost.kind == Outcome::Kind::Conflict, qPrintable(lost.text));
        QVERIFY2(lost.text.contains(
                     QStringLiteral("%1 (%2 → %3 %)").arg(winner.person).arg(from).arg(to)),
                 qPrintable(lost.text));
        m_bySecondLook += lost.text.contains(QLatin1String("Nothing was sent")) ? 1 : 0;

        const QJsonObject route = arena.world().route();
        QCOMPARE(CanaryWorld::weightOf(route), to);
        const auto changes = decodeChanges(CanaryWorld::annotationOf(route, changesAnnotation));
        QVERIFY(changes);
        QCOMPARE(changes->size(), stage + 1);
        QCOMPARE(changes->first().from, Weight{from});
        QCOMPARE(changes->first().to, Weight{to});
        QCOMPARE(changes->first().actor, winner.person);
    }

    int m_bySecondLook = 0; ///< how often it was found before anything was sent

private Q_SLOTS:
    void initTestCase()
    {
        if (m_real.isMissing() && qgetenv("CI") != "true")
            QSKIP("there is no kube-apiserver: packaging/setup --for-tests builds it");
        QCOMPARE(m_real.open(), QString());
        QCOMPARE(m_rehearsal.open(), QString());
    }

    void ofTwoConsolesOneWinsAndTheOtherIsToldWho_data()
    {
        QTest::addColumn<bool>("real");
        QTest::newRow("kube-apiserver") << true;
        QTest::newRow("the rehearsal") << false;
    }
    void ofTwoConsolesOneWinsAndTheOtherIsToldWho()
    {
        QFETCH(bool, real);
        Arena &arena = real ? static_cast<Arena &>(m_real) : m_rehearsal;
        QTemporaryDir folder;
        m_bySecondLook = 0;
        auto context = readKubeconfig(arena.kubeconfig(folder.path(), arena.url()), {});
        QVERIFY(context);
        context->caPem = arena.authority();
        RacingConsole first(*context, QStringLiteral("A. Muster"));
        RacingConsole second(*context, QStringLiteral("B. Novak"));
        const int stages = int(weights.size()) - 1;
        for (int round = 0; round < rounds; ++round) {
            if (round % stages == 0)
                arena.begin(weights.first());
            const int delay = round / 2 % 8 * 3; // from the same moment to far apart
            race(arena, first, second, round % stages, delay);
            if (QTest::currentTestFailed()) {
                qInfo("in round %d", round);
                return;
            }
        }
        qInfo("%d of %d were found by the second look, the others by the server", m_bySecondLook,
              rounds);
    }

    /// The first one's request is lost on its way, with its answer: the weight that it sees then is
    /// what it wanted, and not its own doing.
    void whoseRequestIsLostIsToldThatTheOtherMadeIt_data()
    {
        ofTwoConsolesOneWinsAndTheOtherIsToldWho_data();
    }
    void whoseRequestIsLostIsToldThatTheOtherMadeIt()
    {
        QFETCH(bool, real);
        Arena &arena = real ? static_cast<Arena &>(m_real) : m_rehearsal;
        QTemporaryDir folder;
        RequestRelay relay(arena.url(), arena.tls());
        const auto lossy = readKubeconfig(arena.kubeconfig(folder.path(), relay.url()), {});
        auto direct = readKubeconfig(arena.kubeconfig(folder.path(), arena.url()), {});
        QVERIFY(lossy && direct);
        direct->caPem = arena.authority();
        arena.begin(weights[0]);
        RacingConsole first(*lossy, QStringLiteral("A. Muster"));
        RacingConsole second(*direct, QStringLiteral("B. Novak"));
        const auto bothReady = [&] {
            const QString version = CanaryWorld::versionOf(arena.world().route());
            return first.isReadyAt(weights[0], version) && second.isReadyAt(weights[0], version);
        };
        QTRY_VERIFY_WITH_TIMEOUT(bothReady(), patience);
        bool lost = false;
        relay.setJudge([&](const RequestRelay::Request &request, RequestRelay::Moment) {
            lost = lost || request.method == "PATCH";
            return lost ? RequestRelay::Verdict::Stop : RequestRelay::Verdict::GoOn;
        });
        const auto firsts = first.rollout.promote(first.confirmation());
        QTRY_VERIFY_WITH_TIMEOUT(lost, patience);
        const auto seconds = second.rollout.promote(second.confirmation());
        QTRY_VERIFY_WITH_TIMEOUT(seconds.isFinished(), patience);
        QVERIFY2(seconds.result().kind == Outcome::Kind::Done, qPrintable(seconds.result().text));
        relay.cut();
        relay.setJudge([](const RequestRelay::Request &, RequestRelay::Moment) {
            return RequestRelay::Verdict::GoOn;
        });
        relay.mend();
        QTRY_VERIFY_WITH_TIMEOUT(firsts.isFinished(), patience);
        QVERIFY2(firsts.result().kind == Outcome::Kind::Conflict, qPrintable(firsts.result().text));
        QVERIFY2(firsts.result().text.contains(QStringLiteral("B. Novak (10 → 25 %)")),
                 qPrintable(firsts.result().text));
        QCOMPARE(CanaryWorld::weightOf(arena.world().route()), weights[1]);
    }
};

QTEST_GUILESS_MAIN(RaceTest)
#include "racetest.moc"

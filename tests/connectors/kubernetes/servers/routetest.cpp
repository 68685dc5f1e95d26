#include "cluster.h"
#include "routeclient.h"

#include "connectors/kubernetes/watched/objectchanges.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patience = 20'000;

using User = KubeServer::User;

/// A result's sentence, for a test that expects success.
template <typename T>
QByteArray sentence(const Result<T> &result)
{
    return result ? QByteArray() : result.error().message.toUtf8();
}

} // namespace

/// The HTTPRoute control over the network, on a real API server and on the rehearsal's: the same
/// table for both. Where they differ it is by what a Cluster says:
///   - the real one has rights (RBAC); the rehearsal refuses writes while a fault says so;
///   - the rehearsal has a Gateway that accepts; for the real one the test says it;
///   - the rehearsal names a field that it refuses with the places in its lists, as newer servers
///     do: spec.rules[0].backendRefs[1].weight, in 1.20 spec.rules.backendRefs.weight.
class RouteOnServersTest final : public QObject
{
    Q_OBJECT

private:
    RealCluster m_real;
    std::unique_ptr<RehearsalCluster> m_rehearsal;

    [[nodiscard]] Cluster &cluster()
    {
        QFETCH_GLOBAL(bool, real);
        return real ? static_cast<Cluster &>(m_real) : *m_rehearsal;
    }
    [[nodiscard]] std::unique_ptr<RouteClient> client(const QString &kubeconfig)
    {
        const auto context = readKubeconfig(kubeconfig, {});
        return context ? std::make_unique<RouteClient>(*context) : nullptr;
    }
    [[nodiscard]] std::unique_ptr<RouteClient> console()
    {
        return client(cluster().kubeconfig(User::Console));
    }
    /// Brings the weight back to 10 %, accepted.
    void toTen(RouteClient &console)
    {
        const auto seen = await(console.control.read());
        QVERIFY2(seen, sentence(seen));
        if (seen->value.asked != Weight{10}) {
            const auto written
                = await(console.control.setWeight(RouteClient::weight(10, seen->value)));
            QVERIFY2(written, sentence(written));
        }
        QCOMPARE(cluster().accept(), QString());
        QTRY_COMPARE_WITH_TIMEOUT(await(console.control.read())->value.accepted,
                                  std::optional(Weight{10}), patience);
        console.http.sent.clear();
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<bool>("real");
        QTest::newRow("kube-apiserver") << true;
        QTest::newRow("the rehearsal") << false;
    }
    void initTestCase()
    {
        START_OR_SKIP(m_real.server);
        QCOMPARE(m_real.make(), QString());
        m_rehearsal = std::make_unique<RehearsalCluster>();
        QVERIFY2(!m_rehearsal->server.ready.isEmpty(), qPrintable(m_rehearsal->server.complaint));
    }
    void cleanupTestCase() { m_rehearsal.reset(); }

    void itReadsWhoHasTheTraffic()
    {
        const auto console = this->console();
        QVERIFY(console);
        const auto state = await(console->control.read());
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QVERIFY(state->value.candidate && state->value.stable);
        QCOMPARE(state->value.stable->wantedReplicas, 3);
        QCOMPARE(state->value.stable->readyReplicas, 3);
        QCOMPARE(state->value.stable->pods.size(), 3);
        QCOMPARE(state->value.candidate->commit.value.size(), 40);
        QVERIFY(state->value.stable->commit != state->value.candidate->commit);
        QVERIFY(state->value.stable->imageDigest.startsWith(QLatin1String("sha256:")));
        QCOMPARE(state->value.problem, QString());
        QVERIFY(state->serverAt.isValid());
    }

    void anAdminsCertificateSignsIn()
    {
        const auto admin = client(cluster().kubeconfig(User::Admin));
        QVERIFY(admin);
        const auto access = await(admin->control.access());
        QVERIFY2(access, sentence(access));
        QVERIFY(access->mayWrite);
    }

    void aPromotionIsSeenAskedAndThenAccepted()
    {
        const auto console = this->console();
        console->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(10, 10), patience);
        const qint64 generation = console->route().meta.generation;
        const auto state
            = await(console->control.setWeight(RouteClient::weight(50, console->told->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.accepted, std::optional<Weight>());
        QCOMPARE(state->value.changes.first().actor, QStringLiteral("mara"));
        QCOMPARE(state->value.changes.first().intent, IntentId(QStringLiteral("i1")));
        QCOMPARE(state->value.lastWriter, QStringLiteral("pilothouse"));
        QCOMPARE(console->route().meta.generation, generation + 1);
        QCOMPARE(cluster().accept(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(50, 50), patience);
        QVERIFY(!console->lost);
        QCOMPARE(console->http.count("PATCH"), 1);
        toTen(*console);
    }

    void whatIsTriedIsWhatIsThenDoneAndLeavesEverything()
    {
        const auto console = this->console();
        toTen(*console);
        QVERIFY(!QTest::currentTestFailed());
        const Hold hold{QStringLiteral("b-novak"), {}, QStringLiteral("wait"), {}};
        const Lift lift{QStringLiteral("mara"), QStringLiteral("all well"), {}};
        // One stage on and one back, a hold and its end.
        const std::vector<std::variant<Weight, HoldChange>> steps{Weight{50}, Weight{10},
                                                                  HoldChange(hold), lift};
        for (const auto &step : steps) {
            const auto seen = await(console->control.read());
            QVERIFY2(seen, sentence(seen));
            const Weight *weight = std::get_if<Weight>(&step);
            const auto *change = std::get_if<HoldChange>(&step);
            const QJsonObject before = console->object();
            const auto run = await(
                weight ? console->control.dryRun(RouteClient::weight(weight->percent, seen->value))
                       : console->control.dryRunHold(*change, seen->value.version));
            QVERIFY2(run, sentence(run));
            QCOMPARE(console->object(), before); // its resourceVersion too
            const auto done = await(
                weight
                    ? console->control.setWeight(RouteClient::weight(weight->percent, seen->value))
                    : console->control.setHold(*change, seen->value.version));
            QVERIFY2(done, sentence(done));
            QStringList changes = objectChanges(before, console->object());
            // The rehearsal's Gateway may have spoken since.
            changes.erase(std::remove_if(changes.begin(), changes.end(),
                                         [](const QString &each) {
                                             return each.startsWith(QLatin1String("status."));
                                         }),
                          changes.end());
            QCOMPARE(run->changes, changes);
            QVERIFY(!changes.isEmpty());
            QCOMPARE(cluster().accept(), QString());
            const auto accepts = [&console, asked = done->value.asked] {
                return await(console->control.read())->value.accepted == std::optional(asked);
            };
            QTRY_VERIFY_WITH_TIMEOUT(accepts(), patience);
        }
    }

    void aHoldIsSetAndLifted()
    {
        const auto console = this->console();
        const auto seen = await(console->control.read());
        QVERIFY2(seen, sentence(seen));
        const auto held = await(console->control.setHold(
            Hold{QStringLiteral("b-novak"), {}, QStringLiteral("wait"), {}}, seen->value.version));
        QVERIFY2(held, sentence(held));
        QCOMPARE(held->value.hold->by, QStringLiteral("b-novak"));
        const auto lifted = await(console->control.setHold({}, held->value.version));
        QVERIFY2(lifted, sentence(lifted));
        QVERIFY(!lifted->value.hold);
    }

    /// The console does not watch, so it is the server that finds the old version.
    void kubectlIsFasterAndTheLoserIsToldSo()
    {
        const auto console = this->console();
        toTen(*console);
        const auto seen = await(console->control.read());
        const QString theirs
            = QStringLiteral(R"([{"op":"replace","path":"/spec/rules/0/backendRefs/0/weight",)"
                             R"("value":80},{"op":"replace",)"
                             R"("path":"/spec/rules/0/backendRefs/1/weight","value":20}])");
        const QString said = cluster().kubectl(
            {QStringLiteral("patch"), QStringLiteral("httproute"), CanaryWorld::name(),
             QStringLiteral("-n"), QStringLiteral("production"), QStringLiteral("--type=json"),
             QStringLiteral("-p"), theirs});
        QVERIFY2(!said.startsWith(QLatin1String("ERROR")), qPrintable(said));
        const KubeRoute before = console->route();
        const auto ours = await(console->control.setWeight(RouteClient::weight(50, seen->value)));
        QVERIFY(!ours);
        QCOMPARE(ours.error().kind, ErrorKind::Conflict);
        QVERIFY2(ours.error().message.contains(QStringLiteral("changed by kubectl-patch")),
                 qPrintable(ours.error().message));
        QCOMPARE(console->http.count("PATCH"), 1);
        const KubeRoute after = console->route();
        QCOMPARE(after.meta.annotations, before.meta.annotations);
        QCOMPARE(after.meta.generation, before.meta.generation);
        QCOMPARE(after.rules[0][1].weight, 20);
        toTen(*console);
    }

    void anotherConsoleIsFasterAndTheLoserIsToldWhoseItIs()
    {
        const auto first = this->console();
        const auto second = this->console();
        toTen(*first);
        const auto seen = await(second->control.read());
        QVERIFY2(seen, sentence(seen));
        QVERIFY(await(first->control.setWeight(RouteClient::weight(50, seen->value))));
        const auto late = await(second->control.setWeight(RouteClient::weight(50, seen->value)));
        QVERIFY(!late);
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QVERIFY2(late.error().message.contains(QStringLiteral("mara (10 → 50 %)")),
                 qPrintable(late.error().message));
        QCOMPARE(second->http.count("PATCH"), 1);
        toTen(*first);
    }

    void aBackendThatIsAnotherOneNowIsAConflict()
    {
        const auto console = this->console();
        const KubeRoute before = console->route();
        const QJsonArray test{
            QJsonObject{
                {QStringLiteral("op"), QStringLiteral("test")},
                {QStringLiteral("path"), QStringLiteral("/spec/rules/0/backendRefs/1/name")},
                {QStringLiteral("value"), QStringLiteral("somebody-else")}},
            QJsonObject{
                {QStringLiteral("op"), QStringLiteral("add")},
                {QStringLiteral("path"), QStringLiteral("/spec/rules/0/backendRefs/1/weight")},
                {QStringLiteral("value"), 99}}};
        const auto answer
            = await(console->api.patch(CanaryWorld::routePath(), test, &console->control));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Conflict);
        QCOMPARE(console->route().rules[0][1].weight, before.rules[0][1].weight);
    }

    void aWeightBelowZeroIsRefusedWithTheServersReason()
    {
        const auto console = this->console();
        const KubeRoute before = console->route();
        const QJsonArray negative{QJsonObject{
            {QStringLiteral("op"), QStringLiteral("add")},
            {QStringLiteral("path"), QStringLiteral("/spec/rules/0/backendRefs/1/weight")},
            {QStringLiteral("value"), -1}}};
        const auto answer
            = await(console->api.patch(CanaryWorld::routePath(), negative, &console->control));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::BadInput);
        QVERIFY2(answer.error().message.contains(
                     QStringLiteral("weight in body should be greater than or equal to 0")),
                 qPrintable(answer.error().message));
        QCOMPARE(console->route().meta.resourceVersion, before.meta.resourceVersion);
    }

    void aTokenThatNobodyKnowsIsSignedOut()
    {
        const auto stranger = client(cluster().kubeconfig(User::Stranger));
        QVERIFY(stranger);
        const auto state = await(stranger->control.read());
        QVERIFY(!state);
        QCOMPARE(state.error().kind, ErrorKind::SignedOut);
        QVERIFY2(state.error().message.contains(QStringLiteral("(401). Sign in again.")),
                 qPrintable(state.error().message));
        const auto access = await(stranger->control.access());
        QVERIFY(!access);
        QCOMPARE(access.error().kind, ErrorKind::SignedOut);
    }

    void whoMayOnlyLookIsToldWhatIsLacking()
    {
        const auto reader = client(cluster().readersKubeconfig());
        QVERIFY(reader);
        const auto seen = await(reader->control.read());
        QVERIFY2(seen, sentence(seen));
        const auto access = await(reader->control.access());
        QVERIFY2(access, sentence(access));
        QVERIFY(!access->mayWrite);
        QCOMPARE(access->why, QStringLiteral("you lack patch on httproutes in production"));
        const auto written = await(reader->control.setWeight(RouteClient::weight(50, seen->value)));
        QVERIFY(!written);
        QCOMPARE(written.error().kind, ErrorKind::NotAllowed);
        QVERIFY2(written.error().message.contains(QStringLiteral("httproutes")),
                 qPrintable(written.error().message));
        QCOMPARE(reader->route().meta.resourceVersion, seen->value.version);
        QVERIFY(m_rehearsal->fault("kubernetes=none"));
    }
};

QTEST_GUILESS_MAIN(RouteOnServersTest)
#include "routetest.moc"

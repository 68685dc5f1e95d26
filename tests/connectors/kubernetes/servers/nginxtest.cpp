#include "controlclient.h"

#include "connectors/kubernetes/nginx/nginxcontrol.h"
#include "support/kube/kubeserver.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int patience = 20'000;

using User = KubeServer::User;
using Client = ControlClient<NginxControl>;

constexpr char ingressOfCanary[] = R"({
  "apiVersion": "networking.k8s.io/v1", "kind": "Ingress",
  "metadata": {"name": "web-canary", "annotations": {
    "nginx.ingress.kubernetes.io/canary": "true",
    "nginx.ingress.kubernetes.io/canary-weight": "10"}},
  "spec": {"rules": [{"host": "web.test", "http": {"paths": [{"path": "/", "pathType": "Prefix",
    "backend": {"service": {"name": "context-intelligence-canary", "port": {"number": 8000}}}}]}}]}
})";

const QString ingresses
    = QStringLiteral("/apis/networking.k8s.io/v1/namespaces/production/ingresses");

NginxNames nginxNames()
{
    NginxNames names;
    names.nameSpace = QStringLiteral("production");
    names.ingress = QStringLiteral("web-canary");
    names.stable = CanaryWorld::name();
    names.candidate = CanaryWorld::candidate();
    return names;
}

template <typename T>
QByteArray sentence(const Result<T> &result)
{
    return result ? QByteArray() : result.error().message.toUtf8();
}

} // namespace

/// The canary annotations of ingress-nginx on a real API server; its controller does not run.
class NginxOnServerTest final : public QObject
{
    Q_OBJECT

private:
    KubeServer m_server;

    [[nodiscard]] std::unique_ptr<Client> client(User user)
    {
        const auto context = readKubeconfig(m_server.kubeconfig(user), {});
        return context ? std::make_unique<Client>(
                   *context, NginxControl::Settings{nginxNames(), context->name})
                       : nullptr;
    }
    [[nodiscard]] QString weight() const
    {
        return m_server.admin()
            .ask("GET", ingresses + QStringLiteral("/web-canary"))
            .object[QLatin1String("metadata")][QLatin1String("annotations")]
                   [QLatin1String("nginx.ingress.kubernetes.io/canary-weight")]
            .toString();
    }

private Q_SLOTS:
    void initTestCase()
    {
        START_OR_SKIP(m_server);
        QCOMPARE(CanaryWorld(m_server.admin()).make(), QString());
    }
    void init()
    {
        (void)m_server.admin().ask("DELETE", ingresses + QStringLiteral("/web-canary"));
        QCOMPARE(m_server.admin().ask("POST", ingresses, ingressOfCanary).status, 201);
    }

    void aWeightIsWrittenAndTold()
    {
        const auto console = client(User::Console);
        console->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(10, 10), patience);
        QCOMPARE(console->told->value.stable->commit.value, CanaryWorld::stableCommit());
        QCOMPARE(console->told->value.candidate->commit.value, CanaryWorld::candidateCommit());
        const auto state
            = await(console->control.setWeight(RouteClient::weight(50, console->told->value)));
        QVERIFY2(state, sentence(state));
        QCOMPARE(weight(), QStringLiteral("50"));
        QCOMPARE(state->value.changes.first().to, Weight{50});
        QTRY_VERIFY_WITH_TIMEOUT(console->isTold(50, 50), patience);
    }

    void whoComesSecondMovesNothingAndIsToldWho()
    {
        const auto first = client(User::Console);
        const auto second = client(User::Console);
        const auto seen = await(first->control.read());
        QVERIFY2(seen, sentence(seen));
        QVERIFY(await(second->control.read()));
        QVERIFY(await(first->control.setWeight(RouteClient::weight(50, seen->value))));
        const auto late = await(second->control.setWeight(RouteClient::weight(100, seen->value)));
        QCOMPARE(late.error().kind, ErrorKind::Conflict);
        QVERIFY2(late.error().message.contains(QStringLiteral("changed by mara (")),
                 qPrintable(late.error().message));
        QCOMPARE(weight(), QStringLiteral("50"));
    }

    void aDryRunTellsAndLeavesEverything()
    {
        const auto console = client(User::Console);
        const auto seen = await(console->control.read());
        const auto run = await(console->control.dryRun(RouteClient::weight(50, seen->value)));
        QVERIFY2(run, sentence(run));
        QVERIFY2(
            run->changes.contains(QStringLiteral("metadata.annotations[nginx.ingress.kubernetes.io/"
                                                 "canary-weight]: 10 → 50")),
            qPrintable(run->changes.join(QLatin1Char('\n'))));
        QCOMPARE(weight(), QStringLiteral("10"));
    }

    void rightsAreTheServers()
    {
        const auto mayAct = await(client(User::Console)->control.access());
        QVERIFY2(mayAct, sentence(mayAct));
        QVERIFY(mayAct->mayWrite);
        const auto reader = client(User::Reader);
        QCOMPARE(await(reader->control.access())->why,
                 QStringLiteral("you lack patch on ingresses in production"));
        const auto seen = await(reader->control.read());
        QVERIFY2(seen, sentence(seen));
        QCOMPARE(
            await(reader->control.setWeight(RouteClient::weight(50, seen->value))).error().kind,
            ErrorKind::NotAllowed);
    }
};

QTEST_GUILESS_MAIN(NginxOnServerTest)
#include "nginxtest.moc"

#include "crash/arena.h"

#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "rollout/trafficannotations.h"

#include <QTest>

namespace pilothouse {
namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
constexpr int acceptedWithin = 20'000;

class RouteSeat final : public Ground::Seat
{
public:
    explicit RouteSeat(const KubeContext &context)
        : m_token(context), m_http(settings(context), m_token, m_clock),
          m_api(m_http, m_clock, context.server),
          m_control(m_api, m_clock,
                    {context.nameSpace,
                     {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                     {}})
    {}

    [[nodiscard]] Clock &clock() override { return m_clock; }
    [[nodiscard]] TrafficControl &control() override { return m_control; }

private:
    [[nodiscard]] static NetworkHttp::Settings settings(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        return settings;
    }

    SystemClock m_clock;
    KubeToken m_token;
    NetworkHttp m_http;
    KubernetesApi m_api;
    HttpRouteControl m_control;
};

} // namespace

void Arena::begin(int weight)
{
    QCOMPARE(world().reset(weight), QString());
    // The Gateway takes its time; a console would see the weight as not accepted yet.
    QTRY_VERIFY_WITH_TIMEOUT(CanaryWorld::isAccepted(world().route()), acceptedWithin);
}

Ground::Traffic Arena::traffic()
{
    const QJsonObject route = world().route();
    return {CanaryWorld::weightOf(route), CanaryWorld::versionOf(route),
            CanaryWorld::annotationOf(route, changesAnnotation),
            CanaryWorld::annotationOf(route, holdAnnotation)};
}

std::unique_ptr<Ground::Seat> Arena::seat(const QUrl &address) const
{
    const QTemporaryDir folder;
    auto context = readKubeconfig(kubeconfig(folder.path(), address), {});
    if (!context)
        qFatal("%s", qPrintable(context.error().message));
    context->caPem = authority();
    return std::make_unique<RouteSeat>(*context);
}

QByteArray Arena::control(const QString &folder, const QUrl &address) const
{
    if (kubeconfig(folder, address).isEmpty())
        return {};
    return "{kind: http-route, kubeconfig: kubeconfig, context: arena, namespace: production,\n"
           "              name: context-intelligence, stable: context-intelligence,\n"
           "              candidate: context-intelligence-canary}";
}

QString Arena::kubeconfig(const QString &folder, const QUrl &address) const
{
    const QString path = folder + QStringLiteral("/kubeconfig");
    QFile file(path);
    const QByteArray text = "apiVersion: v1\nkind: Config\ncurrent-context: arena\n"
                            "clusters:\n- name: arena\n  cluster: {server: '"
                            + address.toEncoded() + "'}\nusers:\n- name: console\n  user: {token: '"
                            + token()
                            + "'}\ncontexts:\n- name: arena\n"
                              "  context: {cluster: arena, user: console, namespace: production}\n";
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? path : QString();
}

QString RealArena::open()
{
    if (!m_server.start())
        return m_server.why();
    const QString made = world().make();
    m_gateway = std::make_unique<GatewayStandIn>(ask());
    return made;
}

QString RehearsalArena::open()
{
    m_server = std::make_unique<RehearsalServer>(
        atTenPerCent, QStringList{QStringLiteral("--speed"), QStringLiteral("10")});
    const auto context = m_server->context();
    if (!context)
        return m_server->complaint + context.error().message;
    m_url = context->server;
    m_token = context->token.expose();
    m_ask = std::make_unique<KubeAsk>(m_url, QSslConfiguration(), m_token);
    return {};
}

} // namespace pilothouse

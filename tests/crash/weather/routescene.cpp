#include "crash/weather/routescene.h"

#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "support/kube/canaryworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

namespace pilothouse {

using sandbox::ExchangePtr;

namespace {

constexpr int acceptedAfter = 15; // ms
const QString routesNamespace = QStringLiteral("production");

const sandbox::ResourceType &routes()
{
    return sandbox::resourceType("httproutes");
}

} // namespace

RouteScene::RouteScene()
    : m_api(m_store, Scene::token(), [](const ExchangePtr &, const QJsonObject &) {})
{
    auto listening
        = sandbox::Server::listen(0, [this](const ExchangePtr &exchange) { answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    m_server = std::move(*listening);
    KubeAsk ask(RouteScene::url(), {}, Scene::token());
    if (const QString failure = CanaryWorld(ask).make(); !failure.isEmpty())
        qFatal("the canary was not made: %s", qPrintable(failure));
    QObject::connect(&m_store, &sandbox::ObjectStore::written, &m_api,
                     [this](const sandbox::StoreEvent &event) { follow(event); });
}

RouteScene::~RouteScene()
{
    m_server.reset();
}

QUrl RouteScene::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
}

std::unique_ptr<TrafficControl> RouteScene::control(HttpClient &http, Clock &clock,
                                                    const QUrl &server)
{
    m_client = std::make_unique<KubernetesApi>(http, clock, server);
    return std::make_unique<HttpRouteControl>(
        *m_client, clock,
        HttpRouteControl::Settings{
            routesNamespace,
            {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
            {}});
}

QByteArray RouteScene::annotation(const char *key) const
{
    return CanaryWorld::annotationOf(route(), key);
}

QJsonObject RouteScene::route() const
{
    return m_store.get(routes(), routesNamespace, CanaryWorld::name()).value_or(QJsonObject());
}

void RouteScene::giveWeight(int weight)
{
    QJsonObject now = route();
    QJsonObject spec = now[QLatin1String("spec")].toObject();
    QJsonArray rules = spec[QLatin1String("rules")].toArray();
    QJsonObject rule = rules[0].toObject();
    QJsonArray backends = rule[QLatin1String("backendRefs")].toArray();
    for (int at = 0; at < 2; ++at) {
        QJsonObject backend = backends[at].toObject();
        backend.insert(QStringLiteral("weight"), at == 0 ? 100 - weight : weight);
        backends.replace(at, backend);
    }
    rule.insert(QStringLiteral("backendRefs"), backends);
    rules.replace(0, rule);
    spec.insert(QStringLiteral("rules"), rules);
    now.insert(QStringLiteral("spec"), spec);
    m_history.append(weight);
    (void)m_store.update(routes(), now, {QStringLiteral("helm"), {}, {}});
}

void RouteScene::answer(const ExchangePtr &exchange)
{
    const sandbox::Request &request = exchange->request;
    if (request.method == "PATCH" && !request.query.hasQueryItem(QStringLiteral("dryRun"))
        && request.body.contains("backendRefs")) {
        exchange->onReply = [this](int &status, sandbox::HeaderList &, QByteArray &) {
            if (status == 200)
                m_history.append(CanaryWorld::weightOf(route()));
        };
    }
    m_api.answer(exchange);
}

/// The Gateway.
void RouteScene::follow(const sandbox::StoreEvent &event)
{
    if (event.resource != routes().qualified()
        || event.object[QLatin1String("spec")] == event.before[QLatin1String("spec")])
        return;
    QTimer::singleShot(acceptedAfter, &m_api, [this] {
        QJsonObject now = route();
        const auto said
            = QJsonDocument::fromJson(CanaryWorld::acceptance(CanaryWorld::generationOf(now)));
        now.insert(QStringLiteral("status"), said[QLatin1String("status")]);
        (void)m_store.update(routes(), now,
                             {QStringLiteral("gateway"), QStringLiteral("status"), {}});
    });
}

std::unique_ptr<Scene> makeRouteScene()
{
    return std::make_unique<RouteScene>();
}

} // namespace pilothouse

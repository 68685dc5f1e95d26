#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "crash/weather/scene.h"
#include "support/kube/canaryworld.h"

#include <QJsonDocument>
#include <QTimer>

namespace pilothouse {
namespace {

using sandbox::ExchangePtr;

constexpr int acceptedAfter = 15; // ms

class RouteScene final : public Scene
{
public:
    RouteScene() : m_api(m_store, Scene::token(), [](const ExchangePtr &, const QJsonObject &) {})
    {
        auto listening
            = sandbox::Server::listen(0, [this](const ExchangePtr &exchange) { answer(exchange); });
        if (!listening)
            qFatal("%s", qPrintable(listening.error().message));
        m_server = std::move(*listening);
        KubeAsk ask(url(), {}, Scene::token());
        if (const QString failure = CanaryWorld(ask).make(); !failure.isEmpty())
            qFatal("the canary was not made: %s", qPrintable(failure));
        QObject::connect(&m_store, &sandbox::ObjectStore::written, &m_api,
                         [this](const sandbox::StoreEvent &event) { follow(event); });
    }
    ~RouteScene() override { m_server.reset(); }

    [[nodiscard]] QString name() const override { return QStringLiteral("HTTPRoute"); }
    [[nodiscard]] QUrl url() const override
    {
        return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_server->port()));
    }
    [[nodiscard]] std::unique_ptr<TrafficControl> control(HttpClient &http, Clock &clock,
                                                          const QUrl &server) override
    {
        m_client = std::make_unique<KubernetesApi>(http, clock, server);
        return std::make_unique<HttpRouteControl>(
            *m_client, clock,
            HttpRouteControl::Settings{
                QStringLiteral("production"),
                {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                {}});
    }
    [[nodiscard]] StepRules::AfterFull afterFull() const override
    {
        return StepRules::AfterFull::StableIsReplaced;
    }
    [[nodiscard]] QList<int> history() const override { return m_history; }
    [[nodiscard]] QByteArray annotation(const char *key) const override
    {
        return CanaryWorld::annotationOf(route(), key);
    }

private:
    [[nodiscard]] static const sandbox::ResourceType &routes()
    {
        return sandbox::resourceType("httproutes");
    }
    [[nodiscard]] QJsonObject route() const
    {
        return m_store.get(routes(), QStringLiteral("production"), CanaryWorld::name())
            .value_or(QJsonObject());
    }
    void answer(const ExchangePtr &exchange)
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
    void follow(const sandbox::StoreEvent &event)
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

    sandbox::ObjectStore m_store{1};
    sandbox::ApiServer m_api;
    std::unique_ptr<sandbox::Server> m_server;
    std::unique_ptr<KubernetesApi> m_client;
    QList<int> m_history{10};
};

} // namespace

std::unique_ptr<Scene> makeRouteScene()
{
    return std::make_unique<RouteScene>();
}

} // namespace pilothouse

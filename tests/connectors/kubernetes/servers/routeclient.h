#pragma once

#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "support/await.h"
#include "support/kube/canaryworld.h"

#include <QJsonDocument>

#include <functional>

namespace pilothouse {

/// Passes everything on, and shows it to a test.
class WatchedHttp final : public HttpClient
{
public:
    explicit WatchedHttp(HttpClient &client) : m_client(client) {}

    std::function<void(const HttpRequest &)> beforeSending = [](const HttpRequest &) {
    };
    QList<HttpRequest> sent;
    QByteArray streamed; ///< of all streams together

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        beforeSending(request);
        sent.append(request);
        return m_client.send(request);
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        auto stream = m_client.stream(request);
        QObject::connect(stream.get(), &HttpStream::bytesArrived, &m_context,
                         [this](const QByteArray &bytes) { streamed += bytes; });
        return stream;
    }
    [[nodiscard]] int count(const QByteArray &method) const
    {
        return int(std::count_if(sent.cbegin(), sent.cend(),
                                 [&](const HttpRequest &each) { return each.method == method; }));
    }

private:
    HttpClient &m_client;
    QObject m_context;
};

/// One console's way to an API server, and what its HttpRouteControl has told.
struct RouteClient
{
    explicit RouteClient(const KubeContext &context)
        : token(context), network(settings(context), token, clock), http(network),
          api(http, clock, context.server), control(api, clock, routeSettings(context))
    {
        QObject::connect(&control, &TrafficControl::changed, &control,
                         [this](const Reading<TrafficState> &state) {
                             told = state;
                             lost.reset();
                         });
        QObject::connect(&control, &TrafficControl::lost, &control,
                         [this](const Error &error) { lost = error; });
    }

    static NetworkHttp::Settings settings(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        settings.tls.clientCertificatePem = context.clientCertificatePem;
        settings.tls.clientKeyPem = context.clientKeyPem;
        return settings;
    }
    static HttpRouteControl::Settings routeSettings(const KubeContext &context)
    {
        return {context.nameSpace,
                {CanaryWorld::name(), CanaryWorld::name(), CanaryWorld::candidate(), {}},
                context.name};
    }

    /// A request of the actor "mara" on top of what was seen.
    [[nodiscard]] static WeightRequest weight(int percent, const TrafficState &seen)
    {
        WeightRequest request;
        request.candidate = Weight{percent};
        request.expectedVersion = seen.version;
        request.candidateCommit = seen.candidate ? seen.candidate->commit : CommitId();
        request.actor = QStringLiteral("mara");
        request.intent = IntentId(QStringLiteral("i1"));
        return request;
    }
    [[nodiscard]] bool isTold(int asked, std::optional<int> accepted) const
    {
        return told && told->value.asked.percent == asked
               && told->value.accepted.has_value() == accepted.has_value()
               && (!accepted || told->value.accepted->percent == *accepted);
    }
    [[nodiscard]] QJsonObject object()
    {
        const auto answer = await(api.get(CanaryWorld::routePath(), &control));
        return answer ? answer->object : QJsonObject();
    }
    [[nodiscard]] KubeRoute route() { return decodeRoute(object()).value_or(KubeRoute()); }

    SystemClock clock;
    KubeToken token;
    NetworkHttp network;
    WatchedHttp http;
    KubernetesApi api;
    HttpRouteControl control;
    std::optional<Reading<TrafficState>> told;
    std::optional<Error> lost;
};

} // namespace pilothouse

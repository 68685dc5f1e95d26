#include "kubernetesfixture.h"

namespace pilothouse::sandbox {

namespace {

constexpr const char *newRoute
    = R"({"metadata":{"name":"app","labels":{"team":"context"}},"spec":{"rules":[{"backendRefs":[)"
      R"({"name":"app","port":80,"weight":90},{"name":"app-canary","port":80,"weight":10}]}]}})";

} // namespace

QJsonObject part(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toObject();
}

QString textOf(const QJsonObject &object, const char *name)
{
    return object.value(QLatin1String(name)).toString();
}

int weightOf(const QJsonObject &object)
{
    return part(object, "spec")
        .value(QLatin1String("rules"))[0][QLatin1String("backendRefs")][1][QLatin1String("weight")]
        .toInt(-1);
}

QString versionOf(const QJsonObject &object)
{
    return metadataText(object, "resourceVersion");
}

KubernetesFixture::KubernetesFixture()
    : store(std::make_unique<ObjectStore>(1)),
      api(std::make_unique<ApiServer>(*store, "secret-token",
                                      [](const ExchangePtr &, const QJsonObject &) {}))
{
    auto listening
        = Server::listen(0, [this](const ExchangePtr &exchange) { api->answer(exchange); });
    if (!listening)
        qFatal("%s", qPrintable(listening.error().message));
    server = std::move(*listening);
    client = std::make_unique<HttpClient>(server->port());
    client->headers = {{"Authorization", "Bearer secret-token"}};
    const HttpAnswer made
        = client->call("POST", routes + QStringLiteral("?fieldManager=helm"), newRoute);
    if (made.status != 201)
        qFatal("the route was not made: %d", made.status);
}

KubernetesFixture::~KubernetesFixture()
{
    server.reset();
}

HttpAnswer KubernetesFixture::patchWeight(int weight, const QString &version,
                                          const QString &query) const
{
    const QByteArray body
        = R"([{"op":"test","path":"/metadata/resourceVersion","value":")" + version.toLatin1()
          + R"("},{"op":"replace","path":"/spec/rules/0/backendRefs/1/weight","value":)"
          + QByteArray::number(weight) + "}]";
    return client->call("PATCH", route + query, body, jsonPatch);
}

HttpAnswer KubernetesFixture::patchWeight(int weight) const
{
    return patchWeight(weight, versionOf(routeNow()));
}

HttpAnswer KubernetesFixture::addMap(const QByteArray &name, const QByteArray &track) const
{
    return client->call("POST", maps,
                        R"({"metadata":{"name":")" + name + R"(","labels":{"track":")" + track
                            + R"("}},"data":{"k":"v"}})");
}

} // namespace pilothouse::sandbox

#pragma once

#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "httpclient.h"

#include <memory>

namespace pilothouse::sandbox {

inline const QString routes
    = QStringLiteral("/apis/gateway.networking.k8s.io/v1/namespaces/production/httproutes");
inline const QString route = routes + QStringLiteral("/app");
inline const QString maps = QStringLiteral("/api/v1/namespaces/production/configmaps");
inline const HttpHeaders jsonPatch{{"Content-Type", "application/json-patch+json"}};
inline const HttpHeaders mergePatch{{"Content-Type", "application/merge-patch+json"}};

/// An API server with one HTTPRoute `app` at 10 %, made by Helm, and a client with its token.
class KubernetesFixture
{
public:
    KubernetesFixture();
    ~KubernetesFixture();

    /// The patch of a careful client: it tests the version first.
    [[nodiscard]] HttpAnswer patchWeight(int weight, const QString &version,
                                         const QString &query = {}) const;
    /// The same on whatever is there now.
    [[nodiscard]] HttpAnswer patchWeight(int weight) const;
    HttpAnswer addMap(const QByteArray &name, const QByteArray &track) const;
    [[nodiscard]] QJsonObject routeNow() const { return client->get(route).json(); }

    std::unique_ptr<ObjectStore> store;
    std::unique_ptr<ApiServer> api;
    std::unique_ptr<Server> server;
    std::unique_ptr<HttpClient> client;
};

[[nodiscard]] QJsonObject part(const QJsonObject &object, const char *name);
[[nodiscard]] QString textOf(const QJsonObject &object, const char *name);
/// Weight of the second backend; -1 if there is none.
[[nodiscard]] int weightOf(const QJsonObject &route);
[[nodiscard]] QString versionOf(const QJsonObject &object);

} // namespace pilothouse::sandbox

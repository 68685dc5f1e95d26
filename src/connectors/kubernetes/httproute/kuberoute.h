#pragma once

#include "connectors/kubernetes/watched/objectmeta.h"

namespace pilothouse {

struct KubeBackend
{
    QString service; ///< of the route's own namespace; empty = something else
    int weight = 1;  ///< 0 to 1,000,000, a share of the sum
};

/// What one Gateway says of a route.
struct KubeRouteParent
{
    std::optional<qint64> observedGeneration; ///< the oldest of its conditions; nullopt = none told
    bool accepted = false;
    QString problem; ///< conditions that are not well, in the controller's words
};

using KubeRules = QList<QList<KubeBackend>>;
/// Of an HTTPRoute's spec, as it lives or as it is to be applied.
[[nodiscard]] KubeRules decodeRules(const JsonReader &spec, const QString &nameSpace);

/// A Gateway API HTTPRoute.
struct KubeRoute
{
    KubeMeta meta;
    KubeRules rules;
    int wantedParents = 0; ///< Gateways that the spec names
    QList<KubeRouteParent> parents;
};
[[nodiscard]] Result<KubeRoute> decodeRoute(const QJsonObject &object);

} // namespace pilothouse

#pragma once

#include "connectors/kubernetes/httproute/kuberoute.h"
#include "connectors/kubernetes/watched/backendsworld.h"

namespace pilothouse {

/// Which route and which of its backends a track moves.
struct RouteNames
{
    QString route;
    QString stable;    ///< Service
    QString candidate; ///< Service
    CommitFrom commitFrom;
};

/// An HTTPRoute and what stands behind its two Services.
class RouteWorld final : public BackendsWorld
{
public:
    RouteWorld(const QString &nameSpace, RouteNames names);

    [[nodiscard]] const KubeMeta *guarded() const override;
    [[nodiscard]] TrafficState guardedState() const override;
    [[nodiscard]] Result<TrafficState> state() const override;

    [[nodiscard]] const RouteNames &names() const { return m_names; }
    /// Those that make the Pods behind the stable Service.
    [[nodiscard]] QList<KubeDeployment> stableDeployments() const;
    /// nullptr while it is not known.
    [[nodiscard]] const KubeRoute *route() const { return m_routes.find(m_names.route); }

private:
    [[nodiscard]] std::optional<Error> missing() const;

    RouteNames m_names;
    StoreOf<KubeRoute> m_routes;
};

} // namespace pilothouse

#pragma once

#include "connectors/kubernetes/httproute/routeworld.h"
#include "connectors/kubernetes/watched/watchedcontrol.h"

namespace pilothouse {

/// The weights of a Gateway API HTTPRoute between two Services of its namespace, written by JSON
/// patches that test the version and both backend names.
class HttpRouteControl final : public WatchedControl
{
    Q_OBJECT

public:
    struct Settings
    {
        QString nameSpace;
        RouteNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
        Deploys deploys = Deploys::ByThis;
    };

    HttpRouteControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                     QObject *parent = nullptr);

    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    /// Those that make the Pods behind the stable Service, as known last.
    [[nodiscard]] QList<KubeDeployment> stableDeployments() const
    {
        return world().stableDeployments();
    }

private:
    [[nodiscard]] const RouteWorld &world() const
    {
        return static_cast<const RouteWorld &>(clusterWorld());
    }
    [[nodiscard]] Writes weightWrites(const WeightRequest &request) const;
};

} // namespace pilothouse

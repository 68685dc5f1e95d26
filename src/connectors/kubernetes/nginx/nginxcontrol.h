#pragma once

#include "connectors/kubernetes/nginx/canaryingress.h"
#include "connectors/kubernetes/watched/watchedcontrol.h"

namespace pilothouse {

/// The canary weight of ingress-nginx, in the annotations of a second Ingress. That project is
/// retired, so this adapter is thin: it reads and writes the weight, and nothing confirms that the
/// controller follows it. What begins anew should take an HTTPRoute.
class NginxControl final : public WatchedControl
{
    Q_OBJECT

public:
    struct Settings
    {
        NginxNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
        Deploys deploys = Deploys::ByThis;
    };

    NginxControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                 QObject *parent = nullptr);

    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;

private:
    [[nodiscard]] const NginxWorld &world() const
    {
        return static_cast<const NginxWorld &>(clusterWorld());
    }
    [[nodiscard]] Writes weightWrites(const WeightRequest &request) const;
};

} // namespace pilothouse

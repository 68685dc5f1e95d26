#include "app/wiring/trackcontrols.h"

#include "app/wiring/clustercontrols.h"
#include "app/wiring/connections.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/wayback/helmwayback.h"

namespace pilothouse {

std::vector<LogSource *> TrackLogs::sources() const
{
    std::vector<LogSource *> all;
    for (const auto &each : pods)
        all.push_back(each.get());
    for (const auto &each : helm)
        all.push_back(each.get());
    return all;
}

std::unique_ptr<TrafficControl> controlOf(const TrackSettings &track, Connections &connections,
                                          CommandRunner &runner, Clock &clock, TrackLogs &logs)
{
    const auto addPods = [&](KubernetesApi &api, const QString &nameSpace) {
        logs.pods.push_back(std::make_unique<PodLogs>(api, clock, track.name, nameSpace));
        logs.places.append({track.name.value, &api, nameSpace, track.name, {}, {}});
    };
    const auto lost = [&](const QString &system, const Error &error) {
        logs.places.append({track.name.value, nullptr, {}, track.name, {}, error});
        return std::make_unique<LostControl>(system, error);
    };
    if (const ClusterPlace *place = placeOf(track.control)) {
        const auto *helm = std::get_if<HelmSettings>(&track.control);
        const auto cluster = connections.cluster(place->kubeconfig, place->context);
        if (!cluster)
            return lost(helm ? QStringLiteral("Helm") : QStringLiteral("Kubernetes"),
                        cluster.error());
        addPods((*cluster)->api, place->nameSpace);
        const auto withLog = [&](auto control) -> std::unique_ptr<TrafficControl> {
            logs.helm.push_back(std::make_unique<HelmLog>(*control, clock, track.name));
            return control;
        };
        if (helm)
            return withLog(connections.helm(*helm, **cluster, runner, track.commitFrom));
        if (const auto *route = std::get_if<HttpRouteSettings>(&track.control))
            return withLog(connections.httpRoute(*route, **cluster, runner, track.commitFrom));
        return clusterControl(track, (*cluster)->api, clock, (*cluster)->context.name);
    }
    return connections.cloudRun(std::get<CloudRunSettings>(track.control), track.commitFrom);
}

} // namespace pilothouse

#include "app/wiring/clustercontrols.h"

#include "connectors/kubernetes/argo/argocontrol.h"
#include "connectors/kubernetes/flagger/flaggercontrol.h"
#include "connectors/kubernetes/istio/istiocontrol.h"
#include "connectors/kubernetes/nginx/nginxcontrol.h"

namespace pilothouse {

std::unique_ptr<TrafficControl> clusterControl(const TrackSettings &track, KubernetesApi &api,
                                               Clock &clock, const QString &context)
{
    if (const auto *argo = std::get_if<ArgoRolloutSettings>(&track.control)) {
        return std::make_unique<ArgoControl>(
            api, clock,
            ArgoControl::Settings{{argo->at.nameSpace, argo->name, track.commitFrom}, context});
    }
    if (const auto *nginx = std::get_if<NginxCanarySettings>(&track.control)) {
        const NginxNames names{nginx->at.nameSpace, nginx->name,   nginx->stable,
                               nginx->candidate,    nginx->prefix, track.commitFrom};
        return std::make_unique<NginxControl>(api, clock, NginxControl::Settings{names, context});
    }
    if (const auto *istio = std::get_if<IstioSettings>(&track.control)) {
        const IstioNames names{istio->at.nameSpace,
                               istio->name,
                               {istio->stable, istio->stableSubset},
                               {istio->candidate, istio->candidateSubset},
                               track.commitFrom};
        return std::make_unique<IstioControl>(api, clock, IstioControl::Settings{names, context});
    }
    if (const auto *flagger = std::get_if<FlaggerSettings>(&track.control)) {
        return std::make_unique<FlaggerControl>(
            api, clock,
            FlaggerControl::Settings{{flagger->at.nameSpace, flagger->name, track.commitFrom},
                                     context});
    }
    return nullptr;
}

} // namespace pilothouse

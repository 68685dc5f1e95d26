#pragma once

#include "connectors/kubernetes/istio/virtualservice.h"
#include "connectors/kubernetes/watched/lookonlycontrol.h"

namespace pilothouse {

/// The weights of an Istio VirtualService: read only. Argo Rollouts, Flagger, Helm or a repository
/// usually own them and write them again; who does, and what to do instead, is said.
class IstioControl final : public LookOnlyControl
{
    Q_OBJECT

public:
    struct Settings
    {
        IstioNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
    };

    IstioControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                 QObject *parent = nullptr);

protected:
    [[nodiscard]] QString whatInstead() const override;
};

} // namespace pilothouse

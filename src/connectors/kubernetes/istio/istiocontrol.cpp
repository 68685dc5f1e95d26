#include "connectors/kubernetes/istio/istiocontrol.h"

#include "connectors/kubernetes/istio/weightmanager.h"

namespace pilothouse {

IstioControl::IstioControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                           QObject *parent)
    : LookOnlyControl(api, clock,
                      {settings.context, settings.names.nameSpace,
                       QStringLiteral("virtualservices.networking.istio.io"),
                       settings.names.virtualService},
                      std::make_unique<IstioWorld>(settings.names), parent)
{}

QString IstioControl::whatInstead() const
{
    const KubeMeta *meta = clusterWorld().guarded();
    return insteadOfWriting(meta ? weightManager(*meta) : WeightManager(), settings().name);
}

} // namespace pilothouse

#include "connectors/kubernetes/flagger/flaggercontrol.h"

namespace pilothouse {

FlaggerControl::FlaggerControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                               QObject *parent)
    : LookOnlyControl(api, clock,
                      {settings.context, settings.names.nameSpace,
                       QStringLiteral("canaries.flagger.app"), settings.names.canary},
                      std::make_unique<FlaggerWorld>(settings.names), parent)
{}

QString FlaggerControl::whatInstead() const
{
    const auto &world = static_cast<const FlaggerWorld &>(clusterWorld());
    return insteadOfMoving(world.canary() ? *world.canary() : FlaggerCanary());
}

} // namespace pilothouse

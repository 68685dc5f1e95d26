#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "rollout/trafficcontrol.h"

namespace pilothouse {

/// What an account is asked to be allowed: patch, on every one of these.
struct PatchRight
{
    QString nameSpace;
    QString group;
    QStringList resources; ///< "rollouts", "rollouts/status"
    QString name;
};

/// Asks the cluster itself (SelfSubjectAccessReview), one resource after the other, until one is
/// refused. Malformed if it does not say. The future is cancelled with `context`.
[[nodiscard]] QFuture<Result<TrafficAccess>> mayPatch(KubernetesApi &api, QObject *context,
                                                      const PatchRight &right);

} // namespace pilothouse

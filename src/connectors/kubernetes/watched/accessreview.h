#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "rollout/trafficcontrol.h"

#include <optional>

namespace pilothouse {

/// One thing that an account is allowed, or not.
struct AccessRight
{
    QString nameSpace;
    QString verb;     ///< "patch"
    QString group;    ///< of the API; empty = the core's
    QString resource; ///< "rollouts", "rollouts/status"
    QString name;     ///< empty = all of them
};

/// Asks the cluster itself (SelfSubjectAccessReview), one right after the other, until one is
/// refused: that one, or nothing when the account has them all. Malformed if it does not say. The
/// future is cancelled with `context`.
[[nodiscard]] QFuture<Result<std::optional<AccessRight>>>
firstRefused(KubernetesApi &api, QObject *context, const QList<AccessRight> &rights);

/// What an account is asked to be allowed: patch, on every one of these.
struct PatchRight
{
    QString nameSpace;
    QString group;
    QStringList resources; ///< "rollouts", "rollouts/status"
    QString name;
};

/// `firstRefused`, in words.
[[nodiscard]] QFuture<Result<TrafficAccess>> mayPatch(KubernetesApi &api, QObject *context,
                                                      const PatchRight &right);

} // namespace pilothouse

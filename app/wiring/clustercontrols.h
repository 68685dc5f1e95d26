#pragma once

#include "connectors/kubernetes/kubernetesapi.h"
#include "rollout/trafficcontrol.h"
#include "workspace/workspace.h"

#include <memory>

namespace pilothouse {

/// The traffic control of a track that moves by an object of a cluster, without a program;
/// `context` is the kubeconfig's name for it, for the commands shown. nullptr for the others.
[[nodiscard]] std::unique_ptr<TrafficControl> clusterControl(const TrackSettings &track,
                                                             KubernetesApi &api, Clock &clock,
                                                             const QString &context);

} // namespace pilothouse

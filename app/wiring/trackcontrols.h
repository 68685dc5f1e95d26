#pragma once

#include "connectors/kubernetes/events/kubernetesevents.h"
#include "connectors/kubernetes/helm/helmlog.h"
#include "connectors/kubernetes/podlogs.h"
#include "rollout/trafficcontrol.h"
#include "workspace/workspace.h"

#include <memory>
#include <vector>

namespace pilothouse {

class CommandRunner;
class Connections;

/// What comes with the tracks besides their control: logs, and where their clusters are asked.
struct TrackLogs
{
    QList<KubernetesEvents::Place> places;
    std::vector<std::unique_ptr<PodLogs>> pods;
    std::vector<std::unique_ptr<HelmLog>> helm;

    [[nodiscard]] std::vector<LogSource *> sources() const;
};

/// The traffic control of a track; one whose kubeconfig cannot be read says so each time it is
/// asked. What it brings besides goes into `logs`. All that it is given outlives it.
[[nodiscard]] std::unique_ptr<TrafficControl> controlOf(const TrackSettings &track,
                                                        Connections &connections,
                                                        CommandRunner &runner, Clock &clock,
                                                        TrackLogs &logs);

} // namespace pilothouse

#pragma once

#include "connectors/kubernetes/events/podconfigmaps.h"
#include "release/oncall/lastknownkeeper.h"
#include "release/oncall/oncall.h"
#include "release/pods/trackpods.h"

#include <memory>
#include <vector>

namespace pilothouse {

/// The screen of a night with what only it and the pods' strips need. All that it is made of
/// outlives it.
class OnCallParts final
{
public:
    struct Settings
    {
        QString lastKnownFile;
        QList<KubernetesEvents::Place> places;
        std::vector<LogSource *> podLogs;
        MetricSource *metrics = nullptr;      ///< nullptr = there is none
        PipelineController *ciHost = nullptr; ///< nullptr = there is none
    };

    OnCallParts(const Settings &settings, const QList<RolloutController *> &tracks,
                ReleaseController &release, MigrationController &migrations, Clock &clock);

    [[nodiscard]] OnCall &onCall() { return m_onCall; }
    [[nodiscard]] QList<TrackPods *> pods() const;

private:
    KubernetesEvents m_events;
    PodConfigMaps m_configMaps;
    std::vector<std::unique_ptr<TrackPods>> m_pods;
    LastKnownKeeper m_lastKnown;
    OnCall m_onCall;
};

} // namespace pilothouse

#include "app/wiring/oncallparts.h"

namespace pilothouse {

OnCallParts::OnCallParts(const Settings &settings, const QList<RolloutController *> &tracks,
                         ReleaseController &release, MigrationController &migrations, Clock &clock)
    : m_events(settings.places), m_configMaps(settings.places),
      m_lastKnown(settings.lastKnownFile, tracks, release, clock),
      m_onCall(release, tracks, migrations, clock)
{
    for (RolloutController *track : tracks) {
        m_pods.push_back(
            std::make_unique<TrackPods>(*track, settings.podLogs, settings.metrics, clock));
        m_onCall.addPods(*m_pods.back());
    }
    m_onCall.setLastKnown(m_lastKnown);
    if (settings.ciHost)
        m_onCall.setCiHost(*settings.ciHost);
    if (!settings.places.isEmpty()) {
        m_onCall.setClusterEvents(m_events);
        release.setConfigMaps(m_configMaps);
    }
}

QList<TrackPods *> OnCallParts::pods() const
{
    QList<TrackPods *> all;
    for (const auto &each : m_pods)
        all.append(each.get());
    return all;
}

} // namespace pilothouse

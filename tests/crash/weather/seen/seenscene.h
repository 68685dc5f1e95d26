#pragma once

#include "crash/weather/routescene.h"
#include "release/oncall/clusterevents.h"

namespace pilothouse {

/// The cluster of the canary, with what it remembers of the last hour: two revisions of the Helm
/// release that made the stable, a config map that a Pod of the candidate takes, a cron job and its
/// Job.
class SeenScene final : public RouteScene
{
public:
    SeenScene();

    [[nodiscard]] static QString nameSpace() { return QStringLiteral("production"); }
    /// The last hour, of one Pod of each revision.
    [[nodiscard]] static ClusterQuestion question();

private:
    void own(const QString &deployment);
    void takeConfig(const QString &pod);
    void create(const char *plural, QJsonObject object);
};

} // namespace pilothouse

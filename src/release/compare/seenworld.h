#pragma once

#include "migration/change.h"
#include "rollout/trafficcontrol.h"

#include <QHash>
#include <QList>

namespace pilothouse {

class MigrationController;
class RolloutController;

/// The image that a place runs for a commit.
struct SeenImage
{
    QString where; ///< a track
    CommitId commit;
    QString digest;

    bool operator==(const SeenImage &) const = default;
};

/// What the live world tells about commits, beside what Git does.
struct SeenWorld
{
    QList<SeenImage> images;           ///< known commits with a known digest only
    QHash<ChangeName, QString> phases; ///< "EXPANDED on staging · MIGRATE 62 % on context"

    bool operator==(const SeenWorld &) const = default;
};

/// Of one track: its stable revision, its candidate, and what else can be reached.
[[nodiscard]] QList<SeenImage> imagesIn(const TrackName &track, const TrafficState &traffic);
/// Of what was read last; nothing is asked.
[[nodiscard]] SeenWorld seenWorld(const QList<RolloutController *> &tracks,
                                  const MigrationController *migrations);

} // namespace pilothouse

#include "release/compare/seenworld.h"

#include "base/words.h"
#include "migration/migrationcontroller.h"
#include "rollout/rolloutcontroller.h"

namespace pilothouse {

QList<SeenImage> imagesIn(const TrackName &track, const TrafficState &traffic)
{
    QList<RevisionState> revisions = traffic.reachable;
    if (traffic.candidate)
        revisions.prepend(*traffic.candidate);
    if (traffic.stable)
        revisions.prepend(*traffic.stable);
    QList<SeenImage> seen;
    for (const RevisionState &each : std::as_const(revisions)) {
        if (!each.commit.value.isEmpty() && !each.imageDigest.isEmpty() && !each.mixed)
            seen.append({track.value, each.commit, each.imageDigest});
    }
    return seen;
}

SeenWorld seenWorld(const QList<RolloutController *> &tracks, const MigrationController *migrations)
{
    SeenWorld seen;
    for (const RolloutController *track : tracks) {
        if (track->traffic())
            seen.images += imagesIn(track->track(), track->traffic()->value);
    }
    if (!migrations)
        return seen;
    for (const ChangeKey &key : migrations->keys()) {
        const auto view = migrations->view(key);
        if (!view || !view->facts)
            continue;
        QString &words = seen.phases[key.change];
        if (!words.isEmpty())
            words += QStringLiteral(" · ");
        words += Words::tr("%1 on %2").arg(view->stateWords, key.database);
    }
    return seen;
}

} // namespace pilothouse

#include "release/leaving.h"

#include "base/words.h"
#include "rollout/guard/guardreasons.h"
#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"

#include <algorithm>

namespace pilothouse {
namespace {

LeftTrack leftOf(const RolloutController &track)
{
    LeftTrack left;
    left.track = track.track();
    const Phase phase = track.state().phase;
    left.inFlight = isGuarded(phase) || phase == Phase::RollingBack;
    left.underWay = track.busy();
    if (const auto &armed = track.guard().armed())
        left.armedBy = armed->by;
    else if (track.guard().view().kind == GuardView::Kind::Elsewhere)
        left.elsewhere = track.guard().view().words;
    else
        left.guard = track.guard().view().words;
    left.headless = track.settings().headlessGuard;
    if (const auto &reading = track.traffic()) {
        const TrafficState &traffic = reading->value;
        left.weight = traffic.asked;
        if (traffic.candidate)
            left.candidate = traffic.candidate->commit;
        if (traffic.stable)
            left.stable = traffic.stable->commit;
        if (!traffic.changes.isEmpty()) {
            left.since = traffic.changes.first().at;
            left.by = traffic.changes.first().actor;
        }
    }
    left.rollBack = track.rollbackLabel();
    left.whyNot = track.mayRollBack().first(Reason::Kind::Blocks);
    return left;
}

} // namespace

bool Leaving::leavesTraffic() const
{
    return std::any_of(tracks.cbegin(), tracks.cend(),
                       [](const LeftTrack &track) { return track.inFlight; });
}

Leaving leavingOf(const QList<RolloutController *> &tracks, const MigrationController &migrations)
{
    Leaving leaving;
    for (const RolloutController *track : tracks) {
        const LeftTrack left = leftOf(*track);
        if (left.inFlight || left.underWay || !left.armedBy.isEmpty())
            leaving.tracks.append(left);
    }
    for (const ChangeKey &key : migrations.keys()) {
        const auto view = migrations.view(key);
        if (view && view->running)
            leaving.steps.append({key.change.value, stepWord(view->running->current)});
    }
    return leaving;
}

QHash<TrackName, QString> closingNotes(const Leaving &leaving,
                                       const QHash<TrackName, QString> &headless)
{
    QHash<TrackName, QString> notes;
    for (const LeftTrack &track : leaving.tracks) {
        const QString watch = headless.value(track.track);
        if (track.inFlight)
            notes.insert(track.track,
                         Words::tr("closed with %1 at %2 %, %3")
                             .arg(track.track.value)
                             .arg(track.weight.percent)
                             .arg(!watch.isEmpty() ? watch
                                  : !track.elsewhere.isEmpty()
                                      ? Words::tr("guarded elsewhere: %1").arg(track.elsewhere)
                                  : track.armedBy.isEmpty()
                                      ? Words::tr("no guard")
                                      : Words::tr("no guard: its guard ended with the window")));
        else if (!track.armedBy.isEmpty())
            notes.insert(
                track.track,
                Words::tr("closed: the guard of %1 ended with the window").arg(track.track.value));
    }
    return notes;
}

} // namespace pilothouse

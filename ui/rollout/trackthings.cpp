#include "ui/rollout/trackthings.h"

#include "base/words.h"
#include "release/things/namedthings.h"
#include "rollout/rolloutcontroller.h"

namespace pilothouse {
namespace {

QString standingOf(const RolloutController &track)
{
    QStringList words;
    const auto &traffic = track.traffic();
    if (traffic && traffic->value.candidate && !traffic->value.candidate->commit.value.isEmpty())
        words << Words::tr("candidate %1 at %2 %")
                     .arg(shortSha(traffic->value.candidate->commit))
                     .arg(traffic->value.asked.percent);
    if (traffic && traffic->value.stable && !traffic->value.stable->commit.value.isEmpty())
        words << Words::tr("stable %1").arg(shortSha(traffic->value.stable->commit));
    words << track.nextAction().sentence;
    return words.join(QStringLiteral(", "));
}

} // namespace

QList<Thing> trackThings(const RolloutController &track)
{
    QList<Thing> things{trackThing(track.track(), standingOf(track))};
    const auto &traffic = track.traffic();
    if (traffic && traffic->value.candidate)
        things << revisionThing(track.track(), *traffic->value.candidate, Words::tr("candidate"));
    if (traffic && traffic->value.stable)
        things << revisionThing(track.track(), *traffic->value.stable, Words::tr("stable"));
    return things;
}

QList<Thing> alertThings(const RolloutController &track)
{
    QList<Thing> things;
    for (const Alert &alert : track.alerts())
        things << alertThing(
            alert.name, alert.annotations.value(QStringLiteral("summary")).isEmpty()
                            ? alert.state
                            : Words::tr("%1: %2").arg(
                                alert.state, alert.annotations.value(QStringLiteral("summary"))));
    return things + trackThings(track);
}

QList<Thing> podThings(const RolloutController &track, const QString &pod)
{
    QList<Thing> things;
    if (!pod.isEmpty())
        things << podThing(track.track(), pod);
    return things + trackThings(track);
}

} // namespace pilothouse

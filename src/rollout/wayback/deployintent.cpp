#include "rollout/wayback/deployintent.h"

#include "base/words.h"

#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr QLatin1String releaseKey("deployOf"); ///< EarlierDeploy::release
constexpr QLatin1String numberKey("deploy");    ///< EarlierDeploy::number
constexpr QLatin1String liveKey("deployLive");  ///< EarlierDeploy::live
constexpr QLatin1String nameKey("deployName");  ///< EarlierDeploy::name

Outcome deployCameTo(Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    return outcome;
}

bool isMoved(const TrafficState &now, const IntentId &intent)
{
    return std::any_of(now.changes.cbegin(), now.changes.cend(),
                       [&](const WeightChange &change) { return change.intent == intent; });
}

/// What the traffic object notes of the newest deploy, if that names its intent.
const Deed *deedOfLive(const TrafficState &now)
{
    const auto found = std::find_if(now.deeds.cbegin(), now.deeds.cend(), [&now](const Deed &deed) {
        return deed.what == now.earlier->liveMark && !deed.intent.value.isEmpty();
    });
    return found == now.deeds.cend() ? nullptr : &*found;
}

} // namespace

void addDeploy(QJsonObject &body, const EarlierDeploy &deploy)
{
    body.insert(releaseKey, deploy.release);
    body.insert(numberKey, deploy.number);
    body.insert(liveKey, deploy.live);
    body.insert(nameKey, deploy.name);
}

bool goesBackByDeploy(const Record &intent)
{
    return intent.body.contains(releaseKey);
}

bool isStableBy(const EarlierDeploy &deploy, const TrafficState &now)
{
    if (!now.stable || now.stable->mixed)
        return false;
    const RevisionState &stable = *now.stable;
    const bool isUp = stable.readyReplicas > 0 && stable.readyReplicas >= stable.wantedReplicas;
    return isUp && (deploy.commit.value.isEmpty() || stable.commit == deploy.commit);
}

Outcome whatCameOfDeploy(const Record &intent, const TrafficState &now)
{
    using Came = Outcome::Kind;
    const QString name = intent.body[nameKey].toString();
    for (const Deed &deed : now.deeds) {
        if (deed.intent == intent.id)
            return deployCameTo(Came::Done,
                                Words::tr("done: %1 was made again (%2)").arg(name, deed.what));
    }
    const QString moved
        = isMoved(now, intent.id) ? Words::tr("the traffic was moved; ") : QString();
    if (!now.earlier || now.earlier->release != intent.body[releaseKey].toString())
        return deployCameTo(Came::Unknown, moved
                                               + Words::tr("the deploys of %1 cannot be seen now")
                                                     .arg(intent.body[releaseKey].toString()));
    const EarlierDeploy &seen = *now.earlier;
    if (seen.live <= intent.body[liveKey].toInt())
        return deployCameTo(Came::Failed,
                            moved + Words::tr("not done: %1 is still live").arg(seen.liveName));
    if (!seen.unfinished.isEmpty())
        return deployCameTo(Came::Unknown, moved
                                               + Words::tr("%1 is %2: it did not come to an end")
                                                     .arg(seen.liveName, seen.unfinished));
    if (const Deed *by = deedOfLive(now)) {
        // The one deploy since then is somebody else's.
        const bool isTheOnlyOne = seen.live == intent.body[liveKey].toInt() + 1;
        return isTheOnlyOne ? deployCameTo(
                   Came::Failed,
                   moved + Words::tr("not done: %1 was made by %2").arg(seen.liveName, by->by))
                            : deployCameTo(Came::Unknown,
                                           moved
                                               + Words::tr("%1 is live now: it was made by %2")
                                                     .arg(seen.liveName, by->by));
    }
    if (seen.liveGoesBack == intent.body[numberKey].toInt())
        return deployCameTo(
            Came::Done,
            moved + Words::tr("%1 is %2 made again; it names no intent").arg(seen.liveName, name));
    return deployCameTo(
        Came::Unknown,
        moved + Words::tr("%1 is live now: somebody has deployed since").arg(seen.liveName));
}

} // namespace pilothouse

#include "rollout/wayback/wayback.h"

#include "base/words.h"
#include "rollout/permissions.h"
#include "rollout/previews.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Speed = WayBack::Speed;

WayBack noWayBack(const QString &why)
{
    WayBack back;
    back.speed = Speed::None;
    back.words = why;
    return back;
}

/// Where the traffic alone leads nowhere, for the reason `why`.
WayBack byDeploy(const TrafficState &traffic, const QString &why)
{
    if (!traffic.earlier)
        return noWayBack(why);
    const EarlierDeploy &deploy = *traffic.earlier;
    if (deploy.number == 0) {
        WayBack none = noWayBack(Words::tr("%1; %2").arg(why, deploy.noneBecause));
        none.instead = deploy.instead;
        return none;
    }
    WayBack back;
    back.speed = Speed::NotInstant;
    back.words = deployWords(deploy);
    back.deploy = deploy;
    back.target.emplace();
    if (traffic.stable)
        back.target->name = traffic.stable->name;
    back.target->commit = deploy.commit;
    return back;
}

/// To a revision that is up, or coming up.
WayBack byTraffic(const RevisionState &target)
{
    const QString pods
        = QStringLiteral("%1/%2").arg(target.readyReplicas).arg(target.wantedReplicas);
    WayBack back;
    back.target = target;
    back.speed = Speed::NotInstant;
    if (target.mixed) {
        back.words = Words::tr("not instant: MIXED, two images behind %1").arg(target.name.value);
    } else if (const QString down = downWords(target); !down.isEmpty()) {
        back.words = Words::tr("not instant: %1").arg(down);
    } else if (target.readyReplicas < target.wantedReplicas) {
        back.words = Words::tr("not instant: %1 ready").arg(pods);
    } else {
        back.speed = Speed::Instant;
        back.words = target.wantedReplicas > 0 ? Words::tr("instant, %1 ready").arg(pods)
                                               : Words::tr("instant, pinned by name");
    }
    return back;
}

bool hasNoPod(const RevisionState &stable)
{
    return stable.wantedReplicas > 0 && stable.readyReplicas == 0;
}

WayBack inFlightWayBack(const RolloutState &state)
{
    const TrafficState &traffic = *state.traffic;
    if (!traffic.stable)
        return byDeploy(traffic, Words::tr("none: the stable is gone"));
    const RevisionState &stable = *traffic.stable;
    // While Finishing the stable Service is given the candidate's Pods: no way back any more.
    if (state.pinned && !stable.commit.value.isEmpty() && stable.commit == state.pinned->commit)
        return byDeploy(
            traffic,
            Words::tr("none by traffic: the stable runs %1 already").arg(revisionWord(stable)));
    const WayBack known = byTraffic(stable);
    if (!stable.mixed && !hasNoPod(stable))
        return known;
    const WayBack again = byDeploy(traffic, known.words);
    return again.deploy ? again : known;
}

/// When it was given up last; invalid = never.
QDateTime retiredAt(const QString &what, const TrafficState &traffic,
                    const QHash<QString, QDateTime> &retired)
{
    QDateTime at = retired.value(what);
    for (const Retirement &each : traffic.retired) {
        if (each.what == what && (!at.isValid() || each.at > at))
            at = each.at;
    }
    return at;
}

/// All traffic was given to it since.
bool isDeployedSince(const CommitId &commit, const QDateTime &at, const TrafficState &traffic)
{
    return !commit.value.isEmpty()
           && std::any_of(
               traffic.changes.cbegin(), traffic.changes.cend(), [&](const WeightChange &change) {
                   return change.candidate == commit && change.to.percent >= 100 && change.at > at;
               });
}

} // namespace

QString identityOf(const WayBack &back)
{
    if (!back.target)
        return {};
    const RevisionState &target = *back.target;
    if (!target.commit.value.isEmpty())
        return target.commit.value;
    if (!target.imageDigest.isEmpty())
        return target.imageDigest;
    return back.deploy ? QStringLiteral("%1#%2").arg(back.deploy->release).arg(back.deploy->number)
                       : target.name.value;
}

QString shownIdentity(const WayBack &back)
{
    // A digest is told from its neighbours by its first digits: "sha256:77ab12cd34ef".
    constexpr qsizetype digestShown = 19;
    if (back.target && !back.target->commit.value.isEmpty())
        return shortSha(back.target->commit);
    const bool isDigest = back.target && !back.target->imageDigest.isEmpty();
    return isDigest ? identityOf(back).left(digestShown) : identityOf(back);
}

WayBack wayBack(const RolloutState &state, const QHash<QString, QDateTime> &retired)
{
    if (!state.traffic) {
        WayBack unread;
        unread.words = Words::tr("not read yet");
        return unread;
    }
    const TrafficState &traffic = *state.traffic;
    if (traffic.asked.percent > 0 || traffic.accepted.value_or(Weight{0}).percent > 0)
        return inFlightWayBack(state);
    const WayBack back = traffic.previous
                             ? byTraffic(*traffic.previous)
                             : byDeploy(traffic, Words::tr("none: nothing is in flight"));
    if (!back.target)
        return back;
    const QDateTime at = retiredAt(identityOf(back), traffic, retired);
    return at.isValid() && !isDeployedSince(back.target->commit, at, traffic)
               ? noWayBack(Words::tr("none: %1 retired %2")
                               .arg(shownIdentity(back),
                                    at.toLocalTime().toString(QStringLiteral("d MMM hh:mm"))))
               : back;
}

QString speedWords(const WayBack &back)
{
    return back.deploy ? Words::tr("not instant: %1").arg(back.words) : back.words;
}

QString targetText(const WayBack &back)
{
    if (!back.target)
        return {};
    const QString pin = targetText(pinOf(*back.target));
    return back.deploy ? QStringLiteral("%1@%2@%3")
                             .arg(pin, back.deploy->release, QString::number(back.deploy->number))
                       : pin;
}

} // namespace pilothouse

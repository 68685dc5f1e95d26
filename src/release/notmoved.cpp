#include "release/notmoved.h"

#include "action/ago.h"
#include "base/whendone.h"
#include "base/words.h"
#include "rollout/rolloutcontroller.h"

namespace pilothouse {
namespace {

/// An open confirmation asks again so often at most.
constexpr std::chrono::seconds askedEvery{60};

/// One pod of each revision tells for all of it.
QStringList podsOf(const TrafficState &traffic)
{
    QStringList pods;
    for (const auto *revision : {&traffic.candidate, &traffic.stable}) {
        if (*revision && !(*revision)->pods.isEmpty())
            pods.append((*revision)->pods.constFirst());
    }
    pods.removeDuplicates();
    return pods;
}

QString originOf(const ConfigMapInUse &map, const QDateTime &now)
{
    QStringList parts;
    if (map.writtenAt.isValid()) {
        const QString ago = agoWords(std::chrono::milliseconds(map.writtenAt.msecsTo(now)));
        parts << (map.by.isEmpty() ? Words::tr("written %1").arg(ago)
                                   : Words::tr("written by %1 %2").arg(map.by, ago));
    }
    if (map.release.isEmpty())
        return parts.join(QStringLiteral(", "));
    if (map.revision > 0)
        parts << Words::tr("Helm revision %1").arg(map.revision);
    else if (map.revisionUnknown.isEmpty())
        parts << Words::tr("of the Helm release %1").arg(map.release);
    else
        parts << Words::tr("of the Helm release %1, its revision is not known: %2")
                     .arg(map.release, map.revisionUnknown);
    return parts.join(QStringLiteral(", "));
}

/// Written again by the deploy that leads back.
bool goesBack(const ConfigMapInUse &map, const WayBack &back)
{
    return back.deploy && !map.release.isEmpty()
           && back.deploy->release.section(QLatin1Char('/'), -1) == map.release;
}

} // namespace

QString notMovedWords(const Workload &workload)
{
    return QStringLiteral("%1 %2").arg(workload.name, workload.commit.value.isEmpty()
                                                          ? Words::tr("unknown commit")
                                                          : shortSha(workload.commit));
}

QString notMovedWords(const ConfigMapsInUse &found, const WayBack &back, const QDateTime &now)
{
    QStringList parts;
    for (const ConfigMapInUse &map : found.maps) {
        if (goesBack(map, back))
            continue;
        const QString origin = originOf(map, now);
        parts << (origin.isEmpty() ? Words::tr("config map %1").arg(map.name)
                                   : Words::tr("config map %1 (%2)").arg(map.name, origin));
    }
    for (const QString &why : found.unknown)
        parts << Words::tr("config maps: not known (%1)").arg(why);
    return parts.join(QStringLiteral(" · "));
}

NotMoved::NotMoved(Clock &clock, QObject *parent) : QObject(parent), m_clock(clock) {}

void NotMoved::addTrack(RolloutController &track)
{
    m_tracks.append(&track);
    connect(&track, &RolloutController::confirming, this, [this, &track] { askSoon(track); });
}

void NotMoved::setWorkloads(const QList<Workload> &workloads)
{
    m_places.clear();
    for (const Workload &workload : workloads)
        m_places.append(notMovedWords(workload));
    tell();
}

bool NotMoved::isAwaited(const RolloutController &track) const
{
    return m_known.value(&track).isAsking;
}

void NotMoved::askSoon(RolloutController &track)
{
    if (!m_source || !track.traffic())
        return;
    Known &known = m_known[&track];
    const QStringList pods = podsOf(track.traffic()->value);
    const std::chrono::milliseconds now = m_clock.sinceBoot();
    if (known.question > 0 && known.pods == pods && now - known.askedAt < askedEvery)
        return;
    if (known.pods != pods)
        known.found.reset();
    known.pods = pods;
    known.askedAt = now;
    known.isAsking = true;
    ++known.question;
    QMetaObject::invokeMethod(
        this, [this, &track] { ask(track); }, Qt::QueuedConnection);
}

void NotMoved::ask(RolloutController &track)
{
    const auto take = [this, &track, mine = m_known[&track].question](
                          const std::optional<ConfigMapsInUse> &found) {
        Known &known = m_known[&track];
        if (mine != known.question)
            return;
        known.isAsking = false;
        known.found = found;
        tell(track);
        Q_EMIT changed();
    };
    tell(track);
    whenDone(m_source->configMapsOf(track.track(), m_known[&track].pods), this, take, [take] {
        take(ConfigMapsInUse{{}, {Words::tr("no answer came")}});
    });
}

void NotMoved::tell()
{
    for (RolloutController *track : std::as_const(m_tracks))
        tell(*track);
}

void NotMoved::tell(RolloutController &track)
{
    const Known known = m_known.value(&track);
    QString configMaps;
    if (known.found)
        configMaps = notMovedWords(*known.found, track.wayBack(), m_clock.now());
    else if (known.isAsking)
        configMaps = Words::tr("config maps: being read");
    track.setNotMoved(m_places, configMaps);
}

} // namespace pilothouse

#include "release/oncall/lostsources.h"

#include "base/reading.h"
#include "base/words.h"
#include "migration/recipe/numberwords.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Health = SourceState::Health;

QString stillWorks(const RoleState &source)
{
    switch (source.role) {
    case SourceRole::Traffic:
        return Words::tr("%1 cannot be moved from here, only by its command").arg(source.track);
    case SourceRole::Metrics:
        return Words::tr("rolling back needs no metrics; nobody can say how it does");
    case SourceRole::Alerts:
        return Words::tr("rolling back works; who was told, and what is silenced, is not known");
    case SourceRole::Schema:
        return Words::tr("rolling back works; what it would break in the schema is not known");
    case SourceRole::CiHost:
        break;
    }
    return Words::tr("rolling back works; a run that could still promote is not seen");
}

QString word(Health health)
{
    switch (health) {
    case Health::SignedOut:
        return Words::tr("signed out");
    case Health::NotAllowed:
        return Words::tr("not allowed");
    default:
        return Words::tr("lost");
    }
}

} // namespace

QList<LostLine> stillAbleLines(const TrackName &track, const RunsLine &runs)
{
    QList<LostLine> lines;
    for (const StillAble &able : runs.stillAble) {
        lines.append({track.value, Words::tr("still able to promote"), able.what, {}, able.todo});
        lines.last().kind = LostLine::Kind::Run;
    }
    return lines;
}

QString unseenAlerts(const SourceState &metrics, const SourceState &alertmanager)
{
    const bool managed = alertmanager.health == Health::Live || alertmanager.health == Health::Old;
    if (isLost(metrics))
        return managed ? Words::tr("%1 is lost: these are the alerts that %2 knows")
                             .arg(metrics.name, alertmanager.name)
                       : Words::tr("alerts are not known now: %1 is lost").arg(metrics.name);
    if (isLost(alertmanager))
        return Words::tr("%1 is lost: alerts that it alone knows may be missing")
            .arg(alertmanager.name);
    if (metrics.health == Health::NotSetUp && alertmanager.health == Health::NotSetUp)
        return Words::tr("no metrics server in pilothouse.yaml tells of alerts");
    return {};
}

QList<LostLine> lostLines(const QList<RoleState> &sources, std::chrono::milliseconds now)
{
    QList<LostLine> lines;
    for (const RoleState &source : sources) {
        const SourceState &state = source.state;
        if (!isLost(state))
            continue;
        const auto known = std::find_if(lines.begin(), lines.end(), [&state](const LostLine &each) {
            return each.name == state.name;
        });
        if (known != lines.end()) {
            if (source.role == SourceRole::Traffic)
                known->works += Words::tr("; %1").arg(stillWorks(source));
            continue;
        }
        LostLine line;
        line.name = state.name;
        line.word = word(state.health);
        line.why = state.error ? state.error->message : QString();
        line.since = state.lastGoodSinceBoot.count() > 0
                         ? Words::tr("for %1").arg(spanWords(now - state.lastGoodSinceBoot))
                         : Words::tr("never answered");
        if (state.nextTryIn.count() > 0)
            line.since += Words::tr(", next try in %1 s").arg(state.nextTryIn.count() / 1000);
        line.works = stillWorks(source);
        lines.append(line);
    }
    return lines;
}

} // namespace pilothouse

#include "release/seen/heldaway.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "release/things/namedthings.h"
#include "rollout/trafficannotations.h"

#include <algorithm>

namespace pilothouse {
namespace {

/// The dialog and the record of one hold lie so far apart, at most; and so two computers' clocks.
constexpr qint64 apart = 120;

/// The intent of the hold that the journal set last and did not lift since; nullptr = none.
const Record *standingHold(const TrackName &track, const QList<Record> &records)
{
    QHash<IntentId, Outcome::Kind> ends;
    for (const Record &record : records) {
        if (record.subject != track.value)
            continue;
        if (record.kind == RecordKind::Outcome)
            ends.insert(record.id, outcomeOf(record).kind);
        if (record.kind != RecordKind::Intent)
            continue;
        using Kind = Outcome::Kind;
        const QString verb = record.body[QLatin1String("verb")].toString();
        const Kind end = ends.value(record.id, Kind::Unknown);
        // Of one whose end is not known nobody can say that it did nothing.
        if (verb == liftDeed && (end == Kind::Done || end == Kind::Unknown))
            return nullptr;
        if (verb == QLatin1String("hold") && end == Kind::Unknown)
            return nullptr;
        if (verb == QLatin1String("hold") && end == Kind::Done)
            return &record;
    }
    return nullptr;
}

/// A console lifted that hold, or may have.
bool isLifted(const TrafficState &traffic, const QDateTime &heldAt)
{
    const auto lifts = [&heldAt](const Deed &deed) {
        return deed.what == liftDeed
               && (deed.since.isValid() ? deed.since : deed.at).addSecs(apart) >= heldAt;
    };
    const bool reachesBack
        = traffic.deeds.size() < rememberedChanges || traffic.deeds.last().at < heldAt;
    return !reachesBack || std::any_of(traffic.deeds.cbegin(), traffic.deeds.cend(), lifts);
}

bool isConsole(const QString &manager)
{
    return manager.startsWith(QLatin1String("pilothouse"));
}

} // namespace

std::optional<LatelyLine> heldAwayLine(const TrackName &track, const TrafficState &traffic,
                                       const QList<Record> &records)
{
    if (traffic.hold)
        return {};
    const Record *hold = standingHold(track, records);
    if (!hold || isLifted(traffic, hold->at))
        return {};
    const bool isTold = traffic.annotatedAt > hold->at && !traffic.annotatedBy.isEmpty()
                        && !isConsole(traffic.annotatedBy);
    const QString what
        = Words::tr("the hold of %1 was removed outside Pilothouse").arg(track.value);
    LatelyLine line;
    line.at = isTold ? traffic.annotatedAt : hold->at;
    line.who = isTold ? traffic.annotatedBy : QString();
    line.what = isTold ? Words::tr("%1; it wrote the annotations last").arg(what)
                       : Words::tr("%1, it is not told when or by whom; %2 had set it then")
                             .arg(what, hold->actor);
    line.source = LatelyLine::Source::TrafficObject;
    line.seenIn = Words::tr("the traffic object");
    line.about = {trackThing(track)};
    return line;
}

} // namespace pilothouse

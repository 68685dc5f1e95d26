#include "rollout/act/bakeclock.h"

#include "rollout/trafficannotations.h"

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

struct Span
{
    QDateTime from;
    QDateTime to;
};

milliseconds lengthOf(const Span &span)
{
    return milliseconds(std::max<qint64>(0, span.from.msecsTo(span.to)));
}

/// The holds that were lifted within `looked`, cut to it and without what two of them share.
/// Lifts among `known` are left out.
milliseconds liftedIn(Span looked, const QList<Deed> &deeds, const QList<Deed> &known)
{
    QList<Span> spans;
    for (const Deed &deed : deeds) {
        if (deed.what != liftDeed || !deed.at.isValid() || known.contains(deed))
            continue;
        const QDateTime from
            = deed.since.isValid() ? std::max(deed.since, looked.from) : looked.from;
        spans.append({from, std::min(deed.at, looked.to)});
    }
    std::sort(spans.begin(), spans.end(),
              [](const Span &a, const Span &b) { return a.from < b.from; });
    milliseconds sum{0};
    for (const Span &span : std::as_const(spans)) {
        looked.from = std::max(looked.from, span.from);
        sum += lengthOf({looked.from, span.to});
        looked.from = std::max(looked.from, span.to);
    }
    return sum;
}

/// Counts the holds of the time between `from` and the server's clock `at`.
void countHolds(BakeClock &clock, milliseconds from, const TrafficState &traffic,
                const QList<Deed> &known, const QDateTime &at, milliseconds now)
{
    if (!at.isValid()) {
        if (traffic.hold)
            clock.holdBegan = now;
        return;
    }
    Span looked{at.addMSecs((from - now).count()), at};
    if (traffic.hold) {
        if (traffic.hold->since.isValid())
            looked.to = std::clamp(traffic.hold->since, looked.from, at);
        else
            looked.to = looked.from;
        clock.holdBegan = now - milliseconds(looked.to.msecsTo(at));
    }
    clock.held += liftedIn(looked, traffic.deeds, known);
}

} // namespace

QDateTime serverTime(const Reading<TrafficState> &reading, milliseconds now)
{
    return reading.serverAt.isValid()
               ? reading.serverAt.addMSecs((now - reading.receivedSinceBoot).count())
               : QDateTime();
}

BakeClock bakeOfFirstReading(const TrafficState &traffic, const QDateTime &at, milliseconds now)
{
    const bool recorded = !traffic.changes.isEmpty() && traffic.changes.first().to == traffic.asked;
    const QDateTime set = recorded ? traffic.changes.first().at : traffic.lastWrittenAt;
    BakeClock clock;
    clock.startedAt = now;
    if (set.isValid() && at.isValid())
        clock.startedAt -= lengthOf({set, at});
    countHolds(clock, clock.startedAt, traffic, {}, at, now);
    return clock;
}

BakeClock bakeFromNow(const TrafficState &traffic, milliseconds now)
{
    BakeClock clock;
    clock.startedAt = now;
    if (traffic.hold)
        clock.holdBegan = now;
    return clock;
}

BakeClock bakeGoesOn(const BakeClock &clock, const TrafficState &before, milliseconds seen,
                     const TrafficState &traffic, const QDateTime &at, milliseconds now)
{
    BakeClock next = clock;
    if (next.holdBegan && traffic.hold)
        return next;
    if (next.holdBegan) {
        next.held += now - *next.holdBegan;
        next.holdBegan.reset();
        return next;
    }
    countHolds(next, seen, traffic, before.deeds, at, now);
    return next;
}

} // namespace pilothouse

#include "rollout/analysis/pastwindow.h"

#include <algorithm>

namespace pilothouse {

namespace {

RevisionState revisionOf(const TrafficState &now, const CommitId &commit)
{
    QList<RevisionState> known = now.reachable;
    for (const auto &side : {now.candidate, now.stable}) {
        if (side)
            known.prepend(*side);
    }
    const auto found = std::find_if(known.cbegin(), known.cend(), [&](const RevisionState &each) {
        return each.commit == commit;
    });
    if (found != known.cend())
        return *found;
    RevisionState gone;
    gone.commit = commit;
    return gone;
}

} // namespace

QDateTime closedAt(const RolloutState &state, const QDateTime &now)
{
    const bool holds = state.phase == Phase::Baking || state.phase == Phase::Paused
                       || state.phase == Phase::Finishing || state.phase == Phase::RollingBack
                       || state.phase == Phase::Replaced || state.phase == Phase::Unread;
    if (holds || !state.traffic || state.traffic->changes.isEmpty())
        return {};
    const QDateTime written = state.traffic->lastWrittenAt;
    return written.isValid() && written > state.traffic->changes.first().at ? written : now;
}

QList<PastWindow> pastWindows(const QList<WeightMark> &marks, const QDateTime &now,
                              const QDateTime &closedAt)
{
    QList<PastWindow> windows;
    for (qsizetype i = 0; i < marks.size(); ++i) {
        const WeightMark &mark = marks[i];
        const bool newest = i + 1 == marks.size();
        const bool last = newest && !closedAt.isValid();
        const QDateTime to = last ? now : newest ? closedAt : marks[i + 1].at;
        if (mark.to.percent > 0 && to > mark.at) {
            windows.prepend({mark.at, to, last ? PastWindow::End::Open : PastWindow::End::Over,
                             mark.to, mark.candidate, mark.actor});
        }
    }
    return windows;
}

PastWindow windowBetween(const QList<WeightMark> &marks, const QDateTime &from, const QDateTime &to)
{
    PastWindow best;
    qint64 longest = 0;
    for (const PastWindow &each : pastWindows(marks, to)) {
        const qint64 shared = std::max(from, each.from).msecsTo(std::min(to, each.to));
        if (shared > longest) {
            longest = shared;
            best = each;
        }
    }
    best.from = from;
    best.to = to;
    best.end = PastWindow::End::Over;
    return best;
}

TrafficState trafficThen(const TrafficState &now, const PastWindow &window)
{
    if (window.candidate.value.isEmpty())
        return now;
    TrafficState then = now;
    then.candidate = revisionOf(now, window.candidate);
    // Newest first: the last one that got all the traffic before the window was the stable in it.
    const auto before
        = std::find_if(now.changes.cbegin(), now.changes.cend(), [&](const WeightChange &change) {
              return change.at < window.from && change.to.percent >= 100
                     && !change.candidate.value.isEmpty() && change.candidate != window.candidate;
          });
    if (before != now.changes.cend())
        then.stable = revisionOf(now, before->candidate);
    return then;
}

} // namespace pilothouse

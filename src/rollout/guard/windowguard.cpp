#include "rollout/guard/windowguard.h"

#include "base/words.h"
#include "rollout/guard/guardreasons.h"

#include <algorithm>

namespace pilothouse {
namespace {

using ViewKind = GuardView::Kind;

/// Why the rollout that was guarded is over; empty = it goes on.
QString whyOver(const ArmedGuard &armed, Phase phase, const CommitId &candidate)
{
    switch (phase) {
    case Phase::Done:
        return Words::tr("it became the stable");
    case Phase::Idle:
        return Words::tr("the candidate is gone");
    case Phase::RolledBack:
        return Words::tr("the candidate has no traffic any more");
    case Phase::Replaced:
        return Words::tr("another candidate came");
    case Phase::Unread:
        return {};
    default:
        break;
    }
    return candidate == armed.candidate ? QString() : Words::tr("another candidate came");
}

void noteSleep(WindowGuard &guard, std::chrono::milliseconds now)
{
    if (guard.lookedAt && now - *guard.lookedAt > longestBlink) {
        guard.stoodStill = now - *guard.lookedAt;
        guard.wokeAt = now;
    }
    guard.lookedAt = now;
}

GuardView watched(const GuardRule &rule, WindowGuard &guard, const GuardSight &sight)
{
    const QString by = Words::tr("armed by %1").arg(guard.armed->by);
    const bool fresh = isGuarded(sight.phase) && sight.judgedAge && *sight.judgedAge <= rule.oldest
                       && sight.now - *sight.judgedAge >= guard.wokeAt;
    if (fresh) {
        if (const QString reason = reasonToRollBack(rule.failures, sight); !reason.isEmpty())
            return {ViewKind::RollBack, reason, {}};
    }
    if (fresh && sight.verdict != Verdict::NoData) {
        guard.watchedUntil = std::max(guard.watchedUntil, sight.now - *sight.judgedAge);
        const auto seconds = sight.judgedAge->count() / 1000;
        const QString judged = seconds == 0 ? Words::tr("%1, judged just now").arg(by)
                                            : Words::tr("%1, judged %2 s ago").arg(by).arg(seconds);
        return {ViewKind::Watching, judged + butUnseen(sight), {}};
    }
    if (guard.wokeAt > guard.watchedUntil) {
        return {ViewKind::Unwatched,
                Words::tr("UNWATCHED: %1, but this computer slept or stood still for %2, and "
                          "nothing was judged since")
                    .arg(by, minutes(guard.stoodStill)),
                {}};
    }
    const QString why = whyNotJudged(sight, rule.oldest);
    const std::chrono::milliseconds blind = sight.now - guard.watchedUntil;
    if (blind > rule.oldest) {
        return {ViewKind::Unwatched,
                Words::tr("UNWATCHED for %1: %2, but %3").arg(minutes(blind), by, why),
                {}};
    }
    return {ViewKind::Waiting, Words::tr("%1, %2").arg(by, why), {}};
}

} // namespace

void arm(WindowGuard &guard, const ArmedGuard &armed, std::chrono::milliseconds now)
{
    guard = {};
    guard.armed = armed;
    guard.watchedUntil = now;
    guard.lookedAt = now;
}

void disarm(WindowGuard &guard, const QString &why)
{
    const CommitId watched = guard.armed ? guard.armed->candidate : CommitId();
    guard = {};
    guard.ended = why;
    guard.endedOf = watched;
}

GuardView lookOf(const GuardRule &rule, WindowGuard &guard, const GuardSight &sight,
                 const CommitId &candidate)
{
    if (!guard.armed)
        return {ViewKind::Off, guard.ended, {}};
    noteSleep(guard, sight.now);
    if (const QString over = whyOver(*guard.armed, sight.phase, candidate); !over.isEmpty()) {
        disarm(guard, over);
        return {ViewKind::Off, over, {}};
    }
    if (sight.phase == Phase::Ready || sight.phase == Phase::RollingBack) {
        guard.watchedUntil = sight.now; // nothing to watch is no blindness
        return {
            ViewKind::Waiting,
            sight.phase == Phase::Ready
                ? Words::tr("armed by %1, watches from the first weight on").arg(guard.armed->by)
                : Words::tr("armed by %1, a rollback is under way").arg(guard.armed->by),
            {}};
    }
    return watched(rule, guard, sight);
}

} // namespace pilothouse

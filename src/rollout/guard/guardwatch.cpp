#include "rollout/guard/guardwatch.h"

#include "base/words.h"
#include "rollout/guard/guardreasons.h"
#include "rollout/permissions.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Advised = GuardAdvice::Kind;

GuardAdvice atTheEnd(const GuardRule &rule, Verdict verdict)
{
    const QString time = minutes(rule.watchFor);
    switch (verdict) {
    case Verdict::Pass:
        return {Advised::Pass, Words::tr("watched for %1: PASS").arg(time)};
    case Verdict::Marginal:
        return {Advised::Marginal, Words::tr("watched for %1: MARGINAL").arg(time)};
    case Verdict::NoData:
    case Verdict::Fail:
        break;
    }
    return {Advised::Watch, Words::tr("watched for %1, but a check fails: watched on").arg(time)};
}

} // namespace

GuardAdvice guard(const GuardRule &rule, GuardMemory &memory, const GuardSight &sight)
{
    const auto passed = memory.lookedAt
                            ? std::max(std::chrono::milliseconds(0), sight.now - *memory.lookedAt)
                            : std::chrono::milliseconds(0);
    const auto covered = std::min(passed, memory.covered);
    memory.lookedAt = sight.now;
    memory.covered = std::chrono::milliseconds(0);
    memory.watched += covered;
    memory.unwatched += passed - covered;
    const bool traffic = isGuarded(sight.phase);
    if (memory.hadTraffic && sight.phase == Phase::Done)
        return {Advised::Pass, Words::tr("it became the stable")};
    if (memory.hadTraffic && sight.phase == Phase::Replaced)
        return {Advised::Replaced,
                Words::tr("another candidate stands behind the traffic: this rollout is over, and "
                          "nothing was rolled back")};
    if (memory.hadTraffic && !traffic && sight.phase != Phase::Unread)
        return {Advised::Gone,
                Words::tr("the candidate has no traffic any more: another took it away")};
    memory.hadTraffic = memory.hadTraffic || traffic;

    const bool fresh = traffic && sight.judgedAge && *sight.judgedAge <= rule.oldest;
    if (fresh) {
        if (const QString reason = reasonToRollBack(rule.failures, sight); !reason.isEmpty())
            return {Advised::RollBack, reason};
    }
    if (fresh && sight.verdict != Verdict::NoData) {
        memory.covered = rule.oldest - *sight.judgedAge;
        if (memory.watched >= rule.watchFor)
            return atTheEnd(rule, sight.verdict);
        const QString watched = minutes(memory.watched);
        return {Advised::Watch,
                (rule.watchFor == untilOver
                     ? Words::tr("watched for %1, until the rollout is over").arg(watched)
                     : Words::tr("watched for %1 of %2").arg(watched, minutes(rule.watchFor)))
                    + butUnseen(sight)};
    }
    const QString why = whyNotJudged(sight, rule.oldest);
    if (memory.unwatched >= rule.giveUpAfter)
        return {Advised::NoData,
                Words::tr("UNWATCHED for %1: %2").arg(minutes(memory.unwatched), why)};
    return {Advised::Unwatched, Words::tr("UNWATCHED: %1").arg(why)};
}

} // namespace pilothouse

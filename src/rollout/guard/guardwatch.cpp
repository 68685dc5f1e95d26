#include "rollout/guard/guardwatch.h"

#include "base/words.h"
#include "rollout/permissions.h"

#include <algorithm>

namespace pilothouse {
namespace {

using Advised = GuardAdvice::Kind;

bool hasTraffic(Phase phase)
{
    return phase == Phase::Baking || phase == Phase::Paused || phase == Phase::Finishing;
}

/// The reason to roll back; empty = there is none.
QString failure(const GuardRule &rule, const GuardSight &sight)
{
    for (const CheckResult &check : sight.checks) {
        if (check.critical && check.failedInARow >= rule.failures)
            return Words::tr("%1: %2, for %3 judgements")
                .arg(check.name, check.sentence)
                .arg(check.failedInARow);
    }
    return sight.firing.isEmpty()
               ? QString()
               : Words::tr("alert %1 fires").arg(sight.firing.join(Words::tr(" and ")));
}

/// Why nothing is judged now.
QString whyUnwatched(const GuardSight &sight, bool traffic, bool fresh)
{
    if (sight.phase == Phase::Unread)
        return Words::tr("the traffic was not read yet");
    if (!traffic)
        return Words::tr("no candidate has traffic");
    if (!sight.judgedAge)
        return Words::tr("nothing was judged yet");
    if (!fresh)
        return Words::tr("the last judgement is %1 old").arg(minutes(*sight.judgedAge));
    for (const CheckResult &check : sight.checks) {
        if (check.verdict == Verdict::NoData && needed(check))
            return Words::tr("no data for %1: %2").arg(check.name, check.sentence);
    }
    return Words::tr("no data");
}

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
    memory.lookedAt = sight.now;
    const bool traffic = hasTraffic(sight.phase);
    if (memory.hadTraffic && sight.phase == Phase::Done)
        return {Advised::Pass, Words::tr("it became the stable")};
    if (memory.hadTraffic && !traffic && sight.phase != Phase::Unread)
        return {Advised::Gone,
                Words::tr("the candidate has no traffic any more: another took it away")};
    memory.hadTraffic = memory.hadTraffic || traffic;

    const bool fresh = traffic && sight.judgedAge && *sight.judgedAge <= rule.oldest;
    if (fresh) {
        if (const QString reason = failure(rule, sight); !reason.isEmpty())
            return {Advised::RollBack, reason};
    }
    if (fresh && sight.verdict != Verdict::NoData) {
        memory.watched += passed;
        if (memory.watched >= rule.watchFor)
            return atTheEnd(rule, sight.verdict);
        return {
            Advised::Watch,
            Words::tr("watched for %1 of %2").arg(minutes(memory.watched), minutes(rule.watchFor))};
    }
    memory.unwatched += passed;
    const QString why = whyUnwatched(sight, traffic, fresh);
    if (memory.unwatched >= rule.giveUpAfter)
        return {Advised::NoData,
                Words::tr("UNWATCHED for %1: %2").arg(minutes(memory.unwatched), why)};
    return {Advised::Unwatched, Words::tr("UNWATCHED: %1").arg(why)};
}

} // namespace pilothouse

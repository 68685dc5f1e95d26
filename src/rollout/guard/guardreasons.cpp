#include "rollout/guard/guardreasons.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

bool isGuarded(Phase phase)
{
    return phase == Phase::Baking || phase == Phase::Paused || phase == Phase::Finishing;
}

QString reasonToRollBack(int failures, const GuardSight &sight)
{
    for (const CheckResult &check : sight.checks) {
        if (check.critical && check.failedInARow >= failures)
            return Words::tr("%1: %2, for %3 judgements")
                .arg(check.name, check.sentence)
                .arg(check.failedInARow);
    }
    return sight.firing.isEmpty()
               ? QString()
               : Words::tr("alert %1 fires").arg(sight.firing.join(Words::tr(" and ")));
}

QString whyNotJudged(const GuardSight &sight, std::chrono::milliseconds oldest)
{
    if (sight.phase == Phase::Unread)
        return Words::tr("the traffic was not read yet");
    if (!isGuarded(sight.phase))
        return Words::tr("no candidate has traffic");
    if (!sight.judgedAge)
        return Words::tr("nothing was judged yet");
    if (*sight.judgedAge > oldest)
        return Words::tr("the last judgement is %1 old").arg(minutes(*sight.judgedAge));
    for (const CheckResult &check : sight.checks) {
        if (check.verdict == Verdict::NoData && needed(check))
            return Words::tr("no data for %1: %2").arg(check.name, check.sentence);
    }
    return Words::tr("no data");
}

QString butUnseen(const GuardSight &sight)
{
    return sight.unseen.isEmpty()
               ? QString()
               : Words::tr(", but not all alerts are seen: %1").arg(sight.unseen);
}

GuardRule guardRule(int failures, std::chrono::milliseconds judgeEvery)
{
    GuardRule rule;
    rule.failures = failures;
    rule.oldest = std::max<std::chrono::milliseconds>(std::chrono::seconds(30), 3 * judgeEvery);
    return rule;
}

} // namespace pilothouse

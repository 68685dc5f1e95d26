#include "rollout/act/arrival.h"

#include "base/words.h"

namespace pilothouse {

Arrival arrivalOf(const WeightAttempt &attempt, const TrafficState &now)
{
    using Kind = WeightAttempt::Kind;
    const bool targetIsStable = now.stable && sameCode(pinOf(*now.stable), attempt.target);
    // Where revisions have names of their own (Cloud Run, Argo Rollouts), a candidate with all the
    // traffic is the stable from then on; Services keep their names, so this is none of theirs.
    const bool becameStable
        = attempt.kind == Kind::Promote && attempt.to.percent >= 100 && targetIsStable;
    if (becameStable)
        return {true, now.accepted == Weight{0}};
    const bool targetHolds = attempt.kind != Kind::RollBack || targetIsStable;
    return {now.asked == attempt.to && targetHolds, now.accepted == attempt.to};
}

bool targetStands(const WeightAttempt &rollback, const TrafficState &now,
                  StepRules::AfterFull afterFull)
{
    if (!now.stable)
        return false;
    if (sameCode(pinOf(*now.stable), rollback.target))
        return true;
    // After full weight the target is not the stable any more, but the one before it.
    return afterFull == StepRules::AfterFull::PreviousStays
           && now.stable->commit == rollback.request.candidateCommit;
}

PinnedCandidate pinRecorded(const WeightChange &change, const PinnedCandidate &present)
{
    PinnedCandidate pinned = present;
    if (change.candidate != present.commit)
        pinned = {present.name, change.candidate, {}, change.podTemplate};
    else if (!change.podTemplate.isEmpty())
        pinned.podTemplate = change.podTemplate;
    return pinned;
}

QString replacedWords(const PinnedCandidate &pinned, const PinnedCandidate &present, Weight held)
{
    const QString was = shortSha(pinned.commit);
    if (sameCode(pinned, present))
        return Words::tr("%1 got another Pod template while it held %2 %: what was judged does not "
                         "count")
            .arg(was)
            .arg(held.percent);
    return Words::tr("%1 was replaced by %2 while it held %3 %: what was judged does not count")
        .arg(was, present.commit.value.isEmpty() ? Words::tr("an unknown commit")
                                                 : shortSha(present.commit))
        .arg(held.percent);
}

Hold holdAfter(const WeightRequest &rollback)
{
    Hold hold;
    hold.by = rollback.actor;
    hold.why = rollback.reason.isEmpty()
                   ? Words::tr("%1 was rolled back").arg(shortSha(rollback.candidateCommit))
                   : rollback.reason;
    hold.commit = rollback.candidateCommit;
    return hold;
}

} // namespace pilothouse

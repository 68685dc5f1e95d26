#include "rollout/rolloutviews.h"

#include "base/words.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

QString rollBackVerb(const RolloutFacts &facts)
{
    const auto &target = facts.wayBack.target;
    return target ? Words::tr("Roll back to %1…").arg(revisionWord(*target))
                  : Words::tr("Roll back…");
}

NextAction adviceOf(const RolloutFacts &facts, int failuresToRollBack)
{
    const RolloutState &state = facts.state;
    NextAction next;
    if (!state.traffic) {
        next.kind = NextAction::Kind::Wait;
        next.sentence = facts.trafficLost.isEmpty() ? Words::tr("the traffic is being read")
                                                    : facts.trafficLost;
        return next;
    }
    const TrafficState &traffic = *state.traffic;
    const QString candidate = traffic.candidate ? revisionWord(*traffic.candidate) : QString();
    const auto rollBack = [&next, &facts](const QString &why) {
        next.kind = NextAction::Kind::RollBack;
        next.sentence = why;
        next.verb = rollBackVerb(facts);
        return next;
    };
    switch (state.phase) {
    case Phase::RollingBack:
        next.kind = NextAction::Kind::Wait;
        next.sentence = Words::tr("rolls back: waits until 0 % is accepted");
        return next;
    case Phase::Replaced:
        return rollBack(Words::tr("roll back: %1").arg(state.ended));
    case Phase::Finishing:
        next.kind = NextAction::Kind::Wait;
        next.sentence = traffic.stable && traffic.candidate
                                && traffic.stable->commit == traffic.candidate->commit
                            ? Words::tr("finishing: waits until the stable has the traffic again")
                            : Words::tr("finishing: waits until the stable runs %1").arg(candidate);
        if (!state.results.isEmpty() && overall(state.results) == Verdict::Fail)
            break;
        return next;
    case Phase::Idle:
    case Phase::Done:
        next.sentence
            = state.phase == Phase::Done && traffic.stable
                  ? Words::tr("done: %1 has the traffic").arg(revisionWord(*traffic.stable))
                  : Words::tr("no candidate: the next deploy brings one");
        return next;
    default:
        break;
    }
    const CheckResult *worst = nullptr;
    for (const CheckResult &result : state.results) {
        if (result.verdict == Verdict::Fail
            && (!worst || result.failedInARow > worst->failedInARow))
            worst = &result;
    }
    if (worst && worst->failedInARow >= failuresToRollBack) {
        return rollBack(Words::tr("roll back: %1, %2, for %3 judgements")
                            .arg(worst->name, worst->sentence)
                            .arg(worst->failedInARow));
    }
    if (state.phase == Phase::Finishing)
        return next;
    if (traffic.hold) {
        next.kind = NextAction::Kind::Lift;
        next.sentence = Words::tr("held by %1: %2").arg(traffic.hold->by, traffic.hold->why);
        next.verb = Words::tr("Lift the hold…");
        return next;
    }
    const auto to = nextWeight(facts.plan, traffic.asked);
    if (!to) {
        next.kind = NextAction::Kind::Wait;
        next.sentence
            = Words::tr("%1 % is asked, waits until it is accepted").arg(traffic.asked.percent);
        return next;
    }
    if (!traffic.promoteOff.isEmpty() && state.phase != Phase::RolledBack) {
        next.kind = NextAction::Kind::Wait;
        next.sentence = traffic.progress.isEmpty() ? traffic.promoteOff : traffic.progress;
        return next;
    }
    next.kind = NextAction::Kind::Promote;
    next.verb = Words::tr("Promote %1 → %2…").arg(traffic.asked.percent).arg(to->percent);
    const milliseconds wanted
        = state.stage ? facts.plan.stages[*state.stage].bake : milliseconds(0);
    const milliseconds elapsed = state.bake ? state.bake->elapsed(state.now) : milliseconds(0);
    if (state.bake && elapsed < wanted) {
        next.bakes = true;
        next.sentence = Words::tr("bakes at %1 % for %2 more, then %1 → %3")
                            .arg(traffic.asked.percent)
                            .arg(minutes(wanted - elapsed))
                            .arg(to->percent);
    } else if (state.phase == Phase::RolledBack) {
        next.kind = NextAction::Kind::Nothing;
        next.sentence = Words::tr("%1 was rolled back: waits for another candidate").arg(candidate);
        next.verb.clear();
    } else if (traffic.asked.percent == 0) {
        next.sentence = Words::tr("%1 is ready at 0 %").arg(candidate);
    } else {
        next.sentence
            = Words::tr("baked %1 at %2 %").arg(minutes(wanted)).arg(traffic.asked.percent);
    }
    return next;
}

} // namespace

NextAction nextAction(const RolloutFacts &facts, int failuresToRollBack)
{
    NextAction next = adviceOf(facts, failuresToRollBack);
    if (next.kind == NextAction::Kind::RollBack || facts.state.phase == Phase::RollingBack)
        return next;
    next.frozen = frozenInFlight(facts);
    if (next.frozen.isEmpty() || next.kind != NextAction::Kind::Promote)
        return next;
    next.sentence = Words::tr("%1? · %2").arg(next.frozen, next.sentence);
    if (facts.wayBack.target)
        next.otherwise = rollBackVerb(facts);
    return next;
}

QList<StageView> stagesOf(const RolloutState &state, const StepRules &rules)
{
    QList<StageView> views;
    const bool done = state.phase == Phase::Done;
    const bool finishing = state.phase == Phase::Finishing;
    for (int i = 0; i < rules.plan.stages.size(); ++i) {
        StageView view;
        view.weight = rules.plan.stages[i].weight;
        view.bake = rules.plan.stages[i].bake;
        const bool current = state.stage == i;
        if (done || (state.stage && i < *state.stage) || (finishing && current)) {
            view.state = StageView::State::Done;
        } else if (current) {
            view.state
                = state.phase == Phase::Paused ? StageView::State::Held : StageView::State::Current;
        }
        if (current && state.bake)
            view.elapsed = state.bake->elapsed(state.now);
        views.append(view);
    }
    if (rules.afterFull == StepRules::AfterFull::StableIsReplaced) {
        StageView view;
        view.kind = StageView::Kind::Finishing;
        view.weight = Weight{100};
        view.state = done        ? StageView::State::Done
                     : finishing ? StageView::State::Current
                                 : StageView::State::ToCome;
        if (finishing && state.bake)
            view.elapsed = state.bake->elapsed(state.now);
        views.append(view);
    }
    return views;
}

QList<CheckResult> verdictsOf(const RolloutFacts &facts)
{
    const RolloutState &state = facts.state;
    if (!state.results.isEmpty() && facts.metrics != MetricsHealth::Lost)
        return state.results;
    QString why = Words::tr("not judged yet at this weight");
    if (facts.metrics == MetricsHealth::NotSetUp)
        why = Words::tr("no metrics server is set up");
    else if (facts.metrics == MetricsHealth::Lost)
        why = Words::tr("metrics lost: %1").arg(facts.metricsLost);
    else if (state.phase == Phase::Replaced)
        why = state.ended;
    else if (!state.bake)
        why = Words::tr("no traffic");
    QList<CheckResult> rows;
    for (const Check &check : facts.checks) {
        CheckResult row = notJudged(check, why);
        for (const CheckResult &known : state.results) {
            // What was measured last stays on the screen; its verdict does not.
            if (known.name == check.name) {
                row.stable = known.stable;
                row.candidate = known.candidate;
            }
        }
        rows.append(row);
    }
    return rows;
}

QList<WeightMark> marksOf(const TrafficState &traffic)
{
    QList<WeightMark> marks;
    for (const WeightChange &change : traffic.changes)
        marks.prepend({change.at, change.from, change.to, change.actor, change.candidate});
    return marks;
}

/// Seconds between our note of a change and the stamp of the write that carried it, at most.
static constexpr qint64 noteAndWrite = 5;

bool writtenPast(const TrafficState &traffic)
{
    if (!traffic.lastWrittenAt.isValid() || traffic.lastWriter.isEmpty()
        || traffic.lastWriter.startsWith(QLatin1String("pilothouse")))
        return false;
    if (traffic.changes.isEmpty())
        return true;
    // The system's stamps are whole seconds, our notes are not.
    const qint64 after
        = traffic.lastWrittenAt.toSecsSinceEpoch() - traffic.changes.first().at.toSecsSinceEpoch();
    // The write that carried our note is its account's too.
    return traffic.writerIs == TrafficState::WriterIs::Account ? after > noteAndWrite : after >= 0;
}

bool movedPast(const TrafficState &traffic)
{
    if (!writtenPast(traffic) || traffic.changes.isEmpty() || !traffic.stable
        || traffic.stable->commit.value.isEmpty() || traffic.asked != Weight{0}
        || traffic.changes.first().to != Weight{0})
        return false;
    const auto full = std::find_if(
        traffic.changes.cbegin(), traffic.changes.cend(), [](const WeightChange &change) {
            return change.to.percent >= 100 && !change.candidate.value.isEmpty();
        });
    return full != traffic.changes.cend() && full->candidate != traffic.stable->commit;
}

} // namespace pilothouse

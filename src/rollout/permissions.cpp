#include "rollout/permissions.h"

#include "action/ago.h"
#include "base/words.h"
#include "rollout/analysis/projection.h"

#include <algorithm>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

constexpr QLatin1String carryKey("carry");

/// Collects reasons; those of release come without a key and are told apart by their text, how
/// long ago something was left out.
class Reasons
{
public:
    void add(const char *key, Reason::Kind kind, const QString &text, const QString &settle = {})
    {
        m_list.append({QLatin1String(key), {kind, text, settle}});
    }
    void add(const QList<Reason> &external)
    {
        for (const Reason &reason : external)
            m_list.append({withoutAges(reason.text), reason});
    }
    [[nodiscard]] QList<KeyedReason> take() { return std::move(m_list); }

private:
    QList<KeyedReason> m_list;
};

/// What stops every write of ours, a rollback too.
void addNoWrite(Reasons &reasons, const RolloutFacts &facts)
{
    if (facts.readOnly) {
        reasons.add("read-only", Reason::Kind::Blocks, Words::tr("this console is read-only"),
                    Words::tr("choose \"can act\" in the window's head"));
    }
    if (!facts.lacksAccess.isEmpty()) {
        // What is never written from here says itself what to do instead.
        const bool never
            = facts.state.traffic && facts.state.traffic->promoteOff == facts.lacksAccess;
        reasons.add("access", Reason::Kind::Blocks, facts.lacksAccess,
                    never ? QString() : Words::tr("ask for the right"));
    }
    if (!facts.state.traffic) {
        reasons.add("unread", Reason::Kind::Blocks,
                    facts.trafficLost.isEmpty() ? Words::tr("the traffic is not read yet")
                                                : facts.trafficLost,
                    Words::tr("press F5"));
    }
}

/// What stops every write but a rollback.
void addNotNow(Reasons &reasons, const RolloutFacts &facts)
{
    if (!facts.underWay.isEmpty()) {
        reasons.add("under-way", Reason::Kind::Blocks,
                    Words::tr("%1 is under way").arg(facts.underWay),
                    Words::tr("wait until it has ended"));
    }
    if (facts.state.traffic && facts.trafficAge > facts.limits.refuseAfter) {
        reasons.add("old", Reason::Kind::Blocks,
                    Words::tr("the traffic was read %1 s ago").arg(facts.trafficAge.count() / 1000),
                    Words::tr("press F5"));
    }
}

void addCandidate(Reasons &reasons, const RolloutFacts &facts)
{
    const RevisionState &candidate = *facts.state.traffic->candidate;
    const RevisionState stable = facts.state.traffic->stable.value_or(RevisionState{});
    for (const RevisionState &revision : {candidate, stable}) {
        if (revision.mixed) {
            reasons.add("mixed", Reason::Kind::Blocks,
                        Words::tr("MIXED: two images behind %1").arg(revision.name.value),
                        Words::tr("wait until one image is left"));
        }
    }
    const QString pods
        = QStringLiteral("%1/%2").arg(candidate.readyReplicas).arg(candidate.wantedReplicas);
    if (const QString down = downWords(candidate); !down.isEmpty()) {
        reasons.add("not-ready", Reason::Kind::Blocks,
                    Words::tr("%1: %2").arg(revisionWord(candidate), down),
                    Words::tr("wait until it is ready, or deploy another one"));
    } else if (candidate.readyReplicas < candidate.wantedReplicas) {
        reasons.add("not-ready", Reason::Kind::Blocks,
                    Words::tr("%1 is %2 ready").arg(revisionWord(candidate), pods),
                    Words::tr("wait until its pods are ready"));
    } else if (candidate.wantedReplicas > 0 && !facts.trafficLost.isEmpty()) {
        reasons.add("ready", Reason::Kind::Unknown,
                    Words::tr("%1 was %2 ready %3 s ago")
                        .arg(revisionWord(candidate), pods)
                        .arg(facts.trafficAge.count() / 1000));
    } else if (candidate.wantedReplicas > 0) {
        reasons.add("ready", Reason::Kind::For,
                    Words::tr("%1 is %2 ready").arg(revisionWord(candidate), pods));
    }
    if (candidate.commit.value.isEmpty()) {
        reasons.add("commit", Reason::Kind::Unknown,
                    Words::tr("the candidate's commit: its image names none"));
    }
}

void addBake(Reasons &reasons, const RolloutFacts &facts)
{
    const RolloutState &state = facts.state;
    if (!state.bake || !state.stage)
        return;
    const milliseconds wanted = facts.plan.stages[*state.stage].bake;
    const milliseconds elapsed = state.bake->elapsed(state.now);
    if (wanted.count() == 0)
        return;
    if (elapsed >= wanted) {
        reasons.add("baked", Reason::Kind::For,
                    Words::tr("baked %1 of %2").arg(minutes(wanted), minutes(wanted)));
    } else {
        reasons.add("bake", Reason::Kind::Against,
                    Words::tr("bakes for %1 more").arg(minutes(wanted - elapsed)));
    }
}

/// What a check says of the weight that the next promotion asks for.
std::optional<Projection> nextOf(const RolloutFacts &facts, const CheckResult &result)
{
    const TrafficState &traffic = *facts.state.traffic;
    const auto check = std::find_if(facts.checks.cbegin(), facts.checks.cend(),
                                    [&](const Check &each) { return each.name == result.name; });
    const auto to = nextWeight(facts.plan, traffic.asked);
    if (check == facts.checks.cend() || !to)
        return {};
    return projected(*check, result, traffic.accepted.value_or(traffic.asked), *to);
}

void addVerdict(Reasons &reasons, const RolloutFacts &facts, const CheckResult &result)
{
    const QByteArray key = "check " + result.name.toUtf8();
    const QByteArray fullKey = key + " full";
    const QString text = Words::tr("%1: %2").arg(result.name, result.sentence);
    const auto next = nextOf(facts, result);
    const bool full = next && next->isFull();
    const QString withNext
        = next && next->share ? Words::tr("%1: %2").arg(text, next->sentence) : text;
    switch (result.verdict) {
    case Verdict::Pass:
        reasons.add(key.constData(), Reason::Kind::For, full ? text : withNext);
        break;
    case Verdict::Marginal:
        reasons.add(full ? fullKey.constData() : key.constData(), Reason::Kind::Against, withNext);
        break;
    case Verdict::Fail:
        reasons.add(key.constData(), Reason::Kind::Blocks, Words::tr("FAIL %1").arg(text),
                    Words::tr("roll back"));
        break;
    case Verdict::NoData:
        reasons.add(key.constData(), needed(result) ? Reason::Kind::Blocks : Reason::Kind::Against,
                    Words::tr("no data for %1").arg(text), Words::tr("wait for samples"));
        break;
    }
    if (!next)
        return;
    const QString alone = Words::tr("%1: %2").arg(result.name, next->sentence);
    if (!next->share)
        reasons.add((key + " next").constData(), Reason::Kind::Unknown, alone);
    else if (full && result.verdict != Verdict::Marginal)
        reasons.add(fullKey.constData(), Reason::Kind::Against, alone);
}

void addVerdicts(Reasons &reasons, const RolloutFacts &facts)
{
    if (facts.state.traffic->asked.percent == 0)
        return;
    if (facts.checks.isEmpty()) {
        reasons.add("no-analysis", Reason::Kind::Unknown, Words::tr("nothing judges this track"));
        return;
    }
    if (facts.metrics == MetricsHealth::NotSetUp) {
        reasons.add("no-metrics", Reason::Kind::Unknown, Words::tr("no metrics server is set up"));
        return;
    }
    if (facts.metrics == MetricsHealth::Lost) {
        reasons.add("metrics-lost", Reason::Kind::Blocks,
                    Words::tr("metrics have no data: %1").arg(facts.metricsLost),
                    Words::tr("wait until the metrics answer again"));
        return;
    }
    if (facts.state.results.isEmpty()) {
        reasons.add("not-judged", Reason::Kind::Blocks, Words::tr("not judged yet at this weight"),
                    Words::tr("wait for the first judgement"));
        return;
    }
    for (const CheckResult &result : facts.state.results)
        addVerdict(reasons, facts, result);
}

void addAlerts(Reasons &reasons, const RolloutFacts &facts)
{
    for (const QString &alert : facts.firing)
        reasons.add(("alert " + alert.toUtf8()).constData(), Reason::Kind::Against,
                    Words::tr("the alert %1 fires").arg(alert));
    if (!facts.alertsUnseen.isEmpty() && facts.metrics != MetricsHealth::Lost)
        reasons.add("alerts-unseen", Reason::Kind::Unknown, facts.alertsUnseen);
}

/// Where the traffic system has steps of its own, they have to agree with the plan.
void addOwnSteps(Reasons &reasons, const RolloutFacts &facts)
{
    const TrafficState &traffic = *facts.state.traffic;
    if (!traffic.promoteOff.isEmpty() && traffic.promoteOff == facts.lacksAccess)
        return; // it is among the reasons already
    if (!traffic.promoteOff.isEmpty()) {
        reasons.add("own-steps", Reason::Kind::Blocks, traffic.promoteOff,
                    Words::tr("see what the traffic system offers under More"));
        return;
    }
    const auto wanted = nextWeight(facts.plan, traffic.asked);
    if (traffic.next && wanted && *traffic.next != *wanted) {
        reasons.add("own-steps", Reason::Kind::Blocks,
                    Words::tr("its own next step is %1 %, the plan says %2 %")
                        .arg(traffic.next->percent)
                        .arg(wanted->percent),
                    Words::tr("make the plan in pilothouse.yaml the same as its steps"));
    }
}

/// A stable that was never seen to serve as much may well be able to: nothing that a person has to
/// answer for.
void addCarry(Reasons &reasons, const RolloutFacts &facts)
{
    if (facts.carry)
        reasons.add(carryKey.data(),
                    facts.carry->kind == Reason::Kind::For ? Reason::Kind::For
                                                           : Reason::Kind::Unknown,
                    facts.carry->text);
}

void addFreezeAndHold(Reasons &reasons, const RolloutFacts &facts)
{
    if (facts.state.traffic->hold) {
        const Hold &hold = *facts.state.traffic->hold;
        reasons.add("hold", Reason::Kind::Blocks,
                    Words::tr("held by %1: %2").arg(hold.by, hold.why), Words::tr("lift the hold"));
    }
    if (facts.frozenBy.isEmpty())
        return;
    const QString inFlight = frozenInFlight(facts);
    reasons.add("frozen", Reason::Kind::Against,
                inFlight.isEmpty()
                    ? Words::tr("frozen: %1; starting a rollout needs a reason").arg(facts.frozenBy)
                    : inFlight);
}

} // namespace

QString minutes(milliseconds duration)
{
    const qint64 seconds = duration.count() / 1000;
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

QString downWords(const RevisionState &revision)
{
    if (revision.up == RevisionState::Up::Unsaid)
        return Words::tr("not said to be ready");
    if (revision.up != RevisionState::Up::No)
        return {};
    return revision.whyDown.isEmpty() ? Words::tr("not ready") : revision.whyDown;
}

QString frozenInFlight(const RolloutFacts &facts)
{
    const auto &traffic = facts.state.traffic;
    if (facts.frozenBy.isEmpty() || !traffic || traffic->asked.percent == 0
        || !nextWeight(facts.plan, traffic->asked))
        return {};
    return Words::tr("frozen (%1): finish it, or roll it back").arg(facts.frozenBy);
}

QString revisionWord(const RevisionState &revision)
{
    return revision.commit.value.isEmpty() ? Words::tr("unknown commit")
                                           : shortSha(revision.commit);
}

QList<KeyedReason> promoteReasons(const RolloutFacts &facts)
{
    Reasons reasons;
    addNoWrite(reasons, facts);
    if (!facts.state.traffic)
        return reasons.take();
    const TrafficState &traffic = *facts.state.traffic;
    if (facts.state.phase == Phase::Replaced) {
        reasons.add("replaced", Reason::Kind::Blocks, facts.state.ended,
                    Words::tr("roll back, then promote the new candidate from 0"));
        return reasons.take();
    }
    if (!traffic.candidate || facts.state.phase == Phase::Idle
        || facts.state.phase == Phase::Done) {
        reasons.add("no-candidate", Reason::Kind::Blocks, Words::tr("no candidate"),
                    traffic.onLatest ? Words::tr("pin the traffic first: More…")
                                     : Words::tr("the next deploy brings one"));
        if (traffic.onLatest)
            reasons.add("latest", Reason::Kind::Unknown,
                        Words::tr("traffic follows LATEST: the next deploy gets all of it at once "
                                  "and is no canary"));
        return reasons.take();
    }
    if (!nextWeight(facts.plan, traffic.asked)) {
        reasons.add("full", Reason::Kind::Blocks, Words::tr("the candidate has all the traffic"),
                    Words::tr("wait until the deploy job has replaced the stable"));
        return reasons.take();
    }
    addNotNow(reasons, facts);
    addOwnSteps(reasons, facts);
    if (traffic.accepted && *traffic.accepted != traffic.asked) {
        reasons.add("not-accepted", Reason::Kind::Blocks,
                    Words::tr("%1 % is asked, %2 % accepted")
                        .arg(traffic.asked.percent)
                        .arg(traffic.accepted->percent),
                    Words::tr("wait until it is accepted"));
    } else if (!traffic.accepted) {
        reasons.add("accepted-unknown", Reason::Kind::Unknown,
                    Words::tr("%1 % is asked; which weight is accepted is not known")
                        .arg(traffic.asked.percent));
    }
    if (!traffic.problem.isEmpty())
        reasons.add("problem", Reason::Kind::Against, traffic.problem);
    if (!traffic.stableDoubt.isEmpty())
        reasons.add("stable-doubt", Reason::Kind::Against, traffic.stableDoubt);
    addVerdicts(reasons, facts);
    addAlerts(reasons, facts);
    addFreezeAndHold(reasons, facts);
    addCandidate(reasons, facts);
    addBake(reasons, facts);
    if (facts.state.phase == Phase::RolledBack)
        reasons.add("rolled-back", Reason::Kind::Against, Words::tr("it was rolled back before"));
    if (traffic.onLatest) {
        reasons.add("latest", Reason::Kind::Unknown,
                    Words::tr("traffic follows LATEST: this write pins it to revisions"));
    }
    addCarry(reasons, facts);
    reasons.add(facts.promoteReasons);
    return reasons.take();
}

QList<KeyedReason> rollbackReasons(const RolloutFacts &facts)
{
    Reasons reasons;
    addNoWrite(reasons, facts);
    if (!facts.state.traffic)
        return reasons.take();
    if (facts.state.phase == Phase::RollingBack) {
        reasons.add("rolling-back", Reason::Kind::Blocks, Words::tr("a rollback is under way"),
                    Words::tr("wait until it is accepted"));
    } else if (facts.underWay == QLatin1String("roll back")) {
        reasons.add("rolling-back", Reason::Kind::Blocks, Words::tr("a rollback is under way"),
                    Words::tr("wait until it has ended"));
    }
    const WayBack &back = facts.wayBack;
    if (back.speed == WayBack::Speed::None) {
        reasons.add("no-way-back", Reason::Kind::Blocks, back.words,
                    back.instead.isEmpty() ? Words::tr("deploy the revision you want")
                                           : back.instead);
    } else if (back.speed == WayBack::Speed::Instant) {
        reasons.add("instant", Reason::Kind::For, back.words);
    } else {
        reasons.add("slow", Reason::Kind::Against, speedWords(back));
    }
    if (back.deploy && back.deploy->commit.value.isEmpty()) {
        reasons.add(
            "target-commit", Reason::Kind::Unknown,
            Words::tr("the commit that %1 brings: its image names none").arg(back.deploy->name));
    }
    if (!facts.state.traffic->stableDoubt.isEmpty())
        reasons.add("stable-doubt", Reason::Kind::Unknown, facts.state.traffic->stableDoubt,
                    Words::tr("look whether it is the revision that you want back"));
    reasons.add(facts.rollbackReasons);
    return reasons.take();
}

QList<KeyedReason> backReasons(const RolloutFacts &facts)
{
    Reasons reasons;
    addNoWrite(reasons, facts);
    if (!facts.state.traffic)
        return reasons.take();
    addNotNow(reasons, facts);
    const TrafficState &traffic = *facts.state.traffic;
    const auto below = previousWeight(facts.plan, traffic.asked);
    if (!traffic.candidate || !below || below->percent == 0) {
        reasons.add("first", Reason::Kind::Blocks, Words::tr("there is no stage below this one"),
                    Words::tr("roll back instead"));
    }
    return reasons.take();
}

QList<KeyedReason> holdReasons(const RolloutFacts &facts)
{
    Reasons reasons;
    addNoWrite(reasons, facts);
    if (facts.state.traffic)
        addNotNow(reasons, facts);
    return reasons.take();
}

QList<KeyedReason> ownReasons(const RolloutFacts &facts, const OwnAction &action)
{
    Reasons reasons;
    if (!action.offBecause.isEmpty())
        reasons.add("own-off", Reason::Kind::Blocks, action.offBecause);
    if (action.chosen)
        reasons.add(facts.chosenReasons.value(action.chosen->value));
    for (const QString &text : action.against)
        reasons.add(QList<Reason>{{Reason::Kind::Against, text, {}}});
    QList<KeyedReason> all = reasons.take();
    if (action.effect == OwnAction::Effect::NoMoreTraffic)
        return all + holdReasons(facts);
    RolloutFacts other = facts;
    if (other.state.traffic) {
        // It is the way past the steps that a promotion along the plan cannot take.
        other.state.traffic->promoteOff.clear();
        other.state.traffic->next.reset();
    }
    return all + promoteReasons(other);
}

Permission permission(const QList<KeyedReason> &reasons)
{
    Permission permission;
    for (const KeyedReason &keyed : reasons)
        permission.reasons.append(keyed.reason);
    return permission;
}

QStringList objections(const QList<KeyedReason> &reasons)
{
    QStringList keys;
    for (const KeyedReason &keyed : reasons) {
        if (keyed.reason.kind != Reason::Kind::For && keyed.key != carryKey)
            keys.append(keyed.key);
    }
    keys.sort();
    return keys;
}

} // namespace pilothouse

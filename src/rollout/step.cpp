#include "rollout/step.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "rollout/trafficannotations.h"
#include "rollout/wayback/rollbacktarget.h"

#include <algorithm>
#include <utility>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

using AttemptKind = WeightAttempt::Kind;

/// What the traffic follows now: the accepted weight, or the asked one where none is told.
Weight presentWeight(const TrafficState &traffic)
{
    return traffic.accepted.value_or(traffic.asked);
}

bool anyWeight(const TrafficState &traffic)
{
    return traffic.asked.percent > 0 || presentWeight(traffic).percent > 0;
}

/// One event being worked on: the state to be, and what it wants done.
class Stepping
{
public:
    Stepping(const StepRules &rules, const RolloutState &state, milliseconds now)
        : m_rules(rules), s(state)
    {
        s.now = now;
    }

    void operator()(const TrafficRead &event)
    {
        const std::optional<TrafficState> before = std::exchange(s.traffic, event.traffic);
        followCandidate(before);
        followBake(before, event.at);
        s.readAt = s.now;
        followAttempt();
        s.phase = phase();
    }

    void operator()(const WeightConfirmed &event);
    void operator()(const RollbackConfirmed &event);
    void operator()(const WriteAnswered &event);
    void operator()(const ReadFailed &event);
    void operator()(const Judged &event);
    void operator()(const Tick &);

    StepResult take() { return {std::move(s), std::move(m_effects)}; }

private:
    void followCandidate(const std::optional<TrafficState> &before);
    void followBake(const std::optional<TrafficState> &before, const QDateTime &at);
    void followAttempt();
    void arrived();
    void keepBack(const WeightAttempt &ended);
    void followStray();
    [[nodiscard]] Phase phase() const;
    [[nodiscard]] Phase phaseWithoutWeight() const;
    [[nodiscard]] bool targetStands() const
    {
        return stillLeads(*s.attempt, *s.traffic, m_rules.afterFull);
    }
    [[nodiscard]] bool wasRolledBack() const;

    void send(Weight to);
    void again(const Error &why);
    void conclude(Outcome::Kind kind, const QString &text)
    {
        m_effects.append(Conclude{s.attempt->request.intent, kind, text});
        s.attempt.reset();
    }
    void refuse(const IntentId &intent, Outcome::Kind kind, const QString &text)
    {
        m_effects.append(Conclude{intent, kind, text});
    }
    [[nodiscard]] AttemptId newAttempt() { return AttemptId(++s.lastAttempt); }
    [[nodiscard]] QString took() const
    {
        return QString::number(double((s.now - s.attempt->began).count()) / 1000, 'f', 2);
    }

    const StepRules &m_rules;
    RolloutState s;
    QList<RolloutEffect> m_effects;
};

void Stepping::followCandidate(const std::optional<TrafficState> &before)
{
    const TrafficState &now = *s.traffic;
    if (!anyWeight(now)) {
        s.ended.clear();
        const bool same = s.pinned && now.candidate && samePin(*s.pinned, pinOf(*now.candidate));
        const bool becameStable = s.pinned && now.stable && now.stable->commit == s.pinned->commit
                                  && !s.pinned->commit.value.isEmpty();
        if (!same && !becameStable)
            s.pinned.reset();
        if (!s.pinned && now.candidate && wasRolledBack())
            s.pinned = pinOf(*now.candidate);
        return;
    }
    if (!now.candidate) {
        s.ended = Words::tr("the candidate is gone while it holds %1 %").arg(now.asked.percent);
        s.results.clear();
        return;
    }
    const PinnedCandidate present = pinOf(*now.candidate);
    const bool justBegan = !before || !anyWeight(*before);
    // The first look at a rollout that another console began: its own record says what it tried.
    const bool recorded = !now.changes.isEmpty() && now.changes.first().to == now.asked
                          && !now.changes.first().candidate.value.isEmpty();
    if (!s.pinned || justBegan) {
        const bool promoting = s.attempt && s.attempt->kind == AttemptKind::Promote;
        s.pinned = promoting ? s.attempt->target : present;
        if (!before && recorded)
            s.pinned = pinRecorded(now.changes.first(), present);
    }
    if (samePin(*s.pinned, present)) {
        if (s.pinned->podTemplate.isEmpty())
            s.pinned->podTemplate = present.podTemplate;
        return;
    }
    // At full weight the stable takes the candidate's place, and the next candidate may come.
    const bool finished = now.stable && now.stable->commit == s.pinned->commit;
    if (finished)
        return;
    s.results.clear();
    s.judging.reset();
    s.ended = replacedWords(*s.pinned, present, now.asked);
}

void Stepping::followBake(const std::optional<TrafficState> &before, const QDateTime &at)
{
    const TrafficState &now = *s.traffic;
    const Weight weight = presentWeight(now);
    s.stage = weight.percent > 0 ? stageAt(m_rules.plan, weight) : std::nullopt;
    const bool moved = before && presentWeight(*before) != weight;
    if (weight.percent > 0 && s.bake && !moved) {
        s.bake = bakeGoesOn(*s.bake, *before, s.readAt, now, at, s.now);
        return;
    }
    s.results.clear();
    s.judging.reset();
    if (weight.percent == 0) {
        s.bake.reset();
        return;
    }
    // A change that was seen to happen began now, whatever stamps say.
    s.bake = before ? bakeFromNow(now, s.now) : bakeOfFirstReading(now, at, s.now);
    s.judgedAt = milliseconds(0);
}

bool Stepping::wasRolledBack() const
{
    const QList<WeightChange> &changes = s.traffic->changes;
    return !changes.isEmpty() && changes.first().to.percent == 0 && changes.first().from.percent > 0
           && changes.first().candidate == s.traffic->candidate->commit
           && !changes.first().candidate.value.isEmpty();
}

void Stepping::followAttempt()
{
    if (!s.attempt)
        return;
    const TrafficState &now = *s.traffic;
    const auto [asked, accepted] = arrivalOf(*s.attempt, now);
    if (asked && s.attempt->doubtful && isNoted(now, s.attempt->request.intent) == Noted::No) {
        conclude(Outcome::Kind::Conflict,
                 Words::tr("It did not arrive: the weight was set by %1.").arg(lastMover(now)));
        return;
    }
    if (asked && accepted && (s.attempt->written || s.attempt->reading)) {
        arrived();
        return;
    }
    if (s.attempt->reading) {
        if (!targetStands()) {
            conclude(Outcome::Kind::Conflict,
                     Words::tr("The target of the rollback is another revision now. Look again."));
            return;
        }
        s.attempt->reading = false;
        if (asked)
            s.attempt->written = true; // somebody else gave it 0; it only has to be accepted
        else
            send(s.attempt->to);
        return;
    }
    if (s.attempt->written && !asked)
        followStray();
}

void Stepping::arrived()
{
    const WeightAttempt ended = *s.attempt;
    conclude(Outcome::Kind::Done,
             Words::tr("accepted %1 % after %2 s").arg(ended.to.percent).arg(took()));
    keepBack(ended);
}

void Stepping::keepBack(const WeightAttempt &ended)
{
    const bool holds = ended.kind == AttemptKind::RollBack && ended.then == AfterRollback::Hold;
    if (holds && !s.traffic->hold)
        m_effects.append(SetHold{holdAfter(ended.request), s.traffic->version});
}

void Stepping::followStray()
{
    if (++s.attempt->strayed < m_rules.strayReadings) {
        m_effects.append(Observe{});
        return;
    }
    if (s.attempt->kind == AttemptKind::RollBack) {
        again({ErrorKind::Conflict,
               Words::tr("The weight was set to %1 % by somebody else meanwhile.")
                   .arg(s.traffic->asked.percent),
               {},
               {}});
        return;
    }
    if (s.attempt->doubtful) {
        conclude(Outcome::Kind::Failed, Words::tr("It did not arrive: the weight is still %1 %. %2")
                                            .arg(s.traffic->asked.percent)
                                            .arg(s.attempt->doubt)
                                            .trimmed());
        return;
    }
    const QString who
        = s.traffic->lastWriter.isEmpty() ? Words::tr("somebody") : s.traffic->lastWriter;
    conclude(Outcome::Kind::Unknown,
             Words::tr("It was written, but %1 has set %2 % since. Look at what is live.")
                 .arg(who)
                 .arg(s.traffic->asked.percent));
}

Phase Stepping::phaseWithoutWeight() const
{
    const TrafficState &now = *s.traffic;
    const bool pinnedIsStable = s.pinned && now.stable && now.stable->commit == s.pinned->commit;
    if (!now.candidate)
        return pinnedIsStable ? Phase::Done : Phase::Idle;
    // What the stable runs already is nothing to try.
    if (now.stable && !now.stable->commit.value.isEmpty()
        && now.stable->commit == now.candidate->commit) {
        return pinnedIsStable ? Phase::Done : Phase::Idle;
    }
    const bool pinnedIsCandidate = s.pinned && samePin(*s.pinned, pinOf(*now.candidate));
    return pinnedIsCandidate ? Phase::RolledBack : Phase::Ready;
}

Phase Stepping::phase() const
{
    if (!s.traffic)
        return Phase::Unread;
    if (s.attempt && s.attempt->kind == AttemptKind::RollBack)
        return Phase::RollingBack;
    const TrafficState &now = *s.traffic;
    if (!anyWeight(now))
        return phaseWithoutWeight();
    if (!s.ended.isEmpty())
        return Phase::Replaced;
    if (now.asked.percent >= 100 && presentWeight(now).percent >= 100)
        return Phase::Finishing;
    return now.hold ? Phase::Paused : Phase::Baking;
}

void Stepping::send(Weight to)
{
    s.attempt->id = newAttempt();
    s.attempt->to = to;
    s.attempt->written = false;
    s.attempt->doubtful = false;
    s.attempt->strayed = 0;
    s.attempt->request.candidate = to;
    s.attempt->request.expectedVersion = s.traffic->version;
    m_effects.append(SetWeight{s.attempt->id, s.attempt->request});
}

/// A rollback goes on: it reads again and sends again while its target is the same.
void Stepping::again(const Error &why)
{
    if (s.attempt->tries >= m_rules.rollbackTries) {
        const Outcome outcome = outcomeOf(why);
        Outcome::Kind kind = outcome.kind;
        if (s.attempt->unanswered)
            kind = Outcome::Kind::Unknown;
        else if (kind == Outcome::Kind::Conflict)
            kind = Outcome::Kind::Failed;
        conclude(kind,
                 Words::tr("Given up after %1 tries: %2").arg(s.attempt->tries).arg(outcome.text));
        return;
    }
    ++s.attempt->tries;
    s.attempt->written = false;
    s.attempt->reading = true;
    m_effects.append(Observe{});
}

void Stepping::operator()(const WeightConfirmed &event)
{
    if (s.attempt) {
        refuse(event.intent, Outcome::Kind::Conflict,
               Words::tr("Another change of this weight is under way."));
        return;
    }
    const TrafficState *now = s.traffic ? &*s.traffic : nullptr;
    if (!now || !now->candidate || !samePin(pinOf(*now->candidate), event.candidate)) {
        refuse(event.intent, Outcome::Kind::Conflict,
               Words::tr("The candidate is another one now. Nothing was sent."));
        return;
    }
    if (now->asked != event.from || presentWeight(*now) != event.from
        || now->version != event.version) {
        const QString who = now->asked == event.from ? QString() : lastMover(*now);
        refuse(event.intent, Outcome::Kind::Conflict,
               who.isEmpty()
                   ? Words::tr("The traffic has changed since. Nothing was sent.")
                   : Words::tr("The weight was changed by %1 since. Nothing was sent.").arg(who));
        return;
    }
    const auto wanted = event.kind == AttemptKind::Promote
                            ? nextWeight(m_rules.plan, event.from)
                            : previousWeight(m_rules.plan, event.from);
    if (wanted != event.to) {
        refuse(event.intent, Outcome::Kind::Refused,
               Words::tr("%1 % is not the plan's next weight. Nothing was sent.")
                   .arg(event.to.percent));
        return;
    }
    WeightAttempt attempt;
    attempt.kind = event.kind;
    attempt.from = event.from;
    attempt.target = event.candidate;
    attempt.began = s.now;
    attempt.request.candidateCommit = event.candidate.commit;
    attempt.request.podTemplate = event.candidate.podTemplate;
    attempt.request.actor = event.actor;
    attempt.request.reason = event.reason;
    attempt.request.intent = event.intent;
    s.attempt = attempt;
    send(event.to);
    s.phase = phase();
}

void Stepping::operator()(const RollbackConfirmed &event)
{
    if (s.attempt && s.attempt->kind == AttemptKind::RollBack) {
        refuse(event.intent, Outcome::Kind::Refused, Words::tr("A rollback is under way already."));
        return;
    }
    if (!s.traffic) {
        refuse(event.intent, Outcome::Kind::Failed,
               Words::tr("The traffic was never read, so nothing can be written to it."));
        return;
    }
    if (s.attempt)
        conclude(Outcome::Kind::Unknown, Words::tr("Overtaken by a rollback."));
    WeightAttempt attempt;
    attempt.kind = AttemptKind::RollBack;
    attempt.from = s.traffic->asked;
    attempt.target = event.target;
    attempt.began = s.now;
    attempt.request.candidateCommit = event.leaving;
    attempt.request.target = event.target.name;
    attempt.request.actor = event.actor;
    attempt.request.reason = event.reason;
    attempt.request.intent = event.intent;
    attempt.then = event.then;
    s.attempt = attempt;
    if (targetStands())
        send(Weight{0});
    else
        conclude(Outcome::Kind::Conflict,
                 Words::tr("The target of the rollback is another revision now. Look again."));
    s.phase = phase();
}

void Stepping::operator()(const WriteAnswered &event)
{
    if (!s.attempt || s.attempt->id != event.attempt)
        return;
    if (event.traffic) {
        s.attempt->written = true;
        (*this)(TrafficRead{*event.traffic, {}});
        if (s.attempt && s.attempt->written)
            m_effects.append(Observe{});
        return;
    }
    const Error error = event.error.value_or(Error{});
    // A cut connection, or what cannot be read, does not tell whether the request was taken.
    const bool lost = mayBeDone(error);
    const bool passing
        = lost || error.kind == ErrorKind::RateLimited || error.kind == ErrorKind::Conflict;
    if (s.attempt->kind == AttemptKind::RollBack && passing) {
        s.attempt->unanswered = s.attempt->unanswered || lost;
        again(error);
    } else if (lost) {
        s.attempt->written = true;
        s.attempt->doubtful = true;
        s.attempt->doubt = error.message;
        m_effects.append(Observe{});
    } else {
        const Outcome outcome = outcomeOf(error);
        conclude(outcome.kind, outcome.text);
        m_effects.append(Observe{});
    }
    s.phase = phase();
}

void Stepping::operator()(const ReadFailed &event)
{
    if (!s.attempt)
        return;
    if (s.attempt->reading) {
        again(event.error);
    } else if (s.attempt->doubtful && ++s.attempt->strayed >= m_rules.strayReadings) {
        conclude(
            Outcome::Kind::Unknown,
            Words::tr("No answer came, and it cannot be read now: %1").arg(event.error.message));
    }
    s.phase = phase();
}

void Stepping::operator()(const Judged &event)
{
    if (s.judging != event.attempt)
        return;
    s.judging.reset();
    QList<CheckResult> results = event.results;
    for (CheckResult &result : results) {
        result.failedInARow = 0;
        if (result.verdict != Verdict::Fail)
            continue;
        const auto before
            = std::find_if(s.results.cbegin(), s.results.cend(),
                           [&result](const CheckResult &r) { return r.name == result.name; });
        result.failedInARow = 1 + (before == s.results.cend() ? 0 : before->failedInARow);
    }
    s.results = results;
}

void Stepping::operator()(const Tick &)
{
    if (s.attempt && s.now - s.attempt->began > m_rules.acceptWithin) {
        // A rollback that nobody answered is there all the same if the traffic says so.
        const Arrival arrival = arrivalOf(*s.attempt, *s.traffic);
        const WeightAttempt ended = *s.attempt;
        if (ended.kind == AttemptKind::RollBack && arrival.asked && arrival.accepted) {
            arrived();
        } else {
            conclude(Outcome::Kind::Unknown,
                     Words::tr("Not accepted within %1 s. Look at what is live.")
                         .arg(m_rules.acceptWithin.count() / 1000));
            if (arrival.asked)
                keepBack(ended);
        }
        m_effects.append(Observe{});
        s.phase = phase();
    } else if (s.attempt && (s.attempt->written || s.attempt->reading)) {
        m_effects.append(Observe{});
    }
    if (!s.bake || !s.ended.isEmpty())
        return;
    // An answer that does not come must not end the judging for good.
    const milliseconds patience = m_rules.judgeEvery * (s.judging ? 3 : 1);
    if (s.judgedAt.count() == 0 || s.now - s.judgedAt >= patience) {
        s.judging = newAttempt();
        s.judgedAt = s.now;
        m_effects.append(Judge{*s.judging});
    }
}

} // namespace

StepResult step(const StepRules &rules, const RolloutState &state, const RolloutEvent &event,
                milliseconds now)
{
    Stepping stepping(rules, state, now);
    std::visit(stepping, event);
    return stepping.take();
}

} // namespace pilothouse

#include "rollout/guard/rolloutguard.h"

#include "base/whendone.h"
#include "rollout/alerts/joinedalerts.h"
#include "rollout/guard/guardreasons.h"

#include <QPromise>

#include <algorithm>
#include <memory>
#include <utility>

namespace pilothouse {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longestFarewell{2'000};

QFuture<Outcome> ended(Outcome::Kind kind, const QString &text)
{
    QPromise<Outcome> promise;
    promise.start();
    promise.addResult(Outcome{kind, text, {}});
    promise.finish();
    return promise.future();
}

} // namespace

RolloutGuard::RolloutGuard(const RolloutSettings &settings, TrafficControl &control,
                           RolloutEngine &engine, RolloutActions &actions, ActionRunner &runner,
                           Clock &clock)
    : m_settings(settings), m_engine(engine), m_actions(actions), m_runner(runner), m_clock(clock),
      m_marker(control, clock)
{
    connect(&m_marker, &GuardMarker::troubled, this, [this](const QString &why) {
        Q_EMIT acted(tr("%1: the guard watches, but other consoles cannot see it: %2")
                         .arg(m_settings.track.value, why));
    });
    connect(&engine, &RolloutEngine::changed, this, &RolloutGuard::look);
    connect(&engine, &RolloutEngine::moved, this, &RolloutGuard::look);
}

CommitId RolloutGuard::candidate() const
{
    const auto &traffic = m_engine.state().traffic;
    return traffic && traffic->candidate ? traffic->candidate->commit : CommitId();
}

GuardRule RolloutGuard::rule() const
{
    return guardRule(m_settings.failuresToRollBack, m_engine.rules().judgeEvery);
}

GuardSight RolloutGuard::sight() const
{
    GuardSight seen;
    seen.now = m_clock.sinceBoot();
    seen.phase = m_engine.state().phase;
    seen.checks = verdictsOf(m_actions.facts());
    seen.verdict = overall(seen.checks);
    if (!m_engine.state().results.isEmpty())
        seen.judgedAge = seen.now - m_engine.state().judgedAt;
    seen.firing = firingNames(m_engine.feed().alerts());
    seen.unseen = m_engine.feed().alertDesk().whyUnseen();
    return seen;
}

void RolloutGuard::look()
{
    if (m_acting)
        return;
    if (!m_guard.armed) {
        keepMark();
        return lookElsewhere();
    }
    const GuardRule judgedBy = rule();
    GuardView view = lookOf(judgedBy, m_guard, sight(), candidate());
    if (view.kind == GuardView::Kind::RollBack) {
        if (m_trouble.isEmpty() || m_clock.sinceBoot() - m_triedAt >= judgedBy.oldest)
            return rollBack(view.words);
        view = {GuardView::Kind::Unwatched,
                tr("UNWATCHED: %1, but the guard cannot roll back: %2").arg(view.words, m_trouble),
                {}};
    }
    if (view.kind == GuardView::Kind::Unwatched)
        view.howToGo = m_settings.headlessGuard;
    m_hasWatched = m_guard.armed && (m_hasWatched || view.kind == GuardView::Kind::Watching);
    // One that is UNWATCHED here falls silent for the others too.
    const bool says
        = view.kind == GuardView::Kind::Watching || view.kind == GuardView::Kind::Waiting;
    if (m_hasWatched && says && isHeartbeatDue(m_heartbeat, m_clock.now()))
        m_heartbeat = m_clock.now();
    keepMark();
    show(view);
}

void RolloutGuard::lookElsewhere()
{
    const auto &traffic = m_engine.state().traffic;
    GuardsElsewhere known;
    if (traffic) {
        known.marks = traffic->guards;
        known.marks.removeIf([this](const GuardMark &mark) {
            return mark.process == m_own.process
                   || (m_headless && mark.process == m_headless->process);
        });
    }
    // What this window's own guard of it came to is known.
    if (candidate() != m_guard.endedOf)
        known.earlier = m_earlier;
    GuardView view = viewOf(known, candidate(), m_engine.state().phase, m_clock.now());
    if (view.kind == GuardView::Kind::Unwatched)
        view.howToGo = m_settings.headlessGuard;
    if (view.kind != GuardView::Kind::Off)
        return show(view);
    // Why an earlier rollout's guard ended says nothing of this one.
    if (traffic && traffic->asked.percent > 0 && candidate() != m_guard.endedOf)
        m_guard.ended.clear();
    show({GuardView::Kind::Off, m_guard.ended, {}});
}

void RolloutGuard::keepMark()
{
    if (m_headless || !m_guard.armed || !m_hasWatched || m_signedOff)
        return m_marker.keep(m_headless);
    GuardMark mark = m_own;
    mark.by = m_guard.armed->by;
    mark.since = m_guard.armed->at;
    mark.commit = m_guard.armed->candidate;
    mark.intent = m_guard.armed->intent;
    mark.heartbeat = m_heartbeat;
    m_marker.keep(mark);
}

void RolloutGuard::setHeadless(const std::optional<GuardMark> &mark)
{
    m_headless = mark;
    keepMark();
}

void RolloutGuard::setEarlier(const std::optional<ArmedGuard> &guard)
{
    if (m_earlier == guard)
        return;
    m_earlier = guard;
    look();
}

void RolloutGuard::signOff(const std::function<void()> &done)
{
    m_signedOff = true;
    m_headless.reset();
    keepMark();
    if (m_marker.isSettled())
        return done();
    const auto once = std::make_shared<std::function<void()>>(done);
    const auto over = [once] {
        if (const auto call = std::exchange(*once, nullptr))
            call();
    };
    connect(&m_marker, &GuardMarker::settled, this, over);
    m_clock.after(longestFarewell, this, over);
}

void RolloutGuard::show(const GuardView &view)
{
    if (view == m_view)
        return;
    m_view = view;
    Q_EMIT changed();
}

QString RolloutGuard::whyNotByItself() const
{
    const RolloutFacts facts = m_actions.facts();
    const Permission may = permission(rollbackReasons(facts));
    if (!may.allowed())
        return may.first(Reason::Kind::Blocks);
    return facts.wayBack.deploy
               ? tr("moving the traffic leads nowhere (%1), and it does not deploy")
                     .arg(speedWords(facts.wayBack))
               : QString();
}

void RolloutGuard::rollBack(const QString &why)
{
    m_triedAt = m_clock.sinceBoot();
    if (const QString whyNot = whyNotByItself(); !whyNot.isEmpty()) {
        ended(why, {Outcome::Kind::Refused, whyNot, {}});
        return;
    }
    m_acting = true;
    show({GuardView::Kind::RollBack, why, {}});
    const Preview preview = m_actions.previewRollback();
    const QString actor = tr("guard, armed by %1").arg(m_guard.armed->by);
    whenDone(
        m_actions.rollBack({tr("guard: %1").arg(why), preview.fingerprint, preview.target}, actor),
        this, [this, why](const Outcome &outcome) { ended(why, outcome); },
        [this, why] {
            ended(why, {Outcome::Kind::Unknown, tr("no answer came"), {}});
        });
}

void RolloutGuard::ended(const QString &why, const Outcome &outcome)
{
    m_acting = false;
    if (outcome.kind == Outcome::Kind::Done) {
        m_trouble.clear();
        pilothouse::disarm(m_guard, tr("the guard rolled back: %1").arg(why));
        keepMark();
        show({GuardView::Kind::Off, m_guard.ended, {}});
        Q_EMIT acted(tr("%1: the guard rolled back: %2").arg(m_settings.track.value, why));
        return;
    }
    const bool news = m_trouble != outcome.text;
    m_trouble = outcome.text;
    show({GuardView::Kind::Unwatched,
          tr("UNWATCHED: %1, but the guard cannot roll back: %2").arg(why, m_trouble),
          m_settings.headlessGuard});
    if (news) {
        Q_EMIT acted(
            tr("%1: the guard could not roll back: %2").arg(m_settings.track.value, outcome.text));
    }
}

Permission RolloutGuard::mayArm() const
{
    Permission may;
    const auto block = [&may](const QString &text, const QString &settle) {
        may.reasons.append({Reason::Kind::Blocks, text, settle});
    };
    const Phase phase = m_engine.state().phase;
    for (const KeyedReason &keyed : rollbackReasons(m_actions.facts())) {
        // At weight 0 there is nothing to go back from yet.
        const bool lasts = isGuarded(phase) || keyed.key == QLatin1String("read-only")
                           || keyed.key == QLatin1String("access");
        if (keyed.reason.kind == Reason::Kind::Blocks && lasts)
            may.reasons.append(keyed.reason);
    }
    if (isArmed())
        block(tr("it is armed by %1").arg(m_guard.armed->by), tr("disarm it first"));
    else if (phase != Phase::Ready && !isGuarded(phase))
        block(tr("no rollout to guard"), tr("the next deploy brings a candidate"));
    const bool judges = std::any_of(m_settings.checks.cbegin(), m_settings.checks.cend(),
                                    [](const Check &check) { return check.critical; });
    if (!judges)
        block(tr("no check of this track is critical"),
              tr("mark one critical: true in pilothouse.yaml"));
    if (m_engine.feed().health() == MetricsHealth::NotSetUp)
        block(tr("no metrics server is set up"), tr("add prometheus to pilothouse.yaml"));
    return may;
}

Permission RolloutGuard::mayDisarm() const
{
    Permission may;
    if (!isArmed())
        may.reasons.append({Reason::Kind::Blocks, tr("no guard is armed"), {}});
    return may;
}

Preview RolloutGuard::previewArm() const
{
    using Row = PreviewRow;
    const RolloutFacts facts = m_actions.facts();
    const GuardRule judgedBy = rule();
    QStringList critical;
    for (const Check &check : m_settings.checks) {
        if (check.critical)
            critical << check.name;
    }
    Preview preview;
    preview.environment = m_settings.environment;
    preview.scope = m_settings.track.value;
    preview.title = tr("Arm the guard of %1").arg(shortSha(candidate()));
    preview.verb = tr("Arm the Guard");
    preview.rows = {
        {Row::Kind::Plain, tr("Watches"),
         tr("%1, and the alerts of this track").arg(critical.join(QStringLiteral(", ")))},
        {Row::Kind::Plain, tr("Then"),
         tr("rolls back by itself at %1 failed judgements in a row, or when an alert fires: nobody "
            "is asked again")
             .arg(judgedBy.failures)},
        {Row::Kind::Plain, tr("Way back"), facts.wayBack.words},
        {Row::Kind::Against, tr("Only"),
         tr("while this computer is awake and this window is open; without a judgement for %1 it "
            "says UNWATCHED")
             .arg(minutes(judgedBy.oldest))},
        {Row::Kind::Plain, tr("Until"),
         tr("the candidate is the stable, has no traffic, or is another one")}};
    if (const QString now = reasonToRollBack(judgedBy.failures, sight()); !now.isEmpty()) {
        preview.rows.prepend(
            {Row::Kind::Against, tr("Now"), tr("it would roll back at once: %1").arg(now)});
    }
    QStringList ofNoTrack = firingNames(m_engine.feed().alertDesk().others());
    ofNoTrack.removeDuplicates();
    if (!ofNoTrack.isEmpty()) {
        preview.rows.append(
            {Row::Kind::Unknown, tr("Not watched"),
             tr("%1: of no track; give its rule the label track, or narrow the server by match in "
                "pilothouse.yaml")
                 .arg(ofNoTrack.join(QStringLiteral(", ")))});
    }
    if (!m_settings.headlessGuard.isEmpty()) {
        PlannedCall call;
        call.language = PlannedCall::Language::Shell;
        call.summary = tr("watches on without this window, in a workflow or on a server");
        call.exact = m_settings.headlessGuard;
        call.copyable = m_settings.headlessGuard;
        preview.rows.append({Row::Kind::Plain, tr("Or run"), call.summary});
        preview.calls = {call};
    }
    if (m_view.kind == GuardView::Kind::Elsewhere)
        preview.rows.append({Row::Kind::Plain, tr("Besides"), m_view.words});
    preview.fingerprint = candidate().value;
    return preview;
}

Preview RolloutGuard::previewDisarm() const
{
    Preview preview;
    preview.environment = m_settings.environment;
    preview.scope = m_settings.track.value;
    preview.title = tr("Disarm the guard");
    preview.verb = tr("Disarm");
    preview.rows = {{PreviewRow::Kind::Plain, tr("Now"), m_view.words},
                    {PreviewRow::Kind::Plain, tr("Then"), tr("nobody rolls back but you")}};
    preview.fingerprint = candidate().value;
    return preview;
}

/// Nothing outside of this window changes, so the effect is over at once.
QFuture<Outcome> RolloutGuard::record(const QString &verb, const QString &reason,
                                      const std::function<QString(const IntentId &)> &effect,
                                      const QString &actor)
{
    Intent intent;
    intent.actor = actor;
    intent.subject = m_settings.track.value;
    intent.verb = verb;
    intent.lane = m_settings.track.value + QStringLiteral("/guard");
    intent.body = {{QStringLiteral("track"), m_settings.track.value},
                   {QStringLiteral("targetCommit"), candidate().value},
                   {QStringLiteral("failures"), m_settings.failuresToRollBack},
                   {QStringLiteral("reason"), reason}};
    return m_runner.run(intent, [effect](const IntentId &id) {
        return pilothouse::ended(Outcome::Kind::Done, effect(id));
    });
}

QFuture<Outcome> RolloutGuard::arm(const Confirmation &confirmation)
{
    const Permission may = mayArm();
    if (confirmation.fingerprint != candidate().value)
        return pilothouse::ended(Outcome::Kind::Conflict,
                                 tr("Another candidate came. Nothing is armed: look again."));
    if (!may.allowed())
        return pilothouse::ended(Outcome::Kind::Refused, may.first(Reason::Kind::Blocks));
    return record(guardverb::arm, confirmation.reason, armingBy(m_runner.actor()));
}

std::function<QString(const IntentId &)> RolloutGuard::armingBy(const QString &whom)
{
    return [this, whom](const IntentId &intent) {
        m_trouble.clear();
        m_hasWatched = false;
        m_heartbeat = {};
        pilothouse::arm(m_guard, {whom, m_clock.now(), candidate(), intent}, m_clock.sinceBoot());
        look();
        return tr("the guard is armed");
    };
}

void RolloutGuard::rolloutBegan()
{
    if (m_settings.guardArms != RolloutSettings::GuardArms::WithRollout || isArmed())
        return;
    const auto couldNot = [this](const QString &why) {
        pilothouse::disarm(m_guard, tr("the plan could not arm it: %1").arg(why));
        show({GuardView::Kind::Off, m_guard.ended, {}});
        Q_EMIT acted(
            tr("%1: the plan could not arm the guard: %2").arg(m_settings.track.value, why));
    };
    const Permission may = mayArm();
    if (!may.allowed())
        return couldNot(may.first(Reason::Kind::Blocks));
    const QString plan = tr("the plan");
    whenDone(
        record(guardverb::arm, tr("the workspace says so, and %1 promoted").arg(m_runner.actor()),
               armingBy(plan), plan),
        this,
        [couldNot](const Outcome &outcome) {
            if (outcome.kind != Outcome::Kind::Done)
                couldNot(outcome.text);
        },
        [couldNot] { couldNot(tr("the journal gave no answer")); });
}

QString RolloutGuard::will() const
{
    const auto &traffic = m_engine.state().traffic;
    const bool begins = m_settings.guardArms == RolloutSettings::GuardArms::WithRollout && traffic
                        && traffic->asked.percent == 0;
    if (!isArmed() && !begins)
        return m_view.kind == GuardView::Kind::Elsewhere
                   ? tr("is not of this window: %1").arg(m_view.words)
                   : QString();
    const QString acts = tr("rolls back at %n failed judgements, and watches only while this "
                            "computer is awake",
                            nullptr, m_settings.failuresToRollBack);
    return isArmed() ? acts : tr("%1: the plan arms it").arg(acts);
}

QFuture<Outcome> RolloutGuard::disarm(const Confirmation &confirmation)
{
    if (!isArmed())
        return pilothouse::ended(Outcome::Kind::Refused, tr("no guard is armed"));
    return record(guardverb::disarm, confirmation.reason, [this](const IntentId &) {
        pilothouse::disarm(m_guard, tr("disarmed by %1").arg(m_runner.actor()));
        keepMark();
        show({GuardView::Kind::Off, m_guard.ended, {}});
        return tr("the guard is disarmed");
    });
}

} // namespace pilothouse

#include "rollout/rolloutactions.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "base/whendone.h"
#include "rollout/act/trackintent.h"
#include "rollout/alerts/joinedalerts.h"
#include "rollout/previews.h"
#include "rollout/wayback/deployintent.h"

#include <QPromise>

namespace pilothouse {

using std::chrono::milliseconds;
using AttemptKind = WeightAttempt::Kind;

namespace {

using SharedPromise = std::shared_ptr<QPromise<Outcome>>;

SharedPromise started()
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    return promise;
}

void end(const SharedPromise &promise, const Outcome &outcome)
{
    promise->addResult(outcome);
    promise->finish();
}

void end(const SharedPromise &promise, Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    end(promise, outcome);
}

bool inFlight(const TrafficState &traffic)
{
    return traffic.asked.percent > 0 || traffic.accepted.value_or(Weight{0}).percent > 0;
}

} // namespace

RolloutActions::RolloutActions(const RolloutSettings &settings, TrafficControl &control,
                               RolloutEngine &engine, ActionRunner &actions, Clock &clock)
    : m_settings(settings), m_control(control), m_engine(engine), m_actions(actions),
      m_clock(clock), m_trial(control)
{
    connect(&m_trial, &Trial::answered, this, &RolloutActions::previewChanged);
    connect(&m_engine, &RolloutEngine::changed, this, &RolloutActions::lookForAcceptance);
}

void RolloutActions::setReasons(const QList<Reason> &promote, const QList<Reason> &rollback)
{
    m_promoteReasons = promote;
    m_rollbackReasons = rollback;
}

TrafficState RolloutActions::traffic() const
{
    return m_engine.state().traffic.value_or(TrafficState{});
}

RolloutFacts RolloutActions::facts() const
{
    RolloutFacts facts;
    facts.state = m_engine.state();
    facts.state.now = m_clock.sinceBoot();
    facts.plan = m_settings.plan;
    facts.limits = m_settings.limits;
    facts.checks = m_settings.checks;
    if (m_engine.reading())
        facts.trafficAge = m_clock.sinceBoot() - m_engine.reading()->receivedSinceBoot;
    facts.trafficLost = m_engine.lost() ? m_engine.lost()->message : QString();
    facts.metrics = m_engine.feed().health();
    if (const auto error = m_engine.feed().sourceState().error)
        facts.metricsLost = error->message;
    facts.firing = firingNames(m_engine.feed().alerts());
    facts.alertsUnseen = m_engine.feed().alertDesk().whyUnseen();
    if (m_settings.frozen)
        facts.frozenBy = m_settings.frozen(m_clock.now());
    facts.lacksAccess = m_access.mayWrite ? QString() : m_access.why;
    facts.underWay = m_underWay.value(0);
    facts.readOnly = m_readOnly;
    facts.wayBack = wayBack();
    facts.promoteReasons = m_promoteReasons;
    facts.rollbackReasons = m_rollbackReasons;
    facts.chosenReasons = m_chosenReasons;
    facts.carry = m_carry;
    return facts;
}

QString RolloutActions::age(milliseconds since) const
{
    const qint64 seconds = since.count() / 1000;
    return seconds < 120 ? tr("%1 s old").arg(seconds) : tr("%1 min old").arg(seconds / 60);
}

PreviewContext RolloutActions::context() const
{
    PreviewContext context;
    context.environment = m_settings.environment;
    context.track = m_settings.track;
    context.now = m_clock.now();
    context.notMoved = m_notMoved;
    context.configMaps = m_configMaps;
    context.runs = m_runs.row;
    context.runsBeside = m_runs.beside;
    context.guard = m_guard;
    context.afterFull = m_settings.afterFull;
    if (m_engine.state().judgedAt.count() > 0)
        context.metricsAge = age(m_clock.sinceBoot() - m_engine.state().judgedAt);
    if (m_engine.feed().health() == MetricsHealth::Lost)
        context.metricsAge += (context.metricsAge.isEmpty() ? QString() : QStringLiteral(", "))
                              + tr("metrics lost");
    return context;
}

/// Whose traffic a rollback takes away: the candidate's, or after full weight the stable's.
CommitId RolloutActions::leaving() const
{
    const TrafficState now = traffic();
    const auto &revision = inFlight(now) ? now.candidate : now.stable;
    return revision ? revision->commit : CommitId();
}

PreviewContext RolloutActions::context(const std::optional<WeightRequest> &request) const
{
    PreviewContext made = context();
    if (request) {
        made.calls = {m_control.planWeight(*request, traffic())};
        made.trial = m_trial.rows(*request);
    }
    return made;
}

std::optional<WeightRequest> RolloutActions::request(AttemptKind kind) const
{
    if (!m_engine.state().traffic)
        return std::nullopt;
    const TrafficState now = traffic();
    std::optional<Weight> to{Weight{0}};
    if (kind == AttemptKind::Promote)
        to = nextWeight(m_settings.plan, now.asked);
    else if (kind == AttemptKind::Back)
        to = previousWeight(m_settings.plan, now.asked);
    if (!to)
        return std::nullopt;
    WeightRequest made;
    made.candidate = *to;
    made.expectedVersion = now.version;
    made.actor = m_actions.actor();
    const bool isRollback = kind == AttemptKind::RollBack;
    made.candidateCommit = isRollback ? leaving() : now.candidate.value_or(RevisionState{}).commit;
    if (isRollback)
        made.target = wayBack().target.value_or(RevisionState{}).name;
    return made;
}

Intent RolloutActions::intent(const QString &verb, Weight to, const PinnedCandidate &target,
                              const QString &reason) const
{
    const TrafficState now = traffic();
    Intent made;
    made.subject = m_settings.track.value;
    made.verb = verb;
    made.body = {{QStringLiteral("track"), m_settings.track.value},
                 {QStringLiteral("from"), now.asked.percent},
                 {QStringLiteral("to"), to.percent},
                 {QStringLiteral("target"), target.name.value},
                 {QStringLiteral("targetCommit"), target.commit.value},
                 {QStringLiteral("targetDigest"), target.imageDigest},
                 {QStringLiteral("targetTemplate"), target.podTemplate},
                 {QStringLiteral("leaving"), leaving().value},
                 {QStringLiteral("version"), now.version},
                 {QStringLiteral("reason"), reason},
                 {QStringLiteral("evidence"),
                  evidenceOf(m_engine.state().results, m_engine.feed().alerts())}};
    const auto ageOf = [this](milliseconds since) {
        return qint64((m_clock.sinceBoot() - since).count());
    };
    if (m_engine.reading())
        made.body[QLatin1String("trafficAgeMs")] = ageOf(m_engine.reading()->receivedSinceBoot);
    if (m_engine.state().judgedAt.count() > 0)
        made.body[QLatin1String("evidenceAgeMs")] = ageOf(m_engine.state().judgedAt);
    return made;
}

void RolloutActions::start()
{
    m_engine.start(
        [this](const Hold &wanted, const QString &version) { keepHold(wanted, version); });
    askAccess();
}

void RolloutActions::askAccess()
{
    whenDone(
        m_control.access(), this,
        [this](const Result<TrafficAccess> &answer) {
            // Who cannot be asked does not forbid: the write itself will tell.
            m_access = answer.value_or(TrafficAccess{true, {}});
            Q_EMIT changed();
        },
        [] {});
}

QFuture<Outcome> RolloutActions::press(const Press &press, const Confirmation &confirmation)
{
    const Promise promise = started();
    if (m_pressed) {
        end(promise, Outcome::Kind::Refused, tr("The press before this one is being checked."));
        return promise->future();
    }
    m_pressed = true;
    m_engine.read([this, press, confirmation, promise](const std::optional<Error> &error) {
        m_pressed = false;
        if (error) {
            end(promise, Outcome::Kind::Failed,
                tr("Nothing was sent, because it cannot be read again: %1").arg(error->message));
            return;
        }
        const Preview now = press.preview();
        const Permission may = press.may();
        if (!stillHolds(confirmation.fingerprint, now.fingerprint)) {
            Q_EMIT previewChanged();
            const QString who = moverSince(confirmation.fingerprint, traffic());
            end(promise, Outcome::Kind::Conflict,
                who.isEmpty()
                    ? tr("Something changed since this was shown. Nothing was sent: look again.")
                    : tr("The weight was changed by %1 since this was shown. Nothing was sent: "
                         "look again.")
                          .arg(who));
        } else if (!may.allowed()) {
            end(promise, Outcome::Kind::Refused, may.first(Reason::Kind::Blocks));
        } else if (now.reasonRequired && confirmation.reason.trimmed().isEmpty()) {
            end(promise, Outcome::Kind::Refused, tr("Give a reason: something is against it."));
        } else {
            press.act(promise);
        }
    });
    return promise->future();
}

void RolloutActions::move(AttemptKind kind, std::optional<Weight> to, const QString &reason,
                          const Promise &promise)
{
    const TrafficState now = traffic();
    if (!to || !now.candidate) {
        end(promise, Outcome::Kind::Refused, tr("There is no stage to go to."));
        return;
    }
    WeightConfirmed event;
    event.kind = kind;
    event.from = now.asked;
    event.to = *to;
    event.candidate = pinOf(*now.candidate);
    event.version = now.version;
    event.actor = m_actions.actor();
    event.reason = reason;
    m_untold.reset();
    const QString verb
        = kind == AttemptKind::Promote ? QStringLiteral("promote") : QStringLiteral("back");
    perform(
        intent(verb, *to, event.candidate, reason),
        [this, event](const IntentId &id) {
            WeightConfirmed named = event;
            named.intent = id;
            return m_engine.confirm(id, named);
        },
        ActionRunner::WithoutJournal::Refuse, promise);
}

WayBack RolloutActions::wayBack() const
{
    return pilothouse::wayBack(m_engine.state(), m_retired);
}

Outcome RolloutActions::targetMoved()
{
    Q_EMIT previewChanged();
    Outcome conflict;
    conflict.kind = Outcome::Kind::Conflict;
    conflict.text = tr("The target is another revision now. Nothing was sent: look again.");
    return conflict;
}

QFuture<void> RolloutActions::lookAgain()
{
    const auto looked = std::make_shared<QPromise<void>>();
    looked->start();
    const auto over = [looked] {
        looked->finish();
    };
    m_engine.glance([over](const std::optional<Error> &) { over(); });
    m_clock.after(milliseconds(1500), this, over);
    return looked->future();
}

void RolloutActions::goBack(const Confirmation &confirmation, const QString &actor,
                            const QFuture<void> &looked, const Promise &promise)
{
    const WayBack back = wayBack();
    if (m_readOnly || !back.target) {
        end(promise, Outcome::Kind::Refused,
            m_readOnly ? tr("This console is read-only.") : back.words);
        return;
    }
    RollbackConfirmed event;
    event.target = pinOf(*back.target);
    if (targetText(back) != confirmation.target) {
        end(promise, targetMoved());
        return;
    }
    event.actor = actor.isEmpty() ? m_actions.actor() : actor;
    if (back.deploy) {
        deployBack(back, confirmation, event.actor, looked, promise);
        return;
    }
    event.reason = confirmation.reason;
    event.then = afterRollback(confirmation);
    Intent backwards = intent(QStringLiteral("roll back"), Weight{0}, event.target, event.reason);
    addAfterRollback(backwards.body, event.then);
    backwards.actor = event.actor;
    backwards.lane = m_settings.track.value + QStringLiteral("/rollback");
    perform(
        backwards,
        [this, event, looked](const IntentId &id) {
            RollbackConfirmed named = event;
            named.intent = id;
            return followed(named, [this, named, looked](const Promise &sent) {
                whenEnded(looked, this, [this, named, sent] { sendBack(named, sent); });
            });
        },
        ActionRunner::WithoutJournal::Go, promise);
}

void RolloutActions::sendBack(RollbackConfirmed event, const Promise &sent)
{
    const WayBack back = wayBack();
    if (targetText(back) != targetText(event.target)) {
        end(sent, targetMoved());
        return;
    }
    event.leaving = leaving();
    awaitAcceptance(event);
    whenDone(
        m_engine.confirm(event.intent, event), this,
        [sent](const Outcome &outcome) { end(sent, outcome); }, [] {});
}

Preview RolloutActions::previewPromote() const
{
    return promotePreview(facts(), context(request(AttemptKind::Promote)));
}

Preview RolloutActions::previewBack() const
{
    return backPreview(facts(), context(request(AttemptKind::Back)));
}

Preview RolloutActions::previewRollback() const
{
    return rollbackPreview(facts(), rollbackContext());
}

QFuture<Outcome> RolloutActions::promote(const Confirmation &confirmation)
{
    const QString reason = confirmation.reason;
    return press({[this] { return previewPromote(); },
                  [this] { return permission(promoteReasons(facts())); },
                  [this, reason](const Promise &promise) {
                      move(AttemptKind::Promote, nextWeight(m_settings.plan, traffic().asked),
                           reason, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::back(const Confirmation &confirmation)
{
    const QString reason = confirmation.reason;
    return press({[this] { return previewBack(); },
                  [this] { return permission(backReasons(facts())); },
                  [this, reason](const Promise &promise) {
                      move(AttemptKind::Back, previousWeight(m_settings.plan, traffic().asked),
                           reason, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::holdTraffic(const Confirmation &confirmation)
{
    const QString reason = confirmation.reason;
    return press({[this] { return previewHold(); },
                  [this] { return permission(holdReasons(facts())); },
                  [this, reason](const Promise &promise) {
                      const TrafficState now = traffic();
                      hold(holdFor(reason), now.version, 1,
                           intent(QStringLiteral("hold"), now.asked, {}, reason),
                           ActionRunner::WithoutJournal::Refuse, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::lift(const Confirmation &confirmation)
{
    const QString reason = confirmation.reason;
    return press({[this] { return previewLift(); },
                  [this] { return permission(holdReasons(facts())); },
                  [this, reason](const Promise &promise) {
                      const TrafficState now = traffic();
                      hold(Lift{m_actions.actor(), reason, {}}, now.version, 1,
                           intent(QStringLiteral("lift"), now.asked, {}, reason),
                           ActionRunner::WithoutJournal::Refuse, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::rollBack(const Confirmation &confirmation, const QString &actor)
{
    const Promise promise = started();
    const QFuture<void> looked = lookAgain();
    const auto go = [this, confirmation, actor, looked, promise] {
        goBack(confirmation, actor, looked, promise);
    };
    const WayBack known = wayBack();
    // What the person decided needs no look to be recorded: the two waits run side by side.
    if (known.target && targetText(known) == confirmation.target)
        go();
    else
        whenEnded(looked, this, go);
    return promise->future();
}

QFuture<Outcome> RolloutActions::settle(const Record &intent)
{
    return lookFor(intent, &whatCameOf);
}

/// What a console that is gone had a program do may still go on.
QFuture<Outcome> RolloutActions::lookFor(const Record &intent, WhatCame whatCame)
{
    const Promise promise = started();
    m_engine.read([this, intent, whatCame, promise](const std::optional<Error> &error) {
        if (error)
            return end(promise, unseen(tr("It cannot be seen now: %1").arg(error->message)));
        const Outcome came = whatCame(intent, traffic());
        end(promise,
            isProgramsWork(intent, m_control) && mayStillRun(intent, came, traffic(), m_clock.now())
                ? unseen(tr("%1 may still be at work: it is looked at again")
                             .arg(m_control.programName()))
                : came);
    });
    return promise->future();
}

} // namespace pilothouse

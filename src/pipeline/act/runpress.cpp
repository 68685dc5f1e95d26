#include "pipeline/act/runactions.h"

#include "action/settle.h"
#include "base/whendone.h"
#include "pipeline/act/runerrand.h"
#include "pipeline/act/runpreviews.h"

// What happens at a press: read again, compare, ask the rules, write the intent, send, look.

namespace pilothouse {

namespace {

using PressPromise = std::shared_ptr<QPromise<Outcome>>;

void endPress(const PressPromise &promise, Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    promise->addResult(outcome);
    promise->finish();
}

/// The comment of a review is what the person gave as the reason.
RunOrder withComment(const RunOrder &order, const QString &reason, const QString &actor)
{
    RunOrder own = order;
    if (auto *review = std::get_if<ReviewEnvironments>(&own)) {
        review->comment = reason.trimmed().isEmpty()
                              ? RunActions::tr("by %1, in the release console").arg(actor)
                              : reason.trimmed();
    }
    return own;
}

} // namespace

QFuture<Outcome> RunActions::carryOut(const RunOrder &order, const Confirmation &confirmation)
{
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> answer = promise->future();
    if (m_pressed) {
        endPress(promise, Outcome::Kind::Refused,
                 tr("The press before this one is being checked."));
        return answer;
    }
    m_pressed = true;
    readAgain(order, [this, order, confirmation, promise](const std::optional<Error> &error) {
        if (error)
            giveUp(promise, Outcome::Kind::Failed,
                   tr("Nothing was sent, because it cannot be read again: %1").arg(error->message));
        else
            check(order, confirmation, promise);
    });
    return answer;
}

void RunActions::giveUp(const Promise &promise, Outcome::Kind kind, const QString &text)
{
    m_pressed = false;
    endPress(promise, kind, text);
}

void RunActions::readAgain(const RunOrder &order,
                           const std::function<void(const std::optional<Error> &)> &next)
{
    const RunId run = runOf(order);
    if (run == RunId())
        return next({});
    const bool review = std::holds_alternative<ReviewEnvironments>(order);
    const Error stopped{ErrorKind::Cancelled, tr("the question was stopped"), {}, {}};
    whenDone(
        m_control.run(run), this,
        [this, run, review, next, stopped](const Result<Reading<Run>> &read) {
            if (!read)
                return next(read.error());
            m_fresh = *read;
            if (!review)
                return next({});
            whenDone(
                m_control.waiting(run), this,
                [this, run, next](const Result<QList<PendingEnvironment>> &waiting) {
                    if (!waiting)
                        return next(waiting.error());
                    ++m_generation; // what was asked before is older
                    m_waitingOf = run;
                    m_waiting = *waiting;
                    m_waitingLost.reset();
                    next({});
                },
                [next, stopped] { next(stopped); });
        },
        [next, stopped] { next(stopped); });
}

void RunActions::check(const RunOrder &order, const Confirmation &confirmation,
                       const Promise &promise)
{
    const Preview now = preview(order);
    const Permission allowed = may(order);
    if (now.fingerprint != confirmation.fingerprint) {
        giveUp(promise, Outcome::Kind::Conflict,
               tr("Something changed since this was shown. Nothing was sent: look again."));
        Q_EMIT previewChanged();
        m_view.refresh();
    } else if (!allowed.allowed()) {
        giveUp(promise, Outcome::Kind::Refused, allowed.first(Reason::Kind::Blocks));
        Q_EMIT changed();
    } else if (now.reasonRequired && confirmation.reason.trimmed().isEmpty()) {
        giveUp(promise, Outcome::Kind::Refused, tr("Give a reason."));
    } else {
        prepare(withComment(order, confirmation.reason, m_actions.actor()), confirmation.reason,
                promise);
    }
}

/// What tells the effect from what was there is read before anything is sent.
void RunActions::prepare(const RunOrder &order, const QString &reason, const Promise &promise)
{
    BeforeOrder before;
    before.since = m_view.serverNow().isValid() ? m_view.serverNow() : m_clock.now();
    before.login = m_access.login;
    const auto lost = [this, promise](const QString &why) {
        giveUp(promise, Outcome::Kind::Failed,
               tr("Nothing was sent, because it cannot be read again: %1").arg(why));
    };
    const auto stopped = [lost] {
        lost(tr("the question was stopped"));
    };
    if (const auto *dispatch = std::get_if<DispatchWorkflow>(&order)) {
        // Stamps have whole seconds, and two clocks are at work.
        before.since = before.since.addSecs(-60);
        whenDone(
            m_control.dispatched(dispatch->workflowPath, before.since, before.login), this,
            [this, order, before, reason, promise, lost](const Result<QList<Run>> &runs) {
                if (!runs)
                    return lost(runs.error().message);
                BeforeOrder own = before;
                for (const Run &run : *runs)
                    own.known.append(run.id);
                perform(order, own, reason, promise);
            },
            stopped);
        return;
    }
    if (const auto *review = std::get_if<ReviewEnvironments>(&order)) {
        whenDone(
            m_control.reviews(review->run), this,
            [this, order, before, reason, promise, lost](const Result<QList<GivenReview>> &given) {
                if (!given)
                    return lost(given.error().message);
                BeforeOrder own = before;
                own.reviews = reviewsLike(*std::get_if<ReviewEnvironments>(&order), *given);
                perform(order, own, reason, promise);
            },
            stopped);
        return;
    }
    perform(order, before, reason, promise);
}

void RunActions::perform(const RunOrder &order, const BeforeOrder &before, const QString &reason,
                         const Promise &promise)
{
    m_pressed = false;
    m_underWay[subjectOf(order)].append(verbOf(order));
    Q_EMIT changed();
    const auto effect = [this, order, before](const IntentId &) {
        return RunErrand::begin(m_control, m_clock, order, before,
                                {m_settings.lookEvery, m_settings.lookFor}, this);
    };
    Intent intent = intentOf(order, before, reason);
    intent.body[QLatin1String("host")] = m_control.systemName();
    whenDone(
        m_actions.run(intent, effect), this,
        [this, order, promise](const Outcome &outcome) { conclude(order, outcome, promise); },
        [this, order, promise] {
            Outcome unknown;
            unknown.text = tr("It was given up before an answer came. Look at %1.")
                               .arg(m_control.systemName());
            conclude(order, unknown, promise);
        });
}

void RunActions::conclude(const RunOrder &order, const Outcome &outcome, const Promise &promise)
{
    const RunId run = runOf(order);
    m_underWay[subjectOf(order)].removeOne(verbOf(order));
    m_lastWords = outcome.text;
    m_lastKind = outcome.kind;
    const bool goesOn
        = outcome.kind == Outcome::Kind::Unknown && outcome.body[QLatin1String("taken")].toBool();
    if (std::holds_alternative<CancelRun>(order) && goesOn && !m_cancelTaken.contains(run))
        m_cancelTaken.append(run);
    promise->addResult(outcome);
    promise->finish();
    m_view.refresh();
    Q_EMIT changed();
    if (outcome.kind == Outcome::Kind::Conflict)
        Q_EMIT previewChanged();
}

bool RunActions::claims(const Record &intent) const
{
    return isRunSubject(intent.subject)
           && intent.body[QLatin1String("host")].toString(m_control.systemName())
                  == m_control.systemName();
}

QFuture<Outcome> RunActions::settle(const Record &intent)
{
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    QFuture<Outcome> answer = promise->future();
    const auto order = orderOf(intent.body);
    if (!order) {
        endPress(promise, Outcome::Kind::Unknown,
                 tr("This version does not know “%1”.")
                     .arg(intent.body[QLatin1String("verb")].toString()));
        return answer;
    }
    const BeforeOrder before = beforeOf(intent.body);
    whenDone(
        lookFor(m_control, *order, before, this), this,
        [promise, order = *order, before](const Result<RunSight> &sight) {
            if (!sight) {
                promise->addResult(
                    unseen(tr("It cannot be seen now: %1").arg(sight.error().message)));
                promise->finish();
                return;
            }
            const SeenOrder shown = seen(order, before, *sight);
            // A cancellation that was taken may still be on its way.
            const bool onItsWay = std::holds_alternative<CancelRun>(order);
            const auto kind = shown.kind == SeenOrder::Kind::Done ? Outcome::Kind::Done
                              : shown.kind == SeenOrder::Kind::NotYet && !onItsWay
                                  ? Outcome::Kind::Failed
                                  : Outcome::Kind::Unknown;
            endPress(promise, kind,
                     kind == Outcome::Kind::Failed ? tr("not done: %1").arg(shown.text)
                                                   : shown.text);
        },
        [promise] {
            endPress(promise, Outcome::Kind::Unknown, tr("Nobody answered what came of it."));
        });
    return answer;
}

} // namespace pilothouse

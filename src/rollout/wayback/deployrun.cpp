#include "action/outcomewords.h"
#include "base/whendone.h"
#include "rollout/act/arrival.h"
#include "rollout/act/trackintent.h"
#include "rollout/rolloutactions.h"
#include "rollout/wayback/deployintent.h"

#include <QPromise>

#include <algorithm>

// How RolloutActions goes back by an earlier deploy: traffic first where the stable can take it,
// then the deploy, then it waits for the stable to be what was wanted, and holds.

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds looksEvery{1'000};
constexpr milliseconds waitsAtLeast{3 * 60'000};
constexpr milliseconds waitsUnknown{10 * 60'000}; ///< where nothing tells how long it takes

bool hasWeight(const TrafficState &traffic)
{
    return traffic.asked.percent > 0 || traffic.accepted.value_or(Weight{0}).percent > 0;
}

/// A stable with any Pod takes the traffic over at once, before its Pods are replaced; one without
/// gets it when they are there.
bool takesTrafficFirst(const TrafficState &traffic)
{
    return hasWeight(traffic) && traffic.stable && traffic.stable->readyReplicas > 0;
}

Outcome cameTo(Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    return outcome;
}

} // namespace

struct RolloutActions::DeployRun
{
    EarlierDeploy deploy;
    OwnRequest request;
    CommitId leaving;
    milliseconds began{0}; ///< since boot, when the deploy was asked for
    bool held = false;     ///< the traffic was moved, and the hold goes with that
    AfterRollback then = AfterRollback::Hold;
    Promise promise;

    void end(Outcome outcome) const
    {
        if (held && outcome.kind != Outcome::Kind::Done)
            outcome.text = tr("The traffic was moved. %1").arg(outcome.text);
        promise->addResult(outcome);
        promise->finish();
    }
};

PreviewContext RolloutActions::rollbackContext() const
{
    const WayBack back = wayBack();
    if (!back.deploy)
        return context(request(WeightAttempt::Kind::RollBack));
    PreviewContext made = context();
    const TrafficState now = traffic();
    const auto weight = request(WeightAttempt::Kind::RollBack);
    if (weight && hasWeight(now))
        made.calls.append(m_control.planWeight(*weight, now));
    if (const auto action = ownOf(back.deploy->action)) {
        made.calls
            = takesTrafficFirst(now) ? made.calls + action->calls : action->calls + made.calls;
        made.leaves = action->leaves;
    }
    made.trial = m_trial.rows(ownTrial(back.deploy->action));
    return made;
}

QString RolloutActions::rollbackCommand() const
{
    auto weight = request(WeightAttempt::Kind::RollBack);
    const WayBack back = wayBack();
    // Whether this console may do it says nothing about whoever is given the command.
    if (!weight || !back.target)
        return {};
    if (back.deploy) {
        const auto action = ownOf(back.deploy->action);
        return action && !action->calls.isEmpty() ? action->calls.first().copyable : QString();
    }
    weight->expectedVersion.clear();
    return m_control.planWeight(*weight, traffic()).copyable;
}

void RolloutActions::deployBack(const WayBack &back, const Confirmation &confirmation,
                                const QString &actor, const QFuture<void> &looked,
                                const Promise &promise)
{
    const auto run = std::make_shared<DeployRun>();
    run->deploy = *back.deploy;
    run->leaving = leaving();
    run->request.action = back.deploy->action;
    run->request.actor = actor;
    run->request.reason = confirmation.reason;
    run->then = afterRollback(confirmation);
    Intent made
        = intent(QStringLiteral("roll back"), Weight{0}, pinOf(*back.target), confirmation.reason);
    addDeploy(made.body, *back.deploy);
    addAfterRollback(made.body, run->then);
    made.actor = actor;
    made.lane = m_settings.track.value + QStringLiteral("/rollback");
    perform(
        made,
        [this, run, looked, target = confirmation.target](const IntentId &id) {
            run->request.intent = id;
            RollbackConfirmed rollback;
            rollback.actor = run->request.actor;
            rollback.reason = run->request.reason;
            return followed(rollback, [this, run, looked, target](const Promise &sent) {
                run->promise = sent;
                whenEnded(looked, this, [this, run, target] {
                    if (targetText(wayBack()) != target)
                        run->end(targetMoved());
                    else if (takesTrafficFirst(traffic()))
                        moveAside(run, [this, run] { deployNow(run); });
                    else
                        deployNow(run);
                });
            });
        },
        ActionRunner::WithoutJournal::Go, promise);
}

/// All traffic to the stable as it is now.
void RolloutActions::moveAside(const std::shared_ptr<DeployRun> &run,
                               const std::function<void()> &then)
{
    const TrafficState now = traffic();
    RollbackConfirmed event;
    event.target = now.stable ? pinOf(*now.stable) : PinnedCandidate{};
    event.leaving = leaving();
    event.actor = run->request.actor;
    event.reason = run->request.reason;
    event.intent = run->request.intent;
    event.then = run->then;
    awaitAcceptance(event);
    whenDone(
        m_engine.confirm(event.intent, event), this,
        [this, run, then](const Outcome &outcome) {
            if (outcome.kind != Outcome::Kind::Done)
                return run->end(outcome);
            run->held = true;
            tellRolledBack();
            then();
        },
        [] {});
}

void RolloutActions::deployNow(const std::shared_ptr<DeployRun> &run)
{
    run->began = m_clock.sinceBoot();
    run->request.expectedVersion = traffic().version;
    whenDone(
        m_control.runOwn(run->request), this,
        [this, run](const Result<Reading<TrafficState>> &answer) {
            if (answer) {
                m_engine.take(*answer);
                return awaitStable(run);
            }
            m_engine.read([run, error = answer.error()](const std::optional<Error> &) {
                Outcome failed = outcomeOf(error);
                if (mayBeDone(error))
                    failed.kind = Outcome::Kind::Unknown;
                run->end(failed);
            });
        },
        [run] {
            run->end(cameTo(Outcome::Kind::Unknown, tr("No answer came. Look at what is live.")));
        });
}

void RolloutActions::awaitStable(const std::shared_ptr<DeployRun> &run)
{
    const TrafficState now = traffic();
    const milliseconds waited = m_clock.sinceBoot() - run->began;
    if (isStableBy(run->deploy, now)) {
        if (hasWeight(now))
            return moveAside(run, [this, run] { wentBack(run); });
        return wentBack(run);
    }
    const milliseconds patience
        = run->deploy.takes ? std::max(waitsAtLeast, *run->deploy.takes * 2) : waitsUnknown;
    if (waited > patience) {
        const RevisionState stable = now.stable.value_or(RevisionState{});
        return run->end(cameTo(Outcome::Kind::Unknown,
                               tr("%1 is made again, but after %2 the stable is %3, %4/%5 ready. "
                                  "Look at what is live.")
                                   .arg(run->deploy.name, minutes(waited), revisionWord(stable))
                                   .arg(stable.readyReplicas)
                                   .arg(stable.wantedReplicas)));
    }
    m_clock.after(looksEvery, this, [this, run] {
        m_engine.read([this, run](const std::optional<Error> &) { awaitStable(run); });
    });
}

void RolloutActions::wentBack(const std::shared_ptr<DeployRun> &run)
{
    const TrafficState now = traffic();
    if (!run->held && !now.hold && run->then == AfterRollback::Hold) {
        WeightRequest rollback;
        rollback.actor = run->request.actor;
        rollback.reason = run->request.reason;
        rollback.candidateCommit = run->leaving;
        keepHold(holdAfter(rollback), now.version);
    }
    const RevisionState stable = now.stable.value_or(RevisionState{});
    run->end(cameTo(Outcome::Kind::Done, tr("%1 is made again: %2 runs, %3/%4 ready after %5")
                                             .arg(run->deploy.name, revisionWord(stable))
                                             .arg(stable.readyReplicas)
                                             .arg(stable.wantedReplicas)
                                             .arg(minutes(m_clock.sinceBoot() - run->began))));
}

} // namespace pilothouse

#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmcontrol.h"

// What a Helm release has beside its weight: going back to a whole revision, and a lock that
// somebody left behind.

namespace pilothouse {
namespace {

constexpr QLatin1String unlockId("helm.unlock");

QString weightText(const HelmBody &body)
{
    return body.weight ? HelmControl::tr("%1 %").arg(body.weight->percent)
                       : HelmControl::tr("weight unknown");
}

/// "revision 43, deployed, web 1.4.0, 50 %".
QString withWeight(const HelmHistory &history, const HelmRevision &revision)
{
    return HelmControl::tr("%1, %2").arg(revisionText(history, revision),
                                         weightText(history.body(revision.number)));
}

} // namespace

PlannedCall HelmControl::planRollback(int revision) const
{
    return rollbackCall(m_target, m_program.likely(), *m_view->sight.history, revision,
                        noteShown(tr("(you)"), tr("(the reason that you give)")));
}

OwnAction HelmControl::rollbackAction(const HelmRevision &revision) const
{
    const HelmHistory &history = *m_view->sight.history;
    OwnAction action = pilothouse::rollbackAction(history, revision, planRollback(revision.number));
    action.from = withWeight(history, *history.newest());
    action.to = withWeight(history, revision);
    if (m_view->sight.lock.kind == HelmLock::Kind::Deploying)
        action.offBecause = m_view->sight.lock.sentence;
    return action;
}

OwnAction HelmControl::unlockAction() const
{
    OwnAction action;
    action.id = unlockId;
    action.title = tr("Helm: clear the lock that was left behind");
    action.verb = tr("Clear the lock");
    action.typed = QStringLiteral("unlock");
    action.typedPrompt = tr("Type unlock");
    if (!m_view || !m_view->sight.history) {
        action.offBecause
            = m_view ? m_view->sight.history.error().message : tr("the history is not read yet");
        return action;
    }
    const HelmHistory &history = *m_view->sight.history;
    const HelmLock &lock = m_view->sight.lock;
    const GoodRevisions found = goodRevisions(history);
    action.from = withWeight(history, *history.newest());
    if (lock.kind == HelmLock::Kind::None) {
        action.offBecause = tr("there is no lock: revision %1 is %2")
                                .arg(history.newest()->number)
                                .arg(history.newest()->word);
    } else if (lock.kind == HelmLock::Kind::Deploying) {
        action.offBecause = lock.sentence;
    } else if (found.good.isEmpty()) {
        action.offBecause
            = tr("there is no good revision to go back to: %1").arg(found.skipped.join(tr("; ")));
    }
    if (!action.offBecause.isEmpty())
        return action;
    const HelmRevision &target = found.good.first();
    action.to = withWeight(history, target);
    action.leaves << lock.sentence;
    for (const QString &skipped : found.skipped)
        action.leaves << tr("Skipped: %1.").arg(skipped);
    action.leaves << tr("Whoever might still deploy is not stopped by this. Ask first.")
                  << whatARollbackLeaves(*history.newest());
    action.calls = {planRollback(target.number)};
    return action;
}

QList<OwnAction> HelmControl::ownActions(const TrafficState & /*now*/) const
{
    QList<OwnAction> actions{unlockAction()};
    if (!m_view || !m_view->sight.history)
        return actions;
    const HelmHistory &history = *m_view->sight.history;
    for (const HelmRevision &good : goodRevisions(history).good) {
        if (actions.size() > HelmStorage::closerLook)
            break;
        if (good != *history.newest())
            actions.append(rollbackAction(good));
    }
    return actions;
}

Result<int> HelmControl::revisionFor(const View &view, const QString &action) const
{
    const QList<OwnAction> actions = ownActions(told(view).value);
    const auto found = std::find_if(actions.cbegin(), actions.cend(),
                                    [&](const OwnAction &each) { return each.id == action; });
    if (found == actions.cend())
        return fail(ErrorKind::Refused, tr("Helm has no action %1 now.").arg(action));
    if (!found->offBecause.isEmpty())
        return fail(ErrorKind::Refused, found->offBecause);
    return action == unlockId ? goodRevisions(*view.sight.history).good.first().number
                              : rollbackRevision(action);
}

QFuture<HelmControl::Answer> HelmControl::runOwn(const OwnRequest &request)
{
    return askNext<State>(
        lookFor(request.expectedVersion), this, [this, request](const Result<View> &view) {
            if (!view)
                return ready<State>(fail(beforeHelmRan(view.error())));
            const auto revision = revisionFor(*view, request.action);
            if (!revision)
                return ready<State>(fail(beforeHelmRan(revision.error())));
            const HelmHistory &history = *view->sight.history;
            const HelmRollback rollback{
                *revision,
                history.newest()->number,
                {m_clock.now(), request.actor, {}, request.reason, request.intent}};
            return askNext<State>(
                m_program.generation(), this,
                [this, rollback, history](const Result<HelmGeneration> &which) {
                    if (!which)
                        return ready<State>(fail(beforeHelmRan(which.error())));
                    const Command command = helmCommand(
                        m_target, rollbackArguments(m_target, *which, history, rollback.revision));
                    return askNext<State>(
                        run(command, {{}, {}, rollback.before}), this,
                        [this, rollback](const Answer &done) { return noted(rollback, done); });
                });
        });
}

QFuture<Result<DryRun>> HelmControl::dryRunOwn(const OwnRequest &request)
{
    const auto failed = [](const Error &error) {
        return ready<DryRun>(fail(error));
    };
    return askNext<DryRun>(
        lookFor(request.expectedVersion), this, [this, request, failed](const Result<View> &view) {
            if (!view)
                return failed(view.error());
            const auto revision = revisionFor(*view, request.action);
            if (!revision)
                return failed(revision.error());
            return askNext<DryRun>(
                m_program.generation(), this,
                [=, this, view = *view, revision = *revision](const Result<HelmGeneration> &which) {
                    if (!which)
                        return failed(which.error());
                    const Command command = helmCommand(
                        m_target,
                        rollbackTrialArguments(m_target, *which, *view.sight.history, revision));
                    return askNext<DryRun>(m_program.look(command), this,
                                           [=, this](const Result<CommandOutput> &tried) {
                                               if (!tried)
                                                   return failed(tried.error());
                                               return compared(
                                                   view, revision,
                                                   QStringLiteral("helm rollback --dry-run"));
                                           });
                });
        });
}

QFuture<HelmControl::Answer> HelmControl::noted(const HelmRollback &run, const Answer &done)
{
    if (!done || !m_view || !m_view->sight.history)
        return ready<State>(done);
    const auto deed = madeBy(run, *m_view->sight.history);
    if (!deed)
        return ready<State>(done);
    return converted<State>(noteOn(*m_route, m_view->route.value.version, *deed, this), this,
                            [this](const Answer &noted) -> Answer {
                                if (!noted)
                                    return doneUnnoted(told(*m_view), noted.error());
                                const View after{*noted, m_view->sight};
                                take(after);
                                return told(after);
                            });
}

QString HelmControl::noteShown(const QString &actor, const QString &reason) const
{
    return shownNote(*m_route, *m_view->sight.history, {m_clock.now(), actor, {}, reason, {}});
}

} // namespace pilothouse

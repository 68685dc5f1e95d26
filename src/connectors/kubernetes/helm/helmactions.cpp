#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmcontrol.h"

// What a Helm release has beside its weight: going back to a whole revision, and a lock that
// somebody left behind.

namespace pilothouse {
namespace {

constexpr QLatin1String unlockId("helm.unlock");
constexpr QLatin1String rollbackPrefix("helm.rollback:");

QString weightText(const HelmBody &body)
{
    return body.weight ? HelmControl::tr("%1 %").arg(body.weight->percent)
                       : HelmControl::tr("weight unknown");
}

/// "revision 43, deployed, web 1.4.0, 50 %".
QString revisionText(const HelmHistory &history, const HelmRevision &revision)
{
    const HelmBody body = history.body(revision.number);
    return HelmControl::tr("revision %1, %2, %3 %4, %5")
        .arg(QString::number(revision.number), revision.word, body.chart, body.chartVersion,
             weightText(body));
}

QStringList whatARollbackLeaves(const HelmRevision &newest)
{
    return {
        HelmControl::tr("It makes revision %1; the revisions in between stay in the history.")
            .arg(newest.number + 1),
        HelmControl::tr("Images and all values go back, not the weight alone."),
        HelmControl::tr("The chart's rollback hooks run. Changes of the database, custom resource "
                        "definitions and volumes stay as they are.")};
}

/// A rollback wins over whoever else owns the fields.
HelmConflicts rollbackConflicts(const HelmHistory &history, int revision)
{
    return history.body(revision).isServerSide() ? HelmConflicts::Force : HelmConflicts::Respect;
}

} // namespace

PlannedCall HelmControl::planRollback(int revision) const
{
    PlannedCall call;
    call.language = PlannedCall::Language::Shell;
    const HelmHistory &history = *m_view->sight.history;
    call.summary = tr("helm rollback %1 %2   if the newest revision is still %3")
                       .arg(m_target.release)
                       .arg(revision)
                       .arg(history.newest()->number);
    call.exact = shellText(m_target.program,
                           rollbackArguments(m_target, m_generation.value_or(HelmGeneration::Three),
                                             revision, rollbackConflicts(history, revision)));
    call.copyable = call.exact;
    call.exact += shownNote(tr("(you)"), tr("(the reason that you give)"));
    return call;
}

OwnAction HelmControl::rollbackAction(const HelmRevision &revision) const
{
    const HelmHistory &history = *m_view->sight.history;
    OwnAction action;
    action.id = rollbackPrefix + QString::number(revision.number);
    action.title = tr("Helm: roll back to revision %1").arg(revision.number);
    action.verb = tr("Roll back");
    action.from = revisionText(history, *history.newest());
    action.to = revisionText(history, revision);
    action.leaves = whatARollbackLeaves(*history.newest());
    action.calls = {planRollback(revision.number)};
    action.typed = QString::number(revision.number);
    action.typedPrompt = tr("Type the revision you want");
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
    action.from = revisionText(history, *history.newest());
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
    action.to = revisionText(history, target);
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
                              : action.mid(rollbackPrefix.size()).toInt();
}

QFuture<HelmControl::Answer> HelmControl::runOwn(const OwnRequest &request)
{
    return askNext<State>(
        lookFor(request.expectedVersion), this, [this, request](const Result<View> &view) {
            if (!view)
                return ready<State>(fail(view.error()));
            const auto revision = revisionFor(*view, request.action);
            if (!revision)
                return ready<State>(fail(revision.error()));
            const HelmHistory &history = *view->sight.history;
            const RunRollback rollback{
                *revision,
                history.newest()->number,
                {m_clock.now(), request.actor, {}, request.reason, request.intent}};
            const HelmConflicts conflicts = rollbackConflicts(history, *revision);
            return askNext<State>(
                generation(), this,
                [this, rollback, conflicts](const Result<HelmGeneration> &which) {
                    if (!which)
                        return ready<State>(fail(which.error()));
                    const Command command
                        = helmCommand(m_target, rollbackArguments(m_target, *which,
                                                                  rollback.revision, conflicts));
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
            const HelmConflicts conflicts = rollbackConflicts(*view->sight.history, *revision);
            return askNext<DryRun>(
                generation(), this,
                [=, this, view = *view, revision = *revision](const Result<HelmGeneration> &which) {
                    if (!which)
                        return failed(which.error());
                    const Command command = helmCommand(
                        m_target, rollbackTrialArguments(m_target, *which, revision, conflicts));
                    return askNext<DryRun>(
                        m_runner.run(command), this, [=, this](const Result<CommandOutput> &tried) {
                            if (!tried)
                                return failed(tried.error());
                            if (tried->exitCode != 0)
                                return failed(helmFailure(*tried));
                            return compared(view, revision,
                                            QStringLiteral("helm rollback --dry-run"));
                        });
                });
        });
}

QFuture<HelmControl::Answer> HelmControl::noted(const RunRollback &run, const Answer &done)
{
    if (!done || !m_view || !m_view->sight.history)
        return ready<State>(done);
    Deed named = run.deed;
    // The first one after it: helm refuses a number that somebody else took meanwhile.
    for (const HelmRevision &made : m_view->sight.history->revisions) {
        const QString description = m_view->sight.history->body(made.number).description;
        if (made.number > run.before && description == rollbackDescription(run.revision))
            named.what = throughRevision(made.number);
    }
    if (named.what.isEmpty())
        return ready<State>(done);
    return askNext<State>(m_route->note(named, m_view->route.value.version), this,
                          [this, named](const Answer &answer) {
                              return answer ? ready<State>(takeNoted(answer))
                                            : noteAgain(named, answer.error());
                          });
}

/// The route's controller answers helm's write with writes of its own.
QFuture<HelmControl::Answer> HelmControl::noteAgain(const Deed &deed, const Error &why)
{
    if (why.kind != ErrorKind::Conflict)
        return ready<State>(takeNoted(fail(why)));
    return askNext<State>(m_route->read(), this, [this, deed, why](const Answer &route) {
        if (!route)
            return ready<State>(takeNoted(fail(why)));
        return converted<State>(m_route->note(deed, route->value.version), this,
                                [this](const Answer &answer) { return takeNoted(answer); });
    });
}

/// The rollback is done either way.
HelmControl::Answer HelmControl::takeNoted(const Answer &noted)
{
    if (noted) {
        const View after{*noted, m_view->sight};
        take(after);
        return told(after);
    }
    State state = told(*m_view);
    QString &problem = state.value.problem;
    problem
        += (problem.isEmpty() ? QString() : QStringLiteral("; "))
           + tr("done, but who did it is not noted on the route: %1").arg(noted.error().message);
    return state;
}

QString HelmControl::shownNote(const QString &actor, const QString &reason) const
{
    const Deed deed{m_clock.now(), actor,
                    throughRevision(m_view->sight.history->newest()->number + 1), reason,
                    IntentId(tr("(made when you confirm)"))};
    const QString exact = m_route->planNote(deed, tr("(the version that helm leaves)")).exact;
    return tr("\n\n# and then a note on the route; without it what was done stays done\n%1")
        .arg(exact);
}

} // namespace pilothouse

#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmdifference.h"
#include "connectors/kubernetes/wayback/helmwayback.h"

// How HelmWayBack goes back to a revision, and what that would change.

namespace pilothouse {
/// Why a revision is not gone back to, by the history as it was read last.
std::optional<Error> HelmWayBack::refusal(int revision) const
{
    const auto refused = [](ErrorKind kind, const QString &why) {
        return std::optional(Error{kind, why, {}, {}});
    };
    if (!m_sight)
        return refused(ErrorKind::Refused, tr("The stable belongs to no Helm release any more."));
    if (!m_sight->history)
        return m_sight->history.error();
    if (m_sight->lock.kind == HelmLock::Kind::Deploying)
        return refused(ErrorKind::Refused, m_sight->lock.sentence);
    const HelmHistory &history = *m_sight->history;
    const QList<HelmRevision> good = goodRevisions(history).good;
    const bool leadsBack = std::any_of(good.cbegin(), good.cend(), [&](const HelmRevision &each) {
        return each.number == revision && each != *history.newest();
    });
    if (leadsBack)
        return {};
    return refused(ErrorKind::Conflict,
                   tr("Helm revision %1 (%2) is the newest now, and revision %3 leads nowhere. "
                      "Look at it again, then decide.")
                       .arg(history.newest()->number)
                       .arg(history.newest()->word)
                       .arg(revision));
}

QFuture<HelmWayBack::Answer> HelmWayBack::runOwn(const OwnRequest &request)
{
    const int revision = rollbackRevision(request.action);
    if (revision == 0)
        return asTold(m_route->runOwn(request));
    return askNext<State>(read(), this, [this, request, revision](const Answer &now) {
        if (!now)
            return ready<State>(fail(beforeHelmRan(now.error())));
        if (const auto why = refusal(revision))
            return ready<State>(fail(beforeHelmRan(*why)));
        const HelmRollback run{revision,
                               m_sight->history->newest()->number,
                               {m_clock.now(), request.actor, {}, request.reason, request.intent}};
        return askNext<State>(m_program.generation(), this,
                              [this, run](const Result<HelmGeneration> &which) {
                                  return which ? rollBack(run, *which)
                                               : ready<State>(fail(beforeHelmRan(which.error())));
                              });
    });
}

QFuture<HelmWayBack::Answer> HelmWayBack::rollBack(const HelmRollback &run,
                                                   HelmGeneration generation)
{
    const Command command = helmCommand(
        target(), rollbackArguments(target(), generation, *m_sight->history, run.revision));
    return askNext<State>(
        m_program.follow(command), this, [this, run](const Result<CommandOutput> &output) {
            return rolledBack(run, output ? std::nullopt : std::optional(output.error()));
        });
}

/// The history tells whether it was done, whatever helm says of it.
QFuture<HelmWayBack::Answer> HelmWayBack::rolledBack(const HelmRollback &run,
                                                     const std::optional<Error> &why)
{
    return askNext<State>(read(), this, [this, run, why](const Answer &now) {
        const bool seen = now && m_sight && m_sight->history && m_sight->history->newest();
        if (!seen && why)
            return ready<State>(fail(*why));
        if (!seen) {
            State unseen = now ? *now : State();
            unseen.value.problem
                = tr("done, but it could not be read back: %1")
                      .arg(now ? tr("the history cannot be seen") : now.error().message);
            return ready<State>(unseen);
        }
        const HelmHistory &history = *m_sight->history;
        const auto deed = madeBy(run, history);
        const HelmRevision *made
            = deed ? history.find(deed->what.section(QLatin1Char(' '), 1).toInt()) : nullptr;
        if (why && (!made || made->status != HelmStatus::Deployed))
            return ready<State>(fail(*why));
        if (!deed)
            return ready<State>(
                fail(ErrorKind::Malformed,
                     tr("helm says that all is well, and made no revision of the release. Look at "
                        "what it printed.")));
        return converted<State>(noteOn(*m_route, now->value.version, *deed, this), this,
                                [this, now = *now](const Answer &noted) -> Answer {
                                    return noted ? told(*noted) : doneUnnoted(now, noted.error());
                                });
    });
}

QFuture<Result<DryRun>> HelmWayBack::dryRunOwn(const OwnRequest &request)
{
    const int revision = rollbackRevision(request.action);
    if (revision == 0)
        return m_route->dryRunOwn(request);
    if (const auto why = refusal(revision))
        return ready<DryRun>(fail(*why));
    const int newest = m_sight->history->newest()->number;
    const QString how
        = tr("helm rollback --dry-run, manifests of revisions %1 and %2").arg(newest).arg(revision);
    const auto compare = [this, revision, how](const Result<QString> &before) {
        if (!before)
            return ready<DryRun>(fail(before.error()));
        return converted<DryRun>(
            m_storage->manifest(revision), this,
            [how, before = *before](const Result<QString> &then) -> Result<DryRun> {
                if (!then)
                    return fail(then.error());
                return DryRun{how, manifestChanges(before, *then)};
            });
    };
    const auto tried = [this, newest, compare](const Result<CommandOutput> &output) {
        if (!output)
            return ready<DryRun>(fail(output.error()));
        return askNext<DryRun>(m_storage->manifest(newest), this, compare);
    };
    return askNext<DryRun>(
        m_program.generation(), this, [this, revision, tried](const Result<HelmGeneration> &which) {
            if (!which)
                return ready<DryRun>(fail(which.error()));
            return askNext<DryRun>(
                m_program.look(
                    helmCommand(target(), rollbackTrialArguments(target(), *which,
                                                                 *m_sight->history, revision))),
                this, tried);
        });
}

} // namespace pilothouse

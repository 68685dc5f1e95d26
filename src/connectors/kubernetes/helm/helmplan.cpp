#include "base/chaining.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/helm/helmdifference.h"

#include <QJsonDocument>

// What HelmControl says that it would run, what that would change, and how to look for oneself.

namespace pilothouse {
namespace {

HelmConflicts conflictsOf(const HelmMove &move, Weight wanted)
{
    // A rollback wins over whoever else owns the fields.
    return move.serverSide && wanted == Weight{} ? HelmConflicts::Force : HelmConflicts::Respect;
}

Result<QString> trialManifest(const Result<CommandOutput> &output)
{
    if (!output)
        return fail(output.error());
    const QJsonDocument document = QJsonDocument::fromJson(output->standardOutput);
    if (!document.isObject())
        return fail(ErrorKind::Malformed,
                    HelmControl::tr("helm tried the upgrade, but what it printed cannot be read."));
    return manifestOf(document.object());
}

} // namespace

HelmUpgrade HelmControl::upgradeOf(const HelmMove &move, const WeightRequest &request,
                                   Weight from) const
{
    HelmUpgrade upgrade;
    upgrade.weight = move.weight;
    upgrade.chartVersion = move.chartVersion;
    upgrade.description = describedChange(m_target.value, from, request);
    upgrade.onFailure = request.candidate == Weight{} ? HelmUpgrade::OnFailure::Leave
                                                      : HelmUpgrade::OnFailure::RollBack;
    upgrade.conflicts = conflictsOf(move, request.candidate);
    return upgrade;
}

QStringList HelmControl::argumentsOf(const HelmMove &move, const WeightRequest &request,
                                     HelmGeneration generation, Weight from) const
{
    if (move.means == HelmMove::Means::Rollback)
        return rollbackArguments(m_target, generation, move.revision,
                                 conflictsOf(move, request.candidate));
    return upgradeArguments(m_target, generation, upgradeOf(move, request, from));
}

PlannedCall HelmControl::planWeight(const WeightRequest &request, const TrafficState &now) const
{
    PlannedCall call;
    call.language = PlannedCall::Language::Shell;
    if (!m_view) {
        call.summary
            = tr("helm upgrade %1   %2 %3 → %4")
                  .arg(m_target.release, m_target.value, QString::number(now.asked.percent),
                       QString::number(request.candidate.percent));
        return call;
    }
    const auto move = moveFor(m_view->sight, request.candidate);
    if (!move) {
        call.summary = move.error().message;
        return call;
    }
    WeightRequest onRoute = request;
    if (!request.expectedVersion.isEmpty())
        onRoute.expectedVersion = m_view->route.value.version;
    const PlannedCall direct = m_route->planWeight(onRoute, m_view->route.value);
    if (move->means == HelmMove::Means::Route) {
        call = direct;
        call.summary = tr("%1   not by helm: %2").arg(direct.summary, move->because);
        return call;
    }
    const auto expected = HelmVersion::from(request.expectedVersion);
    const QString means = move->means == HelmMove::Means::Rollback
                              ? tr("helm rollback %1 %2").arg(m_target.release).arg(move->revision)
                              : tr("helm upgrade %1").arg(m_target.release);
    call.summary = tr("%1   %2 %3 → %4   if the newest revision is still %5")
                       .arg(means, m_target.value, QString::number(now.asked.percent),
                            QString::number(request.candidate.percent),
                            expected ? QString::number(expected->revision) : QString());
    const HelmGeneration generation = m_program.likely();
    call.copyable = shellText(m_target.program,
                              argumentsOf(*move, request, generation, m_view->route.value.asked));
    call.exact = call.copyable;
    if (move->means == HelmMove::Means::Rollback)
        call.exact += noteShown(request.actor, request.reason);
    if (request.candidate == Weight{})
        call.exact += tr("\n\n# and only if helm cannot:\n%1").arg(direct.exact);
    return call;
}

PlannedCall HelmControl::planHold(const HoldChange &change, const TrafficState & /*now*/) const
{
    // It stands on the route, which has a version of its own.
    return m_view ? m_route->planHold(change, m_view->route.value) : PlannedCall{};
}

PlannedCall HelmControl::planAnnotation(const QString &key, const QByteArray &value,
                                        const TrafficState & /*now*/) const
{
    return m_view ? m_route->planAnnotation(key, value, m_view->route.value) : PlannedCall{};
}

QString HelmControl::showCommand() const
{
    return shellText(m_target.program, historyArguments(m_target));
}

QFuture<Result<DryRun>> HelmControl::dryRun(const WeightRequest &request)
{
    return askNext<DryRun>(lookFor(request.expectedVersion), this,
                           [this, request](const Result<View> &view) {
                               if (!view)
                                   return ready<DryRun>(fail(view.error()));
                               const auto way = moveFor(view->sight, request.candidate);
                               if (!way)
                                   return ready<DryRun>(fail(way.error()));
                               return trial(*view, *way, request);
                           });
}

QFuture<Result<DryRun>> HelmControl::trial(const View &view, const HelmMove &move,
                                           const WeightRequest &request)
{
    if (move.means == HelmMove::Means::Route) {
        WeightRequest onRoute = request;
        onRoute.expectedVersion = view.route.value.version;
        return m_route->dryRun(onRoute);
    }
    if (move.means == HelmMove::Means::Rollback)
        return compared(view, move.revision, {});
    const auto after = [this, move, request, from = view.route.value.asked]() {
        return askNext<QString>(
            m_program.generation(), this,
            [this, move, request, from](const Result<HelmGeneration> &which) {
                if (!which)
                    return ready<QString>(fail(which.error()));
                // Not told line by line: it prints the release's values.
                const Command command = helmCommand(
                    m_target, trialArguments(m_target, *which, upgradeOf(move, request, from)));
                return converted<QString>(m_program.look(command), this, trialManifest);
            });
    };
    return difference(deployedOf(view), after, QStringLiteral("helm upgrade --dry-run=server"));
}

QFuture<Result<DryRun>> HelmControl::compared(const View &view, int revision, const QString &how)
{
    const int present = deployedOf(view);
    const QString manifests = tr("manifests of revisions %1 and %2").arg(present).arg(revision);
    return difference(
        present, [this, revision] { return m_storage.manifest(revision); },
        how.isEmpty() ? manifests : tr("%1, %2").arg(how, manifests));
}

QFuture<Result<DryRun>> HelmControl::difference(int present, const AskManifest &after,
                                                const QString &how)
{
    return askNext<DryRun>(
        m_storage.manifest(present), this, [this, how, after](const Result<QString> &before) {
            if (!before)
                return ready<DryRun>(fail(before.error()));
            return converted<DryRun>(
                after(), this,
                [how, before = *before](const Result<QString> &then) -> Result<DryRun> {
                    if (!then)
                        return fail(then.error());
                    return DryRun{how, manifestChanges(before, *then)};
                });
        });
}

int HelmControl::deployedOf(const View &view)
{
    const HelmRevision *deployed = view.sight.history->deployed();
    return (deployed ? deployed : view.sight.history->newest())->number;
}

QFuture<Result<DryRun>> HelmControl::dryRunHold(const HoldChange &change,
                                                const QString &expectedVersion)
{
    const auto expected = HelmVersion::from(expectedVersion);
    return expected ? m_route->dryRunHold(change, expected->route)
                    : ready<DryRun>(fail(expected.error()));
}

} // namespace pilothouse

#include "app/wiring/vendorviews.h"

#include "action/commandline.h"
#include "base/words.h"

namespace pilothouse {
namespace {

const QString serviceOf = QStringLiteral("describe service ");

/// "kubectl --context prod -n production"; helm calls its context otherwise.
QString inCluster(const QString &program, const QString &contextOption, const QString &context,
                  const QString &nameSpace)
{
    QString command = program;
    if (!context.isEmpty())
        command += QStringLiteral(" %1 %2").arg(contextOption, shellWord(context));
    return command + QStringLiteral(" -n ") + shellWord(nameSpace);
}

QString kubectl(const QString &context, const QString &nameSpace)
{
    return inCluster(QStringLiteral("kubectl"), QStringLiteral("--context"), context, nameSpace);
}

ClusterView objectIn(const QString &context, const QString &nameSpace, const QString &kind,
                     const QString &name, const QString &revision = {})
{
    const QString program = kubectl(context, nameSpace);
    return {program, QStringLiteral("%1 get %2 %3 -o yaml").arg(program, kind, shellWord(name)),
            revision};
}

CloudRunView::Served servedBy(const ServerAddress &api, const QString &host)
{
    return api.url.isEmpty() || api.url.host().endsWith(host) ? CloudRunView::Served::ByGoogle
                                                              : CloudRunView::Served::Elsewhere;
}

using PlaceOfTrack = std::variant<ClusterView, CloudRunView>;

PlaceOfTrack viewOf(const HttpRouteSettings &route)
{
    return objectIn(route.at.context, route.at.nameSpace, QStringLiteral("httproute"), route.name,
                    serviceOf);
}

PlaceOfTrack viewOf(const CloudRunSettings &run)
{
    return CloudRunView{run.project, run.region, run.service,
                        servedBy(run.api, QStringLiteral(".googleapis.com"))};
}

PlaceOfTrack viewOf(const ArgoRolloutSettings &argo)
{
    return objectIn(argo.at.context, argo.at.nameSpace, QStringLiteral("rollout"), argo.name,
                    QStringLiteral("get replicaset -l rollouts-pod-template-hash="));
}

PlaceOfTrack viewOf(const NginxCanarySettings &nginx)
{
    return objectIn(nginx.at.context, nginx.at.nameSpace, QStringLiteral("ingress"), nginx.name,
                    serviceOf);
}

PlaceOfTrack viewOf(const IstioSettings &istio)
{
    return objectIn(istio.at.context, istio.at.nameSpace, QStringLiteral("virtualservice"),
                    istio.name);
}

PlaceOfTrack viewOf(const FlaggerSettings &flagger)
{
    return objectIn(flagger.at.context, flagger.at.nameSpace, QStringLiteral("canary"),
                    flagger.name);
}

PlaceOfTrack viewOf(const HelmSettings &helm)
{
    return ClusterView{kubectl(helm.at.context, helm.at.nameSpace),
                       inCluster(QStringLiteral("helm"), QStringLiteral("--kube-context"),
                                 helm.at.context, helm.at.nameSpace)
                           + QStringLiteral(" history ") + shellWord(helm.release),
                       serviceOf};
}

/// The one build service of the workspace; nothing where its tracks have several.
std::optional<CloudBuildView> buildsOf(const Workspace &workspace)
{
    std::optional<CloudBuildView> found;
    for (const TrackSettings &track : workspace.tracks) {
        if (!track.build)
            continue;
        const CloudBuildView view{track.build->project, track.build->region,
                                  servedBy(track.build->api, QStringLiteral(".googleapis.com"))};
        if (found && *found != view)
            return {};
        found = view;
    }
    return found;
}

} // namespace

VendorPages vendorPages(const Workspace &workspace)
{
    VendorPages pages;
    const RepositorySettings &repository = workspace.repository;
    if (const auto web = githubPages(repository.github, repository.api.url))
        pages.repository = *web;
    else
        pages.noRepository
            = repository.github.isEmpty()
                  ? Words::tr("the workspace names no GitHub repository")
                  : Words::tr("%1 serves no pages that are known").arg(repository.api.url.host());
    if (workspace.prometheus)
        pages.metrics = workspace.prometheus->address.url;
    for (const TrackSettings &track : workspace.tracks)
        pages.tracks.insert(
            track.name.value,
            std::visit([](const auto &control) { return viewOf(control); }, track.control));
    for (const AlsoLive &live : workspace.alsoLive)
        pages.workloads.insert(live.name, objectIn(live.context, live.nameSpace,
                                                   QStringLiteral("deployment"), live.deployment));
    for (const DatabaseSettings &database : workspace.databases)
        pages.changeFolders.insert(database.name, database.changes);
    pages.builds = buildsOf(workspace);
    return pages;
}

} // namespace pilothouse

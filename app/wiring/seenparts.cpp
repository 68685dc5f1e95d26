#include "app/wiring/seenparts.h"

#include "app/wiring/connections.h"
#include "connectors/github/githubruns.h"
#include "release/releasecontroller.h"

namespace pilothouse {

SeenParts::SeenParts(const Workspace &workspace, Connections &connections, GithubRuns *runs,
                     ReleaseController &release, Clock &clock)
{
    if (runs)
        release.addSeen(runs->deployments());
    for (const TrackSettings &track : workspace.tracks) {
        const auto *route = std::get_if<HttpRouteSettings>(&track.control);
        if (!route)
            continue;
        const auto cluster = connections.cluster(route->at.kubeconfig, route->at.context);
        m_helm.push_back(std::make_unique<HelmDeploys>(
            HelmDeploys::Place{track.name,
                               cluster ? &(*cluster)->api : nullptr,
                               route->at.nameSpace,
                               {route->stable, route->candidate},
                               cluster ? std::nullopt : std::optional(cluster.error())},
            clock));
        release.addSeen(*m_helm.back());
    }
}

} // namespace pilothouse

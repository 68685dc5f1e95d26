#include "app/wiring/signin/signinprograms.h"

#include "connectors/kubernetes/kubeconfig.h"

#include <set>

namespace pilothouse {

QList<Result<ExecPlugin>> signInPrograms(const Workspace &workspace)
{
    std::set<std::pair<QString, QString>> clusters;
    for (const TrackSettings &track : workspace.tracks) {
        if (const ClusterPlace *place = placeOf(track.control))
            clusters.insert({place->kubeconfig, place->context});
    }
    for (const AlsoLive &live : workspace.alsoLive)
        clusters.insert({live.kubeconfig, live.context});
    QList<Result<ExecPlugin>> programs;
    for (const auto &[file, name] : clusters) {
        const auto context = readKubeconfig(file, name);
        if (!context)
            programs.append(fail(context.error()));
        else if (context->exec)
            programs.append(*context->exec);
    }
    return programs;
}

} // namespace pilothouse

#include "connectors/kubernetes/helm/helmnextdeploy.h"

#include "base/words.h"

namespace pilothouse {

NextDeploy nextHelmDeploy(const HelmSight &sight)
{
    if (!sight.history)
        return unknownNextDeploy(sight.history.error().message);
    if (sight.lock.kind != HelmLock::Kind::None)
        return unknownNextDeploy(sight.lock.sentence);
    const auto asked = askedWeight(*sight.history);
    if (!asked)
        return unknownNextDeploy(Words::tr("no revision of the release says a weight"));
    if (*asked != sight.onRoute)
        return unknownNextDeploy(Words::tr("Helm was asked for %1 % and the route has %2 %")
                                     .arg(asked->percent)
                                     .arg(sight.onRoute.percent));
    return {NextDeploy::Kind::Overwrites,
            Words::tr("the next helm upgrade with values of its own overwrites this weight by "
                      "theirs or the chart's; with --reuse-values, or without any, it stays"),
            {}};
}

} // namespace pilothouse

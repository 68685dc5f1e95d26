#include "connectors/kubernetes/watched/backendsworld.h"

#include "base/words.h"

namespace pilothouse {

BackendsWorld::BackendsWorld(const QString &nameSpace)
    : m_services(decodeService), m_deployments(decodeDeployment), m_pods(decodePod)
{
    const QString core = QStringLiteral("api/v1");
    add({core, nameSpace, QStringLiteral("services")}, m_services);
    add({QStringLiteral("apis/apps/v1"), nameSpace, QStringLiteral("deployments")}, m_deployments);
    add({core, nameSpace, QStringLiteral("pods")}, m_pods);
}

Backends BackendsWorld::backends() const
{
    return {m_services.all(), m_deployments.all(), m_pods.all()};
}

void BackendsWorld::tellEnds(TrafficEnds ends, QStringList problems, TrafficState &state) const
{
    const RevisionState &candidate = ends.candidate;
    const bool hasTraffic = state.asked.percent > 0;
    const bool isWanted = candidate.wantedReplicas > 0;
    demandPods(ends.stable, problems);
    state.stable = ends.stable;
    if (isWanted && (hasTraffic || !isSameCode(candidate, ends.stable)))
        state.candidate = candidate;
    if (candidate.pods.isEmpty() && hasTraffic)
        problems << Words::tr("%1 % of the traffic goes to “%2”, behind which no Pod stands")
                        .arg(state.asked.percent)
                        .arg(candidate.name.value);
    if (ends.besides && isWanted && !hasTraffic)
        state.reachable.append(candidate);
    problems << unreadable();
    state.problem = problems.join(QStringLiteral("; "));
}

} // namespace pilothouse

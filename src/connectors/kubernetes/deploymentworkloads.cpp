#include "connectors/kubernetes/deploymentworkloads.h"

#include "base/chaining.h"
#include "connectors/kubernetes/kubernetesobjects.h"

namespace pilothouse {
namespace {

Workload workloadOf(const DeploymentWorkloads::Place &place,
                    const Result<KubeDeployment> &deployment)
{
    Workload workload;
    workload.name = place.name;
    if (!deployment) {
        workload.error = deployment.error();
        return workload;
    }
    workload.ready = deployment->readyReplicas;
    workload.wanted = deployment->replicas;
    workload.mixed = deployment->isMixed();
    if (!workload.mixed)
        workload.commit = commitOf(place.commitFrom, deployment->image, deployment->templateLabels);
    workload.since = deployment->templateWrittenAt;
    workload.by = deployment->templateWriter;
    return workload;
}

} // namespace

DeploymentWorkloads::DeploymentWorkloads(QList<Place> places, QObject *parent)
    : QObject(parent), m_places(std::move(places))
{}

QFuture<DeploymentWorkloads::Answer> DeploymentWorkloads::read()
{
    return readFrom(0, {});
}

QFuture<DeploymentWorkloads::Answer>
DeploymentWorkloads::readFrom(qsizetype index, const Reading<QList<Workload>> &before)
{
    if (index == m_places.size()) {
        Reading<QList<Workload>> all = before;
        all.source = QStringLiteral("Kubernetes");
        return ready<Reading<QList<Workload>>>(all);
    }
    const Place place = m_places[index];
    if (!place.api) {
        Reading<QList<Workload>> now = before;
        now.value.append(workloadOf(place, fail(place.unreachable.value_or(Error{}))));
        return readFrom(index + 1, now);
    }
    const ResourcePath deployments{QStringLiteral("apis/apps/v1"), place.nameSpace,
                                   QStringLiteral("deployments")};
    return askNext<Reading<QList<Workload>>>(
        place.api->get(deployments.object(place.deployment), this), this,
        [this, index, before, place](const Result<KubernetesApi::Answer> &answer) {
            Reading<QList<Workload>> now = before;
            if (answer) {
                if (now.source.isEmpty())
                    now = answer->reading(before.value);
                now.value.append(workloadOf(place, decodeDeployment(answer->object)));
            } else {
                now.value.append(workloadOf(place, fail(answer.error())));
            }
            return readFrom(index + 1, now);
        });
}

} // namespace pilothouse

#include "connectors/kubernetes/nginx/nginxcontrol.h"

#include "connectors/kubernetes/watched/accessreview.h"

namespace pilothouse {

NginxControl::NginxControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                           QObject *parent)
    : WatchedControl(api, clock,
                     {settings.context,
                      settings.names.nameSpace,
                      QStringLiteral("ingress"),
                      settings.names.ingress,
                      {},
                      fieldsIf(settings.deploys, canaryFields(settings.names))},
                     std::make_unique<NginxWorld>(settings.names), parent)
{}

WatchedControl::Writes NginxControl::weightWrites(const WeightRequest &request) const
{
    const CanaryIngress *ingress = world().ingress();
    if (!ingress)
        return fail(ErrorKind::NotFound, tr("The Ingress was not read yet. Press F5."));
    const CanaryShare share = canaryShare(*ingress, world().names().prefix);
    if (!share.isCanary && request.candidate.percent > 0)
        return fail(ErrorKind::Refused,
                    tr("Ingress %1 is not marked as a canary, so a weight would count for nothing. "
                       "Set its annotation %2/canary to “true”.")
                        .arg(world().names().ingress, world().names().prefix));
    const Result<int> weight = canaryWeight(share, request.candidate);
    if (!weight)
        return fail(weight.error());
    // The weight and what remembers it go in one request.
    ObjectWrite write = changeNote(request, share.share());
    const auto metadataKey = QStringLiteral("metadata");
    const auto annotationsKey = QStringLiteral("annotations");
    QJsonObject metadata = write.merge.value(metadataKey).toObject();
    QJsonObject annotations = metadata.value(annotationsKey).toObject();
    annotations.insert(world().names().prefix + QStringLiteral("/canary-weight"),
                       QString::number(*weight));
    metadata.insert(annotationsKey, annotations);
    write.merge.insert(metadataKey, metadata);
    return QList<ObjectWrite>{write};
}

PlannedCall NginxControl::planWeight(const WeightRequest &request, const TrafficState &now) const
{
    const Writes writes = weightWrites(request);
    if (!writes) {
        PlannedCall call;
        call.summary = writes.error().message;
        return call;
    }
    const int from = now.asked.percent;
    const int to = request.candidate.percent;
    return plannedWrite(
        writes->first(), request.expectedVersion, place(),
        tr("PATCH ingresses/%1   canary-weight %2 → %3 %   if version is still %4")
            .arg(world().names().ingress)
            .arg(from)
            .arg(to)
            .arg(request.expectedVersion),
        tr("… this change on top: %1, %2 → %3 %").arg(request.actor).arg(from).arg(to));
}

QFuture<WatchedControl::Answer> NginxControl::setWeight(const WeightRequest &request)
{
    return write(request.expectedVersion, [this, request] { return weightWrites(request); });
}

QFuture<Result<DryRun>> NginxControl::dryRun(const WeightRequest &request)
{
    return trial(request.expectedVersion, [this, request] { return weightWrites(request); });
}

QFuture<Result<TrafficAccess>> NginxControl::access()
{
    return mayPatch(api(), this,
                    {settings().nameSpace,
                     QStringLiteral("networking.k8s.io"),
                     {QStringLiteral("ingresses")},
                     settings().name});
}

} // namespace pilothouse

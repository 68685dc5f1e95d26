#include "connectors/kubernetes/httproute/httproutecontrol.h"

#include "connectors/kubernetes/httproute/routeplaces.h"
#include "connectors/kubernetes/watched/accessreview.h"

namespace pilothouse {

HttpRouteControl::HttpRouteControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                                   QObject *parent)
    : WatchedControl(api, clock,
                     {settings.context, settings.nameSpace, QStringLiteral("httproute"),
                      settings.names.route, tr("The route"),
                      fieldsIf(settings.deploys, routeFields(settings.nameSpace, settings.names))},
                     std::make_unique<RouteWorld>(settings.nameSpace, settings.names), parent)
{}

WatchedControl::Writes HttpRouteControl::weightWrites(const WeightRequest &request) const
{
    const KubeRoute *route = world().route();
    if (!route)
        return fail(ErrorKind::NotFound, tr("The HTTPRoute was not read yet. Press F5."));
    const RouteNames &names = world().names();
    const auto write = weightPatch(*route, names, request.candidate,
                                   changesWith(request, shareOf(placesOf(*route, names))));
    if (!write)
        return fail(write.error());
    return QList<ObjectWrite>{*write};
}

PlannedCall HttpRouteControl::planWeight(const WeightRequest &request,
                                         const TrafficState &now) const
{
    const int from = now.asked.percent;
    const int to = request.candidate.percent;
    PlannedCall call;
    call.summary = tr("PATCH httproutes/%1   weights %2/%3 → %4/%5   if version is still %6")
                       .arg(world().names().route)
                       .arg(100 - from)
                       .arg(from)
                       .arg(100 - to)
                       .arg(to)
                       .arg(request.expectedVersion);
    if (!world().route())
        return call;
    const Writes writes = weightWrites(request);
    if (!writes) {
        call.summary = writes.error().message;
        return call;
    }
    return plannedWrite(
        writes->first(), request.expectedVersion, place(), call.summary,
        tr("… this change on top: %1, %2 → %3 %").arg(request.actor).arg(from).arg(to));
}

QFuture<WatchedControl::Answer> HttpRouteControl::setWeight(const WeightRequest &request)
{
    return write(request.expectedVersion, [this, request] { return weightWrites(request); });
}

QFuture<Result<DryRun>> HttpRouteControl::dryRun(const WeightRequest &request)
{
    return trial(request.expectedVersion, [this, request] { return weightWrites(request); });
}

QFuture<Result<TrafficAccess>> HttpRouteControl::access()
{
    return mayPatch(api(), this,
                    {settings().nameSpace,
                     QStringLiteral("gateway.networking.k8s.io"),
                     {QStringLiteral("httproutes")},
                     settings().name});
}

} // namespace pilothouse

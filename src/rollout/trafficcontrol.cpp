#include "rollout/trafficcontrol.h"

#include "base/future.h"
#include "base/words.h"

namespace pilothouse {

QFuture<Result<DryRun>> TrafficControl::dryRun(const WeightRequest & /*request*/)
{
    return ready(Result<DryRun>(DryRun{}));
}

QFuture<Result<DryRun>> TrafficControl::dryRunOwn(const OwnRequest & /*request*/)
{
    return ready(Result<DryRun>(DryRun{}));
}

QFuture<Result<DryRun>> TrafficControl::dryRunHold(const HoldChange & /*change*/,
                                                   const QString & /*expectedVersion*/)
{
    return ready(Result<DryRun>(DryRun{}));
}

QList<OwnAction> TrafficControl::ownActions(const TrafficState & /*now*/) const
{
    return {};
}

QFuture<Result<Reading<TrafficState>>> TrafficControl::runOwn(const OwnRequest &request)
{
    return ready(Result<Reading<TrafficState>>(fail(
        ErrorKind::Refused, Words::tr("%1 has no action %2.").arg(systemName(), request.action))));
}

PlannedCall TrafficControl::planNote(const Deed & /*deed*/, const QString & /*version*/) const
{
    return {};
}

QFuture<Result<Reading<TrafficState>>> TrafficControl::note(const Deed & /*deed*/,
                                                            const QString & /*expectedVersion*/)
{
    return ready(Result<Reading<TrafficState>>(
        fail(ErrorKind::Refused, Words::tr("%1 takes no notes.").arg(systemName()))));
}

PlannedCall TrafficControl::planAnnotation(const QString & /*key*/, const QByteArray & /*value*/,
                                           const TrafficState & /*now*/) const
{
    return {};
}

QFuture<Result<Reading<TrafficState>>> TrafficControl::annotate(const QString & /*key*/,
                                                                const QByteArray & /*value*/,
                                                                const QString & /*version*/)
{
    return ready(Result<Reading<TrafficState>>(
        fail(ErrorKind::Refused, Words::tr("%1 takes no notes.").arg(systemName()))));
}

} // namespace pilothouse

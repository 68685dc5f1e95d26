#include "connectors/kubernetes/watched/lookonlycontrol.h"

#include "base/chaining.h"

namespace pilothouse {

PlannedCall LookOnlyControl::planWeight(const WeightRequest & /*request*/,
                                        const TrafficState & /*now*/) const
{
    PlannedCall call;
    call.summary = whatInstead();
    return call;
}

QFuture<WatchedControl::Answer> LookOnlyControl::setWeight(const WeightRequest & /*request*/)
{
    return ready<Reading<TrafficState>>(fail(ErrorKind::Refused, whatInstead()));
}

PlannedCall LookOnlyControl::planHold(const HoldChange & /*change*/,
                                      const TrafficState & /*now*/) const
{
    PlannedCall call;
    call.summary = whatInstead();
    return call;
}

QFuture<WatchedControl::Answer> LookOnlyControl::setHold(const HoldChange & /*change*/,
                                                         const QString & /*expectedVersion*/)
{
    return ready<Reading<TrafficState>>(fail(ErrorKind::Refused, whatInstead()));
}

QFuture<Result<DryRun>> LookOnlyControl::dryRunHold(const HoldChange & /*change*/,
                                                    const QString & /*expectedVersion*/)
{
    return ready<DryRun>(fail(ErrorKind::Refused, whatInstead()));
}

PlannedCall LookOnlyControl::planAnnotation(const QString & /*key*/, const QByteArray & /*value*/,
                                            const TrafficState & /*now*/) const
{
    PlannedCall call;
    call.summary = whatInstead();
    return call;
}

QFuture<WatchedControl::Answer> LookOnlyControl::annotate(const QString & /*key*/,
                                                          const QByteArray & /*value*/,
                                                          const QString & /*expectedVersion*/)
{
    return ready<Reading<TrafficState>>(fail(ErrorKind::Refused, whatInstead()));
}

QFuture<Result<TrafficAccess>> LookOnlyControl::access()
{
    return askNext<TrafficAccess>(read(), this, [this](const Answer &answer) {
        if (!answer && !clusterWorld().guarded())
            return ready<TrafficAccess>(fail(answer.error()));
        return ready<TrafficAccess>(TrafficAccess{false, whatInstead()});
    });
}

} // namespace pilothouse

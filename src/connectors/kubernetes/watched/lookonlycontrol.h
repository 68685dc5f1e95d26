#pragma once

#include "connectors/kubernetes/watched/watchedcontrol.h"

namespace pilothouse {

/// A traffic control that is watched but never written, because something else owns its weights:
/// every write is Refused with what to do instead.
class LookOnlyControl : public WatchedControl
{
    Q_OBJECT

public:
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &change,
                                       const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunHold(const HoldChange &change,
                                                     const QString &expectedVersion) override;
    [[nodiscard]] PlannedCall planAnnotation(const QString &key, const QByteArray &value,
                                             const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    /// Reads the object: what to do instead depends on it.
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;

protected:
    using WatchedControl::WatchedControl;

    /// Why it is not written, and what to do instead, of the object as it is known.
    [[nodiscard]] virtual QString whatInstead() const = 0;
};

} // namespace pilothouse

#pragma once

#include "connectors/http/client.h"
#include "rollout/commitfrom.h"
#include "rollout/trafficcontrol.h"

#include <memory>

namespace pilothouse {

class Clock;

/// The traffic split of one Cloud Run service (Admin API v2).
///
/// A write sends the whole traffic list with its tags, both revisions pinned by name, guarded by
/// the etag; our hold and the last changes of weight go with it as annotations of the service.
/// A candidate that holds 100 %, accepted, is the stable from then on: TrafficState then has no
/// candidate, or the newer revision that waits at 0 %.
///
/// WeightRequest::candidateCommit chooses the revision that gets the weight: empty = the present
/// candidate; else a revision of that commit (which may be an older one: the way back after 100 %).
/// A weight of 0 for the commit that is the stable by now gives the traffic to the stable before
/// it, TrafficState::previous. No revision of that commit, another candidate since, or another one
/// than WeightRequest::target that would get the traffic is a Conflict.
///
/// `changed` comes with every poll (5 s; 1 s while Cloud Run reconciles), so that ages renew.
/// http and clock outlive it. GUI thread.
class CloudRunControl final : public TrafficControl
{
    Q_OBJECT

public:
    struct Settings
    {
        QString project;
        QString region;
        QString service;
        QUrl api{QStringLiteral("https://run.googleapis.com")};
        CommitFrom commitFrom;
    };

    CloudRunControl(HttpClient &http, Clock &clock, const Settings &settings,
                    QObject *parent = nullptr);
    ~CloudRunControl() override;

    [[nodiscard]] QString systemName() const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    void watch() override;
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    /// validateOnly: the changes told are those of the request that the server took.
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    /// To pin what follows LATEST, to give traffic back to it, and to give all of it to an earlier
    /// revision that a person chooses.
    [[nodiscard]] QList<OwnAction> ownActions(const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request) override;
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
    /// A server that cannot be asked gives mayWrite with a `why` that says so.
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    [[nodiscard]] QString showCommand() const override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse

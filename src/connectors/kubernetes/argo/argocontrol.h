#pragma once

#include "connectors/kubernetes/argo/argoworld.h"
#include "connectors/kubernetes/watched/watchedcontrol.h"

namespace pilothouse {

/// A Rollout of Argo Rollouts. Its own steps lead: a promotion goes to the next step's weight and
/// nowhere else, a rollback is an abort, and everything else it can do is an own action.
///
/// Pause and abort are written to its status, which holds no annotation; what remembers the change
/// is noted on the object after it, and a note that fails is said with the state. While it is
/// watched, the analysis runs that the Rollout names are read every 5 s until they are over. Tested
/// against the custom resource's definition; the controller itself was not run.
class ArgoControl final : public WatchedControl
{
    Q_OBJECT

public:
    struct Settings
    {
        ArgoNames names;
        QString context; ///< of the kubeconfig, for the commands shown; empty = the current one
    };

    ArgoControl(KubernetesApi &api, Clock &clock, const Settings &settings,
                QObject *parent = nullptr);

    [[nodiscard]] PlannedCall planWeight(const WeightRequest &request,
                                         const TrafficState &now) const override;
    /// Refused, with what to do, for a weight that is neither 0 nor the next step's.
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRun(const WeightRequest &request) override;
    [[nodiscard]] QList<OwnAction> ownActions(const TrafficState &now) const override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> runOwn(const OwnRequest &request) override;
    [[nodiscard]] QFuture<Result<DryRun>> dryRunOwn(const OwnRequest &request) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;

private:
    [[nodiscard]] const ArgoWorld &world() const
    {
        return static_cast<const ArgoWorld &>(clusterWorld());
    }
    [[nodiscard]] ArgoWorld &world() { return static_cast<ArgoWorld &>(clusterWorld()); }
    void readAnalyses();
    void readAnalysis(const QString &name);
    void askForUndo();
    [[nodiscard]] Writes weightWrites(Weight to) const;
    [[nodiscard]] Writes notedWeightWrites(const WeightRequest &request) const;
    [[nodiscard]] Writes ownWrites(const QString &id) const;
    [[nodiscard]] Writes notedWrites(const OwnRequest &request) const;
    /// The Deployment that an undo writes instead; empty = the Rollout has the Pod template.
    [[nodiscard]] QString undoneElsewhere(const OwnRequest &request) const;
    [[nodiscard]] Deed deedIn(const OwnRequest &request) const;

    QHash<QString, std::chrono::milliseconds> m_analysesAskedAt; ///< since boot, by name
    QString m_undoAskedFor; ///< the Deployment whose right was asked for
};

} // namespace pilothouse

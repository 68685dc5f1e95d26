#pragma once

#include "connectors/kubernetes/argo/argoanalysis.h"
#include "connectors/kubernetes/argo/argorollout.h"
#include "connectors/kubernetes/watched/clusterworld.h"
#include "rollout/commitfrom.h"

namespace pilothouse {

/// Where the API server serves what is Argo Rollouts'.
inline constexpr QLatin1String argoRolloutsApi{"apis/argoproj.io/v1alpha1"};

/// Which Rollout a track moves.
struct ArgoNames
{
    QString nameSpace;
    QString rollout;
    CommitFrom commitFrom;
};

/// A Rollout, its ReplicaSets and their Pods.
class ArgoWorld final : public ClusterWorld
{
public:
    explicit ArgoWorld(ArgoNames names);

    [[nodiscard]] const KubeMeta *guarded() const override;
    /// Revisions are named by their Pod template hash. `next` is the only weight above the present
    /// one that the Rollout's own steps lead to now.
    [[nodiscard]] Result<TrafficState> state() const override;

    [[nodiscard]] const ArgoNames &names() const { return m_names; }
    /// nullptr while it is not known.
    [[nodiscard]] const ArgoRollout *rollout() const { return m_rollouts.find(m_names.rollout); }
    /// Of this Rollout, the newest revision first.
    [[nodiscard]] QList<ArgoReplicaSet> revisions() const;
    /// What runs of a Pod template.
    [[nodiscard]] RevisionState revisionOf(const ArgoReplicaSet &set) const;
    [[nodiscard]] std::optional<RevisionState> revisionOf(const QString &hash) const;

    /// What an analysis run measured, or why that cannot be read; the Rollout itself tells only its
    /// name and phase. Runs that the Rollout does not name any more are forgotten. Whether this is
    /// news.
    bool learnAnalysis(const QString &name, const Result<ArgoAnalysisRun> &run);
    /// nullptr while it was not read.
    [[nodiscard]] const Result<ArgoAnalysisRun> *analysis(const QString &name) const;
    /// Why this account cannot write the Deployment that has the Pod template; empty = it can, or
    /// it is not known.
    void learnUndoRefusal(const QString &why) { m_undoRefusal = why; }
    [[nodiscard]] const QString &undoRefusal() const { return m_undoRefusal; }

private:
    [[nodiscard]] QString progressOf(const ArgoRollout &rollout) const;
    void addAnalysisProblems(const ArgoRollout &rollout, QStringList &problems) const;

    ArgoNames m_names;
    StoreOf<ArgoReplicaSet> m_sets;
    StoreOf<KubePod> m_pods;
    StoreOf<ArgoRollout> m_rollouts;
    QHash<QString, Result<ArgoAnalysisRun>> m_analyses; ///< by name
    QString m_undoRefusal;
};

/// Where a promotion by one step leads to from here: the weight after it; with what to do if it
/// leads to none. Refused also while nothing is in flight, after an abort, and before the
/// controller has looked at the object.
[[nodiscard]] Result<Weight> nextArgoWeight(const ArgoRollout &rollout);

} // namespace pilothouse

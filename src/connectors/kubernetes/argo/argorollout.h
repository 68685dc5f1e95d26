#pragma once

#include "connectors/kubernetes/watched/objectmeta.h"

#include <QJsonObject>

namespace pilothouse {

/// One step of a canary strategy.
struct ArgoStep
{
    enum class Kind { SetWeight, Pause, Analysis, Experiment, Scale, HeaderRoute, Other };

    Kind kind = Kind::Other;
    int weight = 0;   ///< SetWeight
    QString duration; ///< Pause: "10m"; empty = until a person resumes it
    QString name;     ///< Other: the key as the object spells it

    bool operator==(const ArgoStep &) const = default;
};
/// "setWeight 50", "pause 10m", "pause until a person promotes".
[[nodiscard]] QString stepWords(const ArgoStep &step);

/// What the controller says of an analysis run that belongs to the present rollout.
struct ArgoAnalysis
{
    enum class Role { Step, Background };
    Role role = Role::Step;
    QString name;
    QString status; ///< Pending, Running, Successful, Failed, Error, Inconclusive
    QString message;
};

/// A Rollout (argoproj.io/v1alpha1), as far as traffic goes.
struct ArgoRollout
{
    KubeMeta meta;
    // What is wanted.
    enum class Strategy { Canary, BlueGreen } strategy = Strategy::Canary;
    enum class Sharing {
        Routed,  ///< by a traffic router: the weight is a share of requests
        ByRatio, ///< by the number of Pods
    } sharing
        = Sharing::ByRatio;
    bool dynamicStableScale = false; ///< the stable shrinks as the candidate grows
    bool paused = false;             ///< spec.paused
    int replicas = 1;
    int rollbackWindow = 0; ///< revisions back to which no step runs; 0 = none
    QString workload;       ///< "Deployment/web" if its Pod template stands there; empty = here
    QList<ArgoStep> steps;
    // What the controller says. Only of this generation if `isCurrent`.
    bool isCurrent = false; ///< it has looked at the object as it is
    QString phase;          ///< Healthy, Degraded, Progressing, Paused; empty unless isCurrent
    QString message;
    std::optional<int> stepIndex; ///< the step it is at, from 0; the number of steps = all done
    QStringList pauseReasons;
    bool controllerPause = false;
    bool aborted = false;
    QString stableHash; ///< of the Pod template; empty until a first version was healthy
    QString currentHash;
    std::optional<int> actualWeight; ///< of the canary, as the traffic router was told
    bool unverified = false;         ///< the traffic router does not confirm that weight
    QList<ArgoAnalysis> analyses;

    [[nodiscard]] bool isInFlight() const
    {
        return !stableHash.isEmpty() && !currentHash.isEmpty() && stableHash != currentHash;
    }
    /// The Deployment that has its Pod template; empty = the Rollout itself, or another kind.
    [[nodiscard]] QString workloadDeployment() const;
    /// Somebody resumed its pause; the controller has not gone on yet.
    [[nodiscard]] bool isResumed() const;
    [[nodiscard]] bool isInconclusive() const;
    /// The step it is at or, once resumed, on its way to.
    [[nodiscard]] int effectiveStep() const;
    /// SetWeight of the candidate at a step: that of the last setWeight up to it, 100 after all.
    [[nodiscard]] int weightAt(int step) const;
    /// "step 3 of 8: pause until a person promotes"
    [[nodiscard]] QString stepText(int step) const;
};
[[nodiscard]] Result<ArgoRollout> decodeRollout(const QJsonObject &object);

/// One revision of a Rollout.
struct ArgoReplicaSet
{
    QString name;
    QString owner;       ///< name of the Rollout; empty = another kind's
    QString hash;        ///< label rollouts-pod-template-hash
    qint64 revision = 0; ///< annotation rollout.argoproj.io/revision
    KubeTemplate pods;
    QJsonObject podTemplate; ///< as it would be written back: without that label
    int replicas = 0;
    int readyReplicas = 0;
};
[[nodiscard]] Result<ArgoReplicaSet> decodeReplicaSet(const QJsonObject &object);

/// The label that ties Pods and ReplicaSets to a revision.
inline constexpr char argoHashLabel[] = "rollouts-pod-template-hash";

} // namespace pilothouse

#pragma once

#include "clusterobjects.h"

#include "connectors/kubernetes/argo/argoworld.h"

namespace pilothouse {

[[nodiscard]] inline ArgoNames argoNames()
{
    return {QStringLiteral("production"), QStringLiteral("web"), {}};
}

/// Steps: 0 setWeight 10, 1 pause, 2 setWeight 50, 3 pause 10m, 4 analysis, 5 setWeight 80. It
/// stands at the pause of step 1 with 10 % of four Pods' worth of traffic.
[[nodiscard]] inline QJsonObject rolloutObject(const QByteArray &version = "81723")
{
    return parsed(
        "{'metadata': {'name': 'web', 'namespace': 'production', 'uid': 'u1',"
        "   'resourceVersion': '"
        + version
        + "', 'generation': 7,"
          "   'managedFields': [{'manager': 'helm', 'time': '2026-11-24T13:20:00Z',"
          "     'fieldsV1': {'f:spec': {'f:template': {}}}}]},"
          " 'spec': {'replicas': 4, 'strategy': {'canary': {"
          "   'trafficRouting': {'nginx': {'stableIngress': 'web'}},"
          "   'steps': [{'setWeight': 10}, {'pause': {}}, {'setWeight': 50},"
          "     {'pause': {'duration': '10m'}}, {'analysis': {'templates': []}},"
          "     {'setWeight': 80}]}}},"
          " 'status': {'observedGeneration': '7', 'phase': 'Paused', 'currentStepIndex': 1,"
          "   'pauseConditions': [{'reason': 'CanaryPauseStep',"
          "     'startTime': '2026-11-24T13:21:00Z'}],"
          "   'controllerPause': true, 'stableRS': 'aaa', 'currentPodHash': 'bbb',"
          "   'canary': {'weights': {'canary': {'weight': 10}, 'stable': {'weight': 90}}}}}");
}

[[nodiscard]] inline QJsonObject setObject(const QByteArray &hash, int revision,
                                           const QString &commit, int pods)
{
    const QByteArray count = QByteArray::number(pods);
    return parsed("{'metadata': {'name': 'web-" + hash
                  + "', 'labels': {'rollouts-pod-template-hash': '" + hash
                  + "'}, 'annotations': {'rollout.argoproj.io/revision': '"
                  + QByteArray::number(revision)
                  + "'}, 'ownerReferences': [{'kind': 'Rollout', 'name': 'web'}]},"
                    " 'spec': {'replicas': "
                  + count
                  + ", 'template': {'metadata': {'labels': {'app': 'web',"
                    "   'rollouts-pod-template-hash': '"
                  + hash + "'}}, 'spec': {'containers': [{'name': 'app', 'image': '"
                  + imageOf(commit) + "'}]}}}, 'status': {'readyReplicas': " + count + "}}");
}

[[nodiscard]] inline QJsonObject setPod(const QByteArray &hash, const QByteArray &number,
                                        const QString &commit)
{
    return with(podObject("web-" + hash + '-' + number, "x", commit), "metadata.labels",
                parsed("{'app': 'web', 'rollouts-pod-template-hash': '" + hash + "'}"));
}

[[nodiscard]] inline QString olderCommit()
{
    return QString(40, QLatin1Char('c'));
}

/// Revision 1 (old), 2 (the stable), 3 (the candidate).
[[nodiscard]] inline QJsonArray setObjects()
{
    return {setObject("ccc", 1, olderCommit(), 0), setObject("aaa", 2, oldCommit(), 4),
            setObject("bbb", 3, newCommit(), 1)};
}

[[nodiscard]] inline QJsonArray setPods()
{
    QJsonArray pods{setPod("bbb", "1", newCommit())};
    for (const char *number : {"1", "2", "3", "4"})
        pods.append(setPod("aaa", number, oldCommit()));
    return pods;
}

/// That world with another Rollout.
inline void fill(ArgoWorld &world, const QJsonObject &rollout = rolloutObject())
{
    takeList(world.store(0).intake(), setObjects());
    takeList(world.store(1).intake(), setPods());
    takeList(world.store(2).intake(), {rollout});
}

/// Changes to one part of a Rollout: `at(rolloutObject(), "status.abort", true)`.
[[nodiscard]] inline QJsonObject abortedRollout()
{
    QJsonObject object = with(rolloutObject(), "status.abort", true);
    object = with(object, "status.currentStepIndex", 0);
    object = with(object, "status.phase", QStringLiteral("Degraded"));
    object = with(object, "status.pauseConditions", QJsonValue::Undefined);
    object = with(object, "status.controllerPause", QJsonValue::Undefined);
    return with(object, "status.canary.weights.canary.weight", 0);
}

} // namespace pilothouse

#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace pilothouse::sandbox {

/// The track whose traffic the cluster carries.
inline const QString standalone = QStringLiteral("standalone");

/// The object at this key; empty where there is none.
[[nodiscard]] QJsonObject part(const QJsonObject &object, const char *name);

/// A Deployment of the service or of its worker.
struct DeploymentFacts
{
    QString name;
    QString nameSpace;
    QString app;   ///< app.kubernetes.io/name
    QString track; ///< "stable", "candidate", "worker"
    int replicas = 1;
    QString image; ///< without tag
    QString sha;   ///< tag and app.kubernetes.io/version
    QString chart; ///< helm.sh/chart; empty = not by Helm
    QDateTime createdAt;
};

[[nodiscard]] QJsonObject deploymentManifest(const DeploymentFacts &facts);
/// A Service over the pods of one track.
[[nodiscard]] QJsonObject serviceManifest(const QString &name, const QString &nameSpace,
                                          const QString &app, const QString &track,
                                          const QDateTime &createdAt);
[[nodiscard]] QJsonObject namespaceManifest(const QString &name, const QDateTime &createdAt);
[[nodiscard]] QJsonObject gatewayManifest(const QString &nameSpace, const QDateTime &createdAt);

/// backendRefs of the two Services with weights that sum up to 100.
[[nodiscard]] QJsonArray routeRules(int candidateWeight);
/// The HTTPRoute without its rules.
[[nodiscard]] QJsonObject routeManifest(const QString &nameSpace, const QDateTime &createdAt);
/// What the gateway's controller writes about the route's present generation; `at` counts for
/// conditions that were not there before.
[[nodiscard]] QJsonObject routeStatus(const QJsonObject &route, const QDateTime &at);
/// Share of the candidate's backend in per cent, rounded; 0 if the route names none.
[[nodiscard]] int candidateWeight(const QJsonObject &route);

/// A pod of a Deployment, not ready yet.
[[nodiscard]] QJsonObject podManifest(const QJsonObject &deployment, const QString &replicaSet,
                                      const QString &name, const QDateTime &createdAt);
[[nodiscard]] QJsonObject podStatus(const QJsonObject &pod, const QDateTime &readyAt);
/// The tag of the pod's image.
[[nodiscard]] QString imageTag(const QJsonObject &podOrTemplateHolder);
/// The status of a pod whose container has ended and was started again at `at`.
[[nodiscard]] QJsonObject restartedStatus(const QJsonObject &pod, const QDateTime &at);
[[nodiscard]] int restartsOf(const QJsonObject &pod);
[[nodiscard]] bool isReady(const QJsonObject &pod);

inline constexpr const char *routeName = "context-intelligence";
inline constexpr const char *stableService = "context-intelligence";
inline constexpr const char *candidateService = "context-intelligence-canary";
inline constexpr const char *workerDeployment = "context-worker";

} // namespace pilothouse::sandbox

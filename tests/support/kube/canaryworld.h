#pragma once

#include "support/kube/kubeask.h"

namespace pilothouse {

/// The canary that the rehearsal has, an HTTPRoute between two Services with Deployment and Pods
/// each: made anew on a real API server, or the rehearsal's own. On a real one no controller runs,
/// so what a controller would say is said here.
class CanaryWorld
{
public:
    explicit CanaryWorld(KubeAsk &server);

    [[nodiscard]] static QString name() { return QStringLiteral("context-intelligence"); }
    [[nodiscard]] static QString candidate() { return name() + QStringLiteral("-canary"); }
    [[nodiscard]] static QString routePath();
    [[nodiscard]] static QString stableCommit() { return QString(40, QLatin1Char('a')); }
    [[nodiscard]] static QString candidateCommit() { return QString(40, QLatin1Char('b')); }

    /// Makes all of it, three stable Pods and two candidate ones, at 90/10. Empty, or what failed.
    [[nodiscard]] QString make();
    /// The route as if nobody had ever touched it, with this weight of the candidate; nothing is
    /// accepted yet. Empty, or what failed.
    [[nodiscard]] QString reset(int weight);
    /// What the Gateway would say: this generation is accepted. Empty, or what failed.
    [[nodiscard]] QString accept();

    [[nodiscard]] QJsonObject route();
    [[nodiscard]] static int weightOf(const QJsonObject &route);
    [[nodiscard]] static QString versionOf(const QJsonObject &route);
    [[nodiscard]] static qint64 generationOf(const QJsonObject &route);
    /// The generation that the Gateway has told of; 0 = none yet.
    [[nodiscard]] static qint64 observedOf(const QJsonObject &route);
    [[nodiscard]] static bool isAccepted(const QJsonObject &route);
    [[nodiscard]] static QByteArray annotationOf(const QJsonObject &route, const char *key);
    /// A merge patch of the status.
    [[nodiscard]] static QByteArray acceptance(qint64 generation);

private:
    [[nodiscard]] QString put(const QString &collection, const QByteArray &object,
                              const QByteArray &status);
    [[nodiscard]] static QString expect(const KubeAsk::Answer &answer);

    KubeAsk &m_server;
};

} // namespace pilothouse

#pragma once

#include "support/kube/kubeserver.h"

namespace pilothouse {

/// A canary in the namespace "production" of a real API server, with the names that the rehearsal
/// has: an HTTPRoute between two Services, each with its Deployment and Pods. No controller runs,
/// so what a controller would say is said here.
class CanaryWorld
{
public:
    explicit CanaryWorld(const KubeServer &server);

    [[nodiscard]] static QString name() { return QStringLiteral("context-intelligence"); }
    [[nodiscard]] static QString candidate() { return name() + QStringLiteral("-canary"); }
    [[nodiscard]] static QString routePath();
    [[nodiscard]] static QString stableCommit() { return QString(40, QLatin1Char('a')); }
    [[nodiscard]] static QString candidateCommit() { return QString(40, QLatin1Char('b')); }

    /// Makes all of it, three stable Pods and two candidate ones, at 90/10. Empty, or what failed.
    [[nodiscard]] QString make() const;
    /// The route as nobody had ever touched it, accepted at this weight of the candidate. Empty, or
    /// what failed.
    [[nodiscard]] QString reset(int weight) const;
    /// What the Gateway would say: this generation is accepted. Empty, or what failed.
    [[nodiscard]] QString accept() const;

    [[nodiscard]] QJsonObject route() const;
    [[nodiscard]] static int weightOf(const QJsonObject &route);

private:
    [[nodiscard]] QString put(const QString &collection, const QByteArray &object,
                              const QByteArray &status) const;
    [[nodiscard]] QString expect(const KubeServer::Answer &answer) const;

    const KubeServer &m_server;
};

} // namespace pilothouse

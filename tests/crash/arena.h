#pragma once

#include "connectors/kubernetes/rehearsalserver.h"
#include "crash/ground.h"
#include "support/kube/canaryworld.h"
#include "support/kube/gatewaystandin.h"
#include "support/kube/kubeserver.h"

#include <memory>

namespace pilothouse {

/// An API server with a canary that several consoles may fight over, and a Gateway that accepts.
class Arena : public Ground
{
public:
    [[nodiscard]] QString systemName() const override { return QStringLiteral("Kubernetes"); }
    void begin(int weight) override;
    [[nodiscard]] Traffic traffic() override;
    [[nodiscard]] std::unique_ptr<Seat> seat(const QUrl &address) const override;
    [[nodiscard]] QByteArray control(const QString &folder, const QUrl &address) const override;

protected:
    [[nodiscard]] virtual QByteArray authority() const { return {}; }
    [[nodiscard]] virtual QByteArray token() const = 0;
    [[nodiscard]] virtual KubeAsk &ask() = 0;
    [[nodiscard]] CanaryWorld world() { return CanaryWorld(ask()); }

private:
    /// A kubeconfig of the user "console" for this address of the server, in a folder that is
    /// there; its path, or empty.
    [[nodiscard]] QString kubeconfig(const QString &folder, const QUrl &address) const;
};

/// Of Debian's source, with etcd and a stand-in for the Gateway.
class RealArena final : public Arena
{
public:
    [[nodiscard]] bool isMissing() const override { return KubeServer::binaries().isEmpty(); }
    [[nodiscard]] QString open() override;
    [[nodiscard]] QUrl url() const override { return m_server.url(); }
    [[nodiscard]] QSslConfiguration tls() const override { return m_server.tls(); }

private:
    [[nodiscard]] QByteArray authority() const override { return m_server.authority(); }
    [[nodiscard]] QByteArray token() const override { return "console-token"; }
    [[nodiscard]] KubeAsk &ask() override { return m_server.admin(); }

    KubeServer m_server;
    std::unique_ptr<GatewayStandIn> m_gateway;
};

/// The rehearsal's own, ten times as fast as life.
class RehearsalArena final : public Arena
{
public:
    [[nodiscard]] QString open() override;
    [[nodiscard]] QUrl url() const override { return m_url; }

private:
    [[nodiscard]] QByteArray token() const override { return m_token; }
    [[nodiscard]] KubeAsk &ask() override { return *m_ask; }

    std::unique_ptr<RehearsalServer> m_server;
    QUrl m_url;
    QByteArray m_token;
    std::unique_ptr<KubeAsk> m_ask;
};

} // namespace pilothouse

#pragma once

#include "../rehearsalserver.h"
#include "support/await.h"
#include "support/kube/canaryworld.h"
#include "support/kube/kubeserver.h"

#include <QFile>
#include <QRegularExpression>

namespace pilothouse {

/// An API server with a canary on it, whichever it is.
class Cluster
{
public:
    virtual ~Cluster() = default;

    [[nodiscard]] virtual QString kubeconfig(KubeServer::User user) = 0;
    /// Of somebody who may only look.
    [[nodiscard]] virtual QString readersKubeconfig() = 0;
    /// Says what the Gateway would say, where no Gateway does.
    [[nodiscard]] virtual QString accept() = 0;
    /// As KubeServer::kubectl().
    [[nodiscard]] virtual QString kubectl(const QStringList &arguments) = 0;
};

/// Of Debian's source, with etcd.
class RealCluster final : public Cluster
{
public:
    KubeServer server;

    [[nodiscard]] QString make() { return CanaryWorld(server.admin()).make(); }
    [[nodiscard]] QString kubeconfig(KubeServer::User user) override
    {
        return server.kubeconfig(user);
    }
    [[nodiscard]] QString readersKubeconfig() override
    {
        return server.kubeconfig(KubeServer::User::Reader);
    }
    [[nodiscard]] QString accept() override { return CanaryWorld(server.admin()).accept(); }
    [[nodiscard]] QString kubectl(const QStringList &arguments) override
    {
        return server.kubectl(arguments);
    }
};

/// The rehearsal's own. It has one user, no rights and a Gateway that accepts by itself.
class RehearsalCluster final : public Cluster
{
public:
    static constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
    RehearsalServer server{atTenPerCent};

    [[nodiscard]] QString kubeconfig(KubeServer::User user) override
    {
        const QString known = server.ready.value(QLatin1String("kubeconfig")).toString();
        if (user != KubeServer::User::Stranger)
            return known;
        QFile read(known);
        if (!read.open(QIODevice::ReadOnly))
            return {};
        static const QRegularExpression token(QStringLiteral("token: *[^\\n,}]+"));
        QString text = QString::fromUtf8(read.readAll());
        text.replace(token, QStringLiteral("token: no-token"));
        QFile strange(m_folder.filePath(QStringLiteral("stranger")));
        if (!strange.open(QIODevice::WriteOnly) || strange.write(text.toUtf8()) < 0)
            return {};
        return strange.fileName();
    }
    [[nodiscard]] QString readersKubeconfig() override
    {
        return fault("kubernetes=403") ? kubeconfig(KubeServer::User::Reader) : QString();
    }
    [[nodiscard]] QString accept() override { return {}; }
    [[nodiscard]] QString kubectl(const QStringList &arguments) override
    {
        QProcess process;
        process.start(QStringLiteral("kubectl"), QStringList{QStringLiteral("--kubeconfig"),
                                                             kubeconfig(KubeServer::User::Admin)}
                                                     + arguments);
        if (process.waitForFinished() && process.exitCode() == 0)
            return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
        return QStringLiteral("ERROR: ") + QString::fromUtf8(process.readAllStandardError());
    }

    bool fault(const char *spec)
    {
        NoCredential none;
        SystemClock clock;
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Rehearsal");
        settings.base = server.control({});
        NetworkHttp http(settings, none, clock);
        HttpRequest request;
        request.method = "POST";
        request.url = server.control(QStringLiteral("/fault"));
        request.contentType = "application/json";
        request.body = QJsonDocument(QJsonObject{{QStringLiteral("spec"), QLatin1String(spec)}})
                           .toJson(QJsonDocument::Compact);
        return await(http.send(request)).has_value();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace pilothouse

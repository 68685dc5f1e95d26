#pragma once

#include "app/wiring/credentials.h"
#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/kubeconfig.h"
#include "connectors/kubernetes/kubernetesapi.h"
#include "connectors/kubernetes/login/plugincredential.h"
#include "rollout/trafficcontrol.h"
#include "workspace/workspace.h"

#include <map>
#include <memory>
#include <vector>

namespace pilothouse {

class Alertmanager;
class CloudBuilds;
class GithubRuns;
class HelmControl;
class HelmWayBack;
class PrometheusMetrics;

/// Maps the workspace to the connectors' own settings and keeps the HTTP clients alive. Clusters
/// are shared: one client for each kubeconfig and context.
class Connections final
{
public:
    struct Cluster
    {
        KubeContext context;
        std::unique_ptr<CredentialSource> credential;
        std::unique_ptr<NetworkHttp> http;
        KubernetesApi api;
    };

    /// Whom the console is for a system, and how it shows that.
    struct Account
    {
        QString system; ///< "GitHub", "Kubernetes (prod)"
        CredentialSource *credential = nullptr;
        QByteArray certificatePem; ///< of a kubeconfig that signs in with one; empty = none
    };

    Connections(Credentials &credentials, const PluginSetting &plugins);
    ~Connections();

    [[nodiscard]] std::unique_ptr<GithubRuns> github(const RepositorySettings &settings);
    [[nodiscard]] std::unique_ptr<PrometheusMetrics> prometheus(const PrometheusSettings &settings);
    [[nodiscard]] std::unique_ptr<Alertmanager> alertmanager(const AlertmanagerSettings &settings);
    [[nodiscard]] std::unique_ptr<TrafficControl> cloudRun(const CloudRunSettings &settings,
                                                           const CommitFrom &commitFrom);
    [[nodiscard]] std::unique_ptr<CloudBuilds> cloudBuild(const BuildSettings &settings);
    /// The route of a release, moved through Helm by `runner`, which outlives the control.
    [[nodiscard]] std::unique_ptr<HelmControl> helm(const HelmSettings &settings, Cluster &cluster,
                                                    CommandRunner &runner,
                                                    const CommitFrom &commitFrom);
    /// A route, with the way back through the Helm release that brings its stable.
    [[nodiscard]] std::unique_ptr<HelmWayBack> httpRoute(const HttpRouteSettings &settings,
                                                         Cluster &cluster, CommandRunner &runner,
                                                         const CommitFrom &commitFrom);
    /// The error of the kubeconfig file, each time it is asked for.
    [[nodiscard]] Result<Cluster *> cluster(const QString &kubeconfig, const QString &context);

    /// Of every client that was made so far, in that order.
    [[nodiscard]] const QList<Account> &accounts() const { return m_accounts; }

private:
    [[nodiscard]] NetworkHttp &http(const QString &system, const QUrl &base,
                                    const ServerAddress &address, CredentialSource &credential);

    Credentials &m_credentials;
    PluginSetting m_plugins;
    Clock &m_clock;
    QList<Account> m_accounts;
    std::vector<std::unique_ptr<NetworkHttp>> m_clients;
    std::map<std::pair<QString, QString>, std::unique_ptr<Cluster>> m_clusters;
};

/// Stands in for a traffic control that cannot even be asked (its kubeconfig cannot be read): every
/// call fails with the reason, and the page says it.
class LostControl final : public TrafficControl
{
    Q_OBJECT

public:
    LostControl(QString system, Error why, QObject *parent = nullptr);

    [[nodiscard]] QString systemName() const override { return m_system; }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>> read() override;
    void watch() override;
    [[nodiscard]] PlannedCall planWeight(const WeightRequest &, const TrafficState &) const override
    {
        return {};
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setWeight(const WeightRequest &request) override;
    [[nodiscard]] PlannedCall planHold(const HoldChange &, const TrafficState &) const override
    {
        return {};
    }
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    setHold(const HoldChange &change, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<Reading<TrafficState>>>
    annotate(const QString &key, const QByteArray &value, const QString &expectedVersion) override;
    [[nodiscard]] QFuture<Result<TrafficAccess>> access() override;
    [[nodiscard]] QString showCommand() const override { return {}; }

private:
    QString m_system;
    Error m_why;
};

} // namespace pilothouse

#pragma once

#include "app/sandbox/cloudbuild/cloudbuildserver.h"
#include "app/sandbox/cloudrun/cloudrunserver.h"
#include "app/sandbox/cluster/cluster.h"
#include "app/sandbox/cluster/podlogs.h"
#include "app/sandbox/control.h"
#include "app/sandbox/github/githubserver.h"
#include "app/sandbox/http/server.h"
#include "app/sandbox/kubernetes/apiserver.h"
#include "app/sandbox/world/world.h"

#include <QLockFile>

namespace pilothouse::sandbox {

class PostgresServer;
class PrometheusServer;
class Workload;

/// What the command line asks for.
struct RehearsalOptions
{
    QString scenario; ///< a name of resources/scenarios, or a file
    QString dir;
    quint16 port = 0; ///< Kubernetes gets the next one; 0 = free ones
    WorldOptions world;
    QString fault;
};

/// The whole rehearsal: repository, world, servers, and what connects them. Destroying it ends
/// everything it started and removes what it wrote.
class Rehearsal final : public QObject
{
    Q_OBJECT

public:
    /// BadInput, NotFound or Unavailable with a sentence for whoever typed the command.
    [[nodiscard]] static Result<std::unique_ptr<Rehearsal>> start(const RehearsalOptions &options);
    ~Rehearsal() override;

    /// The line of JSON that tells where everything is.
    [[nodiscard]] QByteArray readyLine() const;
    [[nodiscard]] World &world() { return *m_world; }
    [[nodiscard]] const Control &control() const { return *m_control; }

Q_SIGNALS:
    /// Something beside the scripted servers did not come up; the rehearsal goes on without it.
    void troubled(const QString &sentence);

private:
    explicit Rehearsal(RehearsalOptions options);

    Result<> claimFolder();
    Result<> makeWorld();
    Result<> listen();
    Result<> writeFiles();
    void connectStory();
    void connectCluster();
    void answerMain(const ExchangePtr &exchange);
    void startServersBeside();
    void startPostgres();
    void startPrometheus();
    void startWorkload();
    void updateWriters();
    void onFaultChanged(const QString &server);

    RehearsalOptions m_options;
    std::unique_ptr<QLockFile> m_lock;
    bool m_madeFolder = false;
    MadeRepository m_repository;
    std::unique_ptr<FaultPlan> m_faults;
    std::unique_ptr<World> m_world;
    std::unique_ptr<ObjectStore> m_store;
    std::unique_ptr<Cluster> m_cluster;
    std::unique_ptr<PodLogs> m_podLogs;
    std::unique_ptr<ApiServer> m_kubernetes;
    std::unique_ptr<CloudRunServer> m_cloudRun;
    std::unique_ptr<CloudBuildServer> m_cloudBuild;
    std::unique_ptr<GithubServer> m_github;
    std::unique_ptr<Control> m_control;
    std::unique_ptr<Server> m_mainServer;
    std::unique_ptr<Server> m_kubernetesServer;
    std::unique_ptr<PrometheusServer> m_prometheus;
    std::unique_ptr<PostgresServer> m_postgres;
    std::unique_ptr<Workload> m_workload;
    Handler m_githubHandler;
    Handler m_kubernetesHandler;
    Handler m_cloudRunHandler;
    Handler m_cloudBuildHandler;
    QByteArray m_token;
    QString m_workspaceFile;
    QString m_kubeconfig;
    quint16 m_postgresPort = 0;
    quint16 m_prometheusPort = 0;
};

} // namespace pilothouse::sandbox

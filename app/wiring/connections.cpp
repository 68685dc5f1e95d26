#include "app/wiring/connections.h"

#include "app/wiring/signin/accounts.h"
#include "base/future.h"
#include "connectors/alertmanager/alertmanager.h"
#include "connectors/cloudbuild/cloudbuilds.h"
#include "connectors/cloudrun/cloudruncontrol.h"
#include "connectors/github/githubruns.h"
#include "connectors/kubernetes/helm/helmcontrol.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "connectors/kubernetes/nginx/nginxcontrol.h"
#include "connectors/kubernetes/wayback/helmwayback.h"
#include "connectors/prometheus/prometheusmetrics.h"

#include <QTimer>

namespace pilothouse {
namespace {

QUrl orElse(const QUrl &url, const char *vendor)
{
    return url.isEmpty() ? QUrl(QLatin1String(vendor)) : url;
}

constexpr auto githubApi = "https://api.github.com";
constexpr auto cloudBuildApi = "https://cloudbuild.googleapis.com";
constexpr auto cloudStorage = "https://storage.googleapis.com";
constexpr auto cloudRunApi = "https://run.googleapis.com";

/// What has the traffic that a Helm release asks for.
std::unique_ptr<TrafficControl> routeOf(const HelmSettings &settings, Connections::Cluster &cluster,
                                        Clock &clock, const CommitFrom &commitFrom)
{
    const HelmSettings::Route &route = settings.route;
    if (route.kind == HelmSettings::Route::Kind::NginxCanary) {
        const NginxNames names{settings.at.nameSpace, route.name,   route.stable,
                               route.candidate,       route.prefix, commitFrom};
        return std::make_unique<NginxControl>(
            cluster.api, clock,
            NginxControl::Settings{names, cluster.context.name, WatchedControl::Deploys::ByOthers});
    }
    HttpRouteControl::Settings http;
    http.nameSpace = settings.at.nameSpace;
    http.names = {route.name, route.stable, route.candidate, commitFrom};
    http.context = cluster.context.name;
    http.deploys = WatchedControl::Deploys::ByOthers;
    return std::make_unique<HttpRouteControl>(cluster.api, clock, http);
}

} // namespace

Connections::Connections(Credentials &credentials, const PluginSetting &plugins)
    : m_credentials(credentials), m_plugins(plugins), m_clock(plugins.clock)
{}

Connections::~Connections() = default;

NetworkHttp &Connections::http(const QString &system, const QUrl &base,
                               const ServerAddress &address, CredentialSource &credential)
{
    NetworkHttp::Settings settings;
    settings.systemName = system;
    settings.base = base;
    settings.plainHttp
        = address.plain ? NetworkHttp::PlainHttp::Allowed : NetworkHttp::PlainHttp::LoopbackOnly;
    m_clients.push_back(std::make_unique<NetworkHttp>(settings, credential, m_clock));
    m_accounts.append({system, &credential, {}});
    return *m_clients.back();
}

std::unique_ptr<GithubRuns> Connections::github(const RepositorySettings &settings)
{
    const QUrl base = orElse(settings.api.url, githubApi);
    GithubRuns::Settings github;
    github.api = base;
    github.owner = settings.github.section(QLatin1Char('/'), 0, 0);
    github.repository = settings.github.section(QLatin1Char('/'), 1, 1);
    NetworkHttp &client = http(QStringLiteral("GitHub"), base, settings.api,
                               m_credentials.of(settings.credential, githubAccount(settings)));
    return std::make_unique<GithubRuns>(client, m_clock, github);
}

std::unique_ptr<PrometheusMetrics> Connections::prometheus(const PrometheusSettings &settings)
{
    NetworkHttp &client
        = http(QStringLiteral("Prometheus"), settings.address.url, settings.address,
               m_credentials.of(settings.credential, prometheusAccount(settings), settings.user));
    return std::make_unique<PrometheusMetrics>(
        client, m_clock, PrometheusMetrics::Settings{settings.address.url, settings.match});
}

std::unique_ptr<Alertmanager> Connections::alertmanager(const AlertmanagerSettings &settings)
{
    NetworkHttp &client
        = http(QStringLiteral("Alertmanager"), settings.address.url, settings.address,
               m_credentials.of(settings.credential, alertmanagerAccount(settings), settings.user));
    return std::make_unique<Alertmanager>(
        client, m_clock, Alertmanager::Settings{settings.address.url, settings.match});
}

std::unique_ptr<TrafficControl> Connections::cloudRun(const CloudRunSettings &settings,
                                                      const CommitFrom &commitFrom)
{
    const QUrl base = orElse(settings.api.url, cloudRunApi);
    CloudRunControl::Settings service;
    service.project = settings.project;
    service.region = settings.region;
    service.service = settings.service;
    service.api = base;
    service.commitFrom = commitFrom;
    NetworkHttp &client
        = http(QStringLiteral("Cloud Run"), base, settings.api,
               m_credentials.of(settings.credential, googleAccount(settings.project)));
    return std::make_unique<CloudRunControl>(client, m_clock, service);
}

std::unique_ptr<CloudBuilds> Connections::cloudBuild(const BuildSettings &settings)
{
    CloudBuilds::Settings builds;
    builds.project = settings.project;
    builds.region = settings.region;
    builds.api = orElse(settings.api.url, cloudBuildApi);
    builds.storage = orElse(settings.storage.url, cloudStorage);
    // A client for each host: the credential goes to no other.
    NetworkHttp &api = http(QStringLiteral("Cloud Build"), builds.api, settings.api,
                            m_credentials.of(settings.credential, googleAccount(settings.project)));
    NetworkHttp &storage
        = http(QStringLiteral("Cloud Storage"), builds.storage, settings.storage,
               m_credentials.of(settings.credential, googleAccount(settings.project)));
    return std::make_unique<CloudBuilds>(api, storage, m_clock, builds);
}

Result<Connections::Cluster *> Connections::cluster(const QString &kubeconfig,
                                                    const QString &context)
{
    auto &known = m_clusters[{kubeconfig, context}];
    if (known)
        return known.get();
    const auto read = readKubeconfig(kubeconfig, context);
    if (!read)
        return fail(read.error());
    NetworkHttp::Settings settings;
    settings.systemName = QStringLiteral("Kubernetes");
    settings.base = read->server;
    settings.proxy = read->proxy;
    settings.tls.caPem = read->caPem;
    settings.tls.clientCertificatePem = read->clientCertificatePem;
    settings.tls.clientKeyPem = read->clientKeyPem;
    settings.tls.serverName = read->tlsServerName;
    settings.tls.verification = read->skipVerification ? TlsSettings::Verification::None
                                                       : TlsSettings::Verification::Full;
    std::unique_ptr<CredentialSource> credential;
    if (read->exec)
        credential = std::make_unique<PluginCredential>(*read->exec, m_plugins);
    else
        credential = std::make_unique<KubeToken>(*read);
    auto client = std::make_unique<NetworkHttp>(settings, *credential, m_clock);
    NetworkHttp &http = *client;
    m_accounts.append({QStringLiteral("Kubernetes (%1)").arg(read->name), credential.get(),
                       read->clientCertificatePem});
    known.reset(new Cluster{*read, std::move(credential), std::move(client),
                            KubernetesApi(http, m_clock, read->server)});
    return known.get();
}

std::unique_ptr<HelmControl> Connections::helm(const HelmSettings &settings, Cluster &cluster,
                                               CommandRunner &runner, const CommitFrom &commitFrom)
{
    HelmTarget target;
    target.program = settings.program;
    target.kubeconfig = settings.at.kubeconfig;
    target.context = cluster.context.name;
    target.nameSpace = settings.at.nameSpace;
    target.release = settings.release;
    target.chart = settings.chart;
    target.value = settings.value;
    return std::make_unique<HelmControl>(cluster.api, runner, m_clock, target,
                                         routeOf(settings, cluster, m_clock, commitFrom));
}

std::unique_ptr<HelmWayBack> Connections::httpRoute(const HttpRouteSettings &settings,
                                                    Cluster &cluster, CommandRunner &runner,
                                                    const CommitFrom &commitFrom)
{
    const RouteNames names{settings.name, settings.stable, settings.candidate, commitFrom};
    return std::make_unique<HelmWayBack>(
        cluster.api, runner, m_clock,
        HelmWayBack::Settings{settings.program, settings.at.kubeconfig, cluster.context.name,
                              settings.at.nameSpace, commitFrom},
        std::make_unique<HttpRouteControl>(
            cluster.api, m_clock,
            HttpRouteControl::Settings{settings.at.nameSpace, names, cluster.context.name}));
}

LostControl::LostControl(QString system, Error why, QObject *parent)
    : TrafficControl(parent), m_system(std::move(system)), m_why(std::move(why))
{}

QFuture<Result<Reading<TrafficState>>> LostControl::read()
{
    return ready<Reading<TrafficState>>(fail(m_why));
}

void LostControl::watch()
{
    QTimer::singleShot(0, this, [this] { Q_EMIT lost(m_why); });
}

QFuture<Result<Reading<TrafficState>>> LostControl::setWeight(const WeightRequest &)
{
    return ready<Reading<TrafficState>>(fail(m_why));
}

QFuture<Result<Reading<TrafficState>>> LostControl::setHold(const HoldChange &, const QString &)
{
    return ready<Reading<TrafficState>>(fail(m_why));
}

QFuture<Result<Reading<TrafficState>>> LostControl::annotate(const QString &, const QByteArray &,
                                                             const QString &)
{
    return ready<Reading<TrafficState>>(fail(m_why));
}

QFuture<Result<TrafficAccess>> LostControl::access()
{
    return ready<TrafficAccess>(fail(m_why));
}

} // namespace pilothouse

#include "app/sandbox/rehearsal.h"

#include "app/sandbox/parts/servers/serverplace.h"

#include "app/sandbox/parts/postgresserver.h"
#include "app/sandbox/parts/prometheusserver.h"
#include "app/sandbox/parts/workload.h"
#include "app/sandbox/parts/workspacewriter.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTimer>

namespace pilothouse::sandbox {

namespace {

const QString lockName = QStringLiteral(".pilothouse-sandbox");
const QString githubBase = QStringLiteral("/api/v3");
const QString cloudRunBase = QStringLiteral("/run");
const QString cloudBuildBase = QStringLiteral("/build");
const QString storageBase = QStringLiteral("/storage");
const QString controlBase = QStringLiteral("/control");
const QString logStoreBase = QStringLiteral("/logstore");

QString local(quint16 port, const QString &path = {})
{
    return QStringLiteral("http://127.0.0.1:%1%2").arg(port).arg(path);
}

QByteArray randomToken()
{
    QByteArray bytes(24, Qt::Uninitialized);
    QRandomGenerator::system()->generate(bytes.begin(), bytes.end());
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// Empties a folder that bears our lock, so that a crashed run leaves nothing behind.
void emptyFolder(const QString &path)
{
    const QDir dir(path);
    for (const QFileInfo &entry :
         dir.entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot)) {
        if (entry.fileName().startsWith(lockName))
            continue;
        if (entry.isDir() && !entry.isSymLink())
            QDir(entry.filePath()).removeRecursively();
        else
            QFile::remove(entry.filePath());
    }
}

} // namespace

Rehearsal::Rehearsal(RehearsalOptions options)
    : m_options(std::move(options)), m_faults(std::make_unique<FaultPlan>()), m_token(randomToken())
{}

Rehearsal::~Rehearsal()
{
    m_workload.reset();
    m_prometheus.reset();
    m_postgres.reset();
    m_mainServer.reset();
    m_kubernetesServer.reset();
    if (!m_lock || !m_lock->isLocked())
        return;
    emptyFolder(m_options.dir);
    m_lock->unlock();
    if (m_madeFolder)
        QDir().rmdir(m_options.dir);
}

Result<std::unique_ptr<Rehearsal>> Rehearsal::start(const RehearsalOptions &options)
{
    std::unique_ptr<Rehearsal> rehearsal(new Rehearsal(options));
    Result<> done = rehearsal->m_faults->apply(options.fault);
    if (done)
        done = rehearsal->claimFolder();
    if (done)
        done = rehearsal->makeWorld();
    if (done)
        done = rehearsal->listen();
    if (done)
        done = rehearsal->writeFiles();
    if (!done)
        return fail(done.error());
    rehearsal->m_world->start();
    rehearsal->startServersBeside();
    return rehearsal;
}

Result<> Rehearsal::claimFolder()
{
    m_options.dir = QDir(m_options.dir).absolutePath();
    const QDir dir(m_options.dir);
    m_madeFolder = !dir.exists();
    if (!QDir().mkpath(m_options.dir))
        return fail(
            ErrorKind::Unavailable,
            tr("%1 cannot be made: choose a folder that you may write to.").arg(m_options.dir));
    const QStringList inside
        = dir.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    if (!inside.isEmpty() && !inside.contains(lockName))
        return fail(ErrorKind::Refused,
                    tr("%1 is not empty: choose an empty folder, the rehearsal removes what is in "
                       "it.")
                        .arg(m_options.dir));
    m_lock = std::make_unique<QLockFile>(dir.filePath(lockName));
    m_lock->setStaleLockTime(0);
    if (!m_lock->tryLock(0))
        return fail(ErrorKind::Conflict,
                    tr("Another rehearsal runs in %1: choose another folder.").arg(m_options.dir));
    emptyFolder(m_options.dir);
    return {};
}

Result<> Rehearsal::makeWorld()
{
    const QString file = QFileInfo::exists(m_options.scenario)
                             ? m_options.scenario
                             : QStringLiteral(":/scenarios/%1.yaml").arg(m_options.scenario);
    auto scenario = Scenario::load(file);
    if (!scenario)
        return fail(scenario.error());
    auto repository = makeRepository(m_options.dir);
    if (!repository)
        return fail(repository.error());
    m_repository = *repository;
    m_world = std::make_unique<World>(std::make_shared<const Scenario>(std::move(*scenario)),
                                      m_options.world, m_repository.commits);
    for (qsizetype i = 0; i < m_world->startState().pushedAt.size(); ++i)
        if (auto pushed = pushRelease(m_repository, m_world->scenario().releases[i].revision);
            !pushed)
            return pushed;
    m_store = std::make_unique<ObjectStore>(m_options.world.seed);
    m_podLogs = std::make_unique<PodLogs>(*m_world, *m_store);
    m_kubernetes = std::make_unique<ApiServer>(
        *m_store, m_token, [this](const ExchangePtr &exchange, const QJsonObject &pod) {
            m_podLogs->answer(exchange, pod);
        });
    m_cluster = std::make_unique<Cluster>(*m_world, *m_store);
    m_cluster->populate();
    m_cloudRun = std::make_unique<CloudRunServer>(*m_world);
    m_cloudBuild = std::make_unique<CloudBuildServer>(*m_world);
    m_control = std::make_unique<Control>(*m_world, *m_faults);
    connectStory();
    connectCluster();
    return {};
}

void Rehearsal::connectStory()
{
    Story &story = m_world->story();
    connect(&story, &Story::releasePushed, this, [this](const QString &nickname) {
        if (auto pushed = pushRelease(m_repository, nickname); !pushed)
            Q_EMIT troubled(pushed.error().message);
    });
    connect(&story, &Story::candidateWanted, this,
            [this](const QString &track, const QString &nickname) {
                if (track == QLatin1String("standalone"))
                    m_cluster->deployCandidate(nickname);
                else
                    m_cloudRun->deployCandidate(nickname);
            });
    connect(&story, &Story::finishBegun, this, [this] { m_cluster->rollStable(); });
    connect(&story, &Story::finishWanted, this, [this] { m_cluster->finish(); });
    connect(&story, &Story::stagingWanted, m_cluster.get(), &Cluster::rollStaging);
    connect(&story, &Story::workerRollWanted, m_cluster.get(), &Cluster::rollWorker);
    connect(&story, &Story::podRestartWanted, m_cluster.get(), &Cluster::restartPod);
    connect(&story, &Story::weightWanted, this,
            [this](const QString &track, int weight, Story::Attempt attempt) {
                if (track == QLatin1String("standalone"))
                    m_cluster->setWeight(weight, m_world->scenario().colleague.name, attempt);
                else
                    m_cloudRun->setWeight(weight);
            });
}

void Rehearsal::connectCluster()
{
    connect(m_kubernetes.get(), &ApiServer::written, m_cluster.get(), &Cluster::noteWritten);
    connect(m_kubernetes.get(), &ApiServer::dryRunSeen, m_cluster.get(), &Cluster::noteDryRun);
    connect(m_world.get(), &World::trafficChanged, this, &Rehearsal::updateWriters);
    connect(m_world.get(), &World::workerRolled, this, &Rehearsal::updateWriters);
    connect(m_faults.get(), &FaultPlan::changed, this, &Rehearsal::onFaultChanged);
}

Result<> Rehearsal::listen()
{
    auto main = Server::listen(m_options.port,
                               [this](const ExchangePtr &exchange) { answerMain(exchange); });
    if (!main)
        return fail(main.error());
    m_mainServer = std::move(*main);
    const quint16 port = m_mainServer->port();
    const auto next = static_cast<quint16>(m_options.port == 0 ? 0 : m_options.port + 1);
    auto kubernetes = Server::listen(next, [this](const ExchangePtr &exchange) {
        m_world->story().noteWindowOpened();
        m_kubernetesHandler(exchange);
    });
    if (!kubernetes)
        return fail(kubernetes.error());
    m_kubernetesServer = std::move(*kubernetes);

    GithubServer::Settings github;
    github.api = local(port, githubBase);
    github.logStore = QStringLiteral("http://localhost:%1%2").arg(port).arg(logStoreBase);
    m_github = std::make_unique<GithubServer>(*m_world, m_repository, github);
    m_githubHandler = m_faults->wrap(
        QStringLiteral("github"),
        [this](const ExchangePtr &exchange) {
            m_github->answer(exchange, exchange->request.path.mid(githubBase.size()));
        },
        [this](const ExchangePtr &exchange, int status) { m_github->refuse(exchange, status); });
    m_kubernetesHandler = m_faults->wrap(
        QStringLiteral("kubernetes"),
        [this](const ExchangePtr &exchange) { m_kubernetes->answer(exchange); },
        [this](const ExchangePtr &exchange, int status) {
            m_kubernetes->refuse(exchange, status);
        });
    m_cloudRunHandler = m_faults->wrap(
        QStringLiteral("cloudrun"),
        [this](const ExchangePtr &exchange) {
            m_cloudRun->answer(exchange, exchange->request.path.mid(cloudRunBase.size()));
        },
        [this](const ExchangePtr &exchange, int status) { m_cloudRun->refuse(exchange, status); });
    // Builds and their logs stand or fall together.
    m_cloudBuildHandler = m_faults->wrap(
        QStringLiteral("cloudbuild"),
        [this](const ExchangePtr &exchange) {
            const QString path = exchange->request.path;
            if (path.startsWith(storageBase + QLatin1Char('/')))
                m_cloudBuild->answerStorage(exchange, path.mid(storageBase.size()));
            else
                m_cloudBuild->answer(exchange, path.mid(cloudBuildBase.size()));
        },
        [this](const ExchangePtr &exchange, int status) {
            m_cloudBuild->refuse(exchange, status);
        });
    for (const char *name : {"github", "kubernetes", "cloudrun", "cloudbuild"})
        onFaultChanged(QLatin1String(name));
    return {};
}

void Rehearsal::answerMain(const ExchangePtr &exchange)
{
    const QString path = exchange->request.path;
    const auto below = [&path](const QString &base) {
        return path.startsWith(base + QLatin1Char('/'));
    };
    if (path == QLatin1String("/metrics"))
        return exchange->reply(200, {{"Content-Type", "text/plain; version=0.0.4"}},
                               m_world->metricsText());
    if (below(controlBase))
        return m_control->answer(exchange, path.mid(controlBase.size()));
    if (below(logStoreBase))
        return m_github->answerLogStore(exchange, path.mid(logStoreBase.size()));
    if (below(cloudBuildBase) || below(storageBase))
        return m_cloudBuildHandler(exchange);
    if (!below(githubBase) && !below(cloudRunBase))
        return exchange->reply(404, {{"Content-Type", "text/plain"}}, "nothing here\n");
    m_world->story().noteWindowOpened();
    if (below(githubBase))
        m_githubHandler(exchange);
    else
        m_cloudRunHandler(exchange);
}

Result<> Rehearsal::writeFiles()
{
    m_postgresPort = freePort();
    m_prometheusPort = freePort();
    WorkspaceFacts facts;
    facts.dir = m_options.dir;
    facts.repositoryPath = m_repository.path;
    facts.githubApi = QUrl(local(m_mainServer->port(), githubBase));
    facts.kubernetes = QUrl(local(m_kubernetesServer->port()));
    facts.kubernetesToken = QString::fromLatin1(m_token);
    facts.cloudRunApi = QUrl(local(m_mainServer->port(), cloudRunBase));
    facts.cloudBuildApi = QUrl(local(m_mainServer->port(), cloudBuildBase));
    facts.storage = QUrl(local(m_mainServer->port(), storageBase));
    facts.prometheus = QUrl(local(m_prometheusPort));
    facts.postgresPort = m_postgresPort;
    facts.speed = m_options.world.speed;
    const auto written = writeWorkspace(facts);
    if (!written)
        return fail(written.error());
    m_workspaceFile = written->workspaceFile;
    m_kubeconfig = written->kubeconfig;
    return {};
}

QByteArray Rehearsal::readyLine() const
{
    const quint16 port = m_mainServer->port();
    const QJsonObject postgres{{QStringLiteral("host"), QStringLiteral("127.0.0.1")},
                               {QStringLiteral("port"), m_postgresPort},
                               {QStringLiteral("user"), QStringLiteral("migrator")}};
    const QJsonObject line{{QStringLiteral("ready"), true},
                           {QStringLiteral("workspace"), m_workspaceFile},
                           {QStringLiteral("kubeconfig"), m_kubeconfig},
                           {QStringLiteral("repository"), m_repository.path},
                           {QStringLiteral("github"), local(port, githubBase)},
                           {QStringLiteral("kubernetes"), local(m_kubernetesServer->port())},
                           {QStringLiteral("cloudrun"), local(port, cloudRunBase)},
                           {QStringLiteral("cloudbuild"), local(port, cloudBuildBase)},
                           {QStringLiteral("prometheus"), local(m_prometheusPort)},
                           {QStringLiteral("postgres"), postgres},
                           {QStringLiteral("control"), local(port, controlBase)}};
    return QJsonDocument(line).toJson(QJsonDocument::Compact);
}

} // namespace pilothouse::sandbox

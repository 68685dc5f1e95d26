#include "app/sandbox/rehearsal.h"

#include "app/sandbox/parts/postgresserver.h"
#include "app/sandbox/parts/prometheusserver.h"
#include "app/sandbox/parts/workload.h"

#include <QTimer>

namespace pilothouse::sandbox {

namespace {

constexpr double applicationInsertsPerSecond = 2;

ChangeStage stageOf(const StartState &start)
{
    if (start.contracted)
        return ChangeStage::Contracted;
    if (start.backfilled)
        return ChangeStage::Backfilled;
    return start.expanded ? ChangeStage::Expanded : ChangeStage::Untouched;
}

} // namespace

void Rehearsal::startServersBeside()
{
    // After the event loop has begun: the ready line does not wait for them.
    QTimer::singleShot(0, this, [this] {
        startPostgres();
        startPrometheus();
    });
}

void Rehearsal::startPostgres()
{
    const QString name = QStringLiteral("postgres");
    if (m_postgres || m_faults->isLost(name)) {
        m_control->setServerState(name, QStringLiteral("lost"));
        return;
    }
    m_control->setServerState(name, QStringLiteral("starting"));
    PostgresServer::Settings settings;
    settings.dir = m_options.dir;
    settings.port = m_postgresPort;
    settings.stage = stageOf(m_world->startState());
    m_postgres = std::make_unique<PostgresServer>(settings);
    connect(m_postgres.get(), &PostgresServer::ready, this, [this, name] {
        m_control->setServerState(name, QStringLiteral("ready"));
        startWorkload();
    });
    connect(m_postgres.get(), &PostgresServer::failed, this, [this, name](const Error &error) {
        m_control->setServerState(name, QStringLiteral("failed"));
        Q_EMIT troubled(error.message);
    });
    m_postgres->start();
}

void Rehearsal::startPrometheus()
{
    const QString name = QStringLiteral("prometheus");
    if (m_prometheus || m_faults->isLost(name)) {
        m_control->setServerState(name, QStringLiteral("lost"));
        return;
    }
    m_control->setServerState(name, QStringLiteral("starting"));
    PrometheusServer::Settings settings;
    settings.dir = m_options.dir;
    settings.port = m_prometheusPort;
    settings.metricsPort = m_mainServer->port();
    settings.speed = m_options.world.speed;
    settings.history = m_world->historyOpenMetrics();
    m_prometheus = std::make_unique<PrometheusServer>(settings);
    connect(m_prometheus.get(), &PrometheusServer::ready, this,
            [this, name] { m_control->setServerState(name, QStringLiteral("ready")); });
    connect(m_prometheus.get(), &PrometheusServer::failed, this, [this, name](const Error &error) {
        m_control->setServerState(name, QStringLiteral("failed"));
        Q_EMIT troubled(error.message);
    });
    m_prometheus->start();
}

void Rehearsal::startWorkload()
{
    Workload::Settings settings;
    settings.port = m_postgresPort;
    settings.speed = m_options.world.speed;
    settings.reportNightly = !m_world->startState().expanded;
    m_workload = std::make_unique<Workload>(settings);
    Story &story = m_world->story();
    connect(m_workload.get(), &Workload::lockAsked, &story, &Story::noteLockAsked);
    connect(m_workload.get(), &Workload::backfillEnded, &story, &Story::noteBackfillEnded);
    connect(m_workload.get(), &Workload::contracted, &story, &Story::noteContracted);
    m_workload->start();
    updateWriters();
}

void Rehearsal::updateWriters()
{
    if (!m_workload)
        return;
    const auto writer = [this](const QString &program, const QString &nickname, double rate) {
        return Writer{program + QLatin1Char('/') + m_world->commit(nickname).left(7), rate,
                      m_world->writesOrganization(nickname)};
    };
    QList<Writer> writers{writer(QStringLiteral("context-worker"), m_world->workerRevision(), 3)};
    for (const QString &track : m_world->scenario().tracks.keys()) {
        const QString program = track == QLatin1String("standalone")
                                    ? QStringLiteral("context-intelligence")
                                    : QStringLiteral("coditect-backend");
        const TrackTraffic traffic = m_world->traffic(track);
        if (traffic.weight < 100)
            writers.append(writer(program, traffic.stable,
                                  applicationInsertsPerSecond * (100 - traffic.weight) / 100));
        if (traffic.weight > 0 && traffic.candidate != traffic.stable)
            writers.append(writer(program, traffic.candidate,
                                  applicationInsertsPerSecond * traffic.weight / 100));
    }
    m_workload->setWriters(writers);
}

void Rehearsal::onFaultChanged(const QString &server)
{
    std::chrono::seconds skew{0};
    for (const Fault &fault : m_faults->of(server))
        if (fault.kind == Fault::Kind::Skew)
            skew = std::chrono::seconds(fault.amount);
    if (server == QLatin1String("kubernetes") && m_kubernetesServer)
        m_kubernetesServer->setSkew(skew);
    else if (server != QLatin1String("kubernetes") && m_mainServer)
        m_mainServer->setSkew(skew);
    const bool lost = m_faults->isLost(server);
    if (server == QLatin1String("prometheus") && m_control) {
        if (m_prometheus)
            m_prometheus->setLost(lost);
        else if (!lost)
            startPrometheus();
        if (m_prometheus)
            m_control->setServerState(server,
                                      lost ? QStringLiteral("lost") : QStringLiteral("ready"));
    }
    if (server == QLatin1String("postgres") && m_control) {
        if (lost) {
            m_workload.reset();
            m_postgres.reset();
            m_control->setServerState(server, QStringLiteral("lost"));
        } else if (!m_postgres) {
            startPostgres();
        }
    }
}

} // namespace pilothouse::sandbox

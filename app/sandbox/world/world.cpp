#include "app/sandbox/world/world.h"

#include "app/sandbox/world/story.h"

#include <cmath>

namespace pilothouse::sandbox {

namespace {

constexpr double stepsPerSecond = 10;
constexpr double historySeconds = 3600;
constexpr double historyEvery = 5;
/// What a chart shows stands closer, so that a rate over a few samples finds them at any speed.
constexpr double recentSeconds = 1200; // of the scenario
constexpr std::chrono::milliseconds tick{40};

} // namespace

World::World(std::shared_ptr<const Scenario> scenario, WorldOptions options, CommitTable commits,
             QObject *parent)
    : QObject(parent), m_scenario(std::move(scenario)), m_options(options),
      m_startState(sandbox::startState(*m_scenario, options.startAt)),
      m_commits(std::move(commits)), m_startedAt(QDateTime::currentDateTimeUtc()),
      m_start(std::chrono::steady_clock::now()), m_workerRevision(m_startState.worker),
      m_traffic(m_startState.traffic), m_meters(makeMeters()), m_runs(options.speed)
{
    playHistory(m_meters, nullptr);
    for (auto &[track, meter] : m_meters)
        meter.setSides(sidesOf(track, m_traffic.value(track)));
    prepareRuns();
    m_story = std::make_unique<Story>(*this);
    connect(m_story.get(), &Story::beatStarted, this, &World::beatStarted);
    m_timer.setInterval(tick);
    connect(&m_timer, &QTimer::timeout, this, &World::moveWithClock);
}

World::~World() = default;

void World::start()
{
    m_start = std::chrono::steady_clock::now();
    m_startedAt = QDateTime::currentDateTimeUtc();
    m_timer.start();
    m_story->begin();
}

void World::moveWithClock()
{
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - m_start;
    moveTo(passed.count() * m_options.speed);
}

void World::moveTo(double second)
{
    if (second <= m_second)
        return;
    const auto steps = static_cast<qint64>(std::floor(second * stepsPerSecond));
    for (; m_steps < steps; ++m_steps)
        for (auto &[track, meter] : m_meters)
            meter.step(static_cast<double>(m_steps) / stepsPerSecond, 1 / stepsPerSecond,
                       1 / stepsPerSecond / m_options.speed);
    m_second = second;
    m_runs.advance(clockSecond());
    m_story->advance();
    Q_EMIT moved();
}

std::chrono::milliseconds World::real(double scenarioSeconds) const
{
    return std::chrono::milliseconds(std::llround(scenarioSeconds * 1000 / m_options.speed));
}

QDateTime World::wallTime(double clockSecond) const
{
    return m_startedAt.addMSecs(std::llround(clockSecond * 1000));
}

int World::beat() const
{
    return m_story->beat();
}

QString World::commit(const QString &nickname) const
{
    return m_commits.value(nickname);
}

QString World::nickname(const QString &sha) const
{
    return m_commits.key(sha);
}

TrackTraffic World::traffic(const QString &track) const
{
    return m_traffic.value(track);
}

bool World::writesOrganization(const QString &nickname) const
{
    return m_scenario->revisions.value(nickname).writesOrganization;
}

QByteArray World::metricLabel(const QString &track, const QString &nickname) const
{
    if (track == QLatin1String("standalone"))
        return m_traffic.value(track).stable == nickname ? "stable" : "candidate";
    return m_scenario->revisions.value(nickname).cloudRunRevision.toUtf8();
}

const TrackMeter &World::meter(const QString &track) const
{
    return m_meters.at(track);
}

void World::setTraffic(const QString &track, const TrackTraffic &traffic)
{
    const auto meter = m_meters.find(track);
    if (meter == m_meters.end() || m_traffic.value(track) == traffic)
        return;
    m_traffic.insert(track, traffic);
    meter->second.setSides(sidesOf(track, traffic));
    Q_EMIT trafficChanged(track);
}

void World::setWorkerRevision(const QString &nickname)
{
    if (nickname == m_workerRevision)
        return;
    m_workerRevision = nickname;
    Q_EMIT workerRolled(nickname);
}

std::map<QString, TrackMeter> World::makeMeters() const
{
    std::map<QString, TrackMeter> meters;
    for (auto it = m_scenario->tracks.begin(); it != m_scenario->tracks.end(); ++it) {
        const bool kubernetes = it.key() == QLatin1String("standalone");
        TrackMeter::Settings settings;
        settings.track = it.key().toUtf8();
        settings.prefix = kubernetes ? "http" : "run";
        settings.label = kubernetes ? "version" : "revision_name";
        settings.demand = it->demand;
        settings.noise = it->noise;
        settings.stablePods = it->stablePods;
        settings.candidatePods = it->candidatePods;
        settings.connectionsPerPod = it->connectionsPerPod;
        settings.time = m_scenario->timeConstant;
        settings.poolTime = m_scenario->poolTimeConstant;
        settings.seed = m_options.seed;
        meters.emplace(it.key(), TrackMeter(settings));
    }
    return meters;
}

QList<TrackMeter::Side> World::sidesOf(const QString &track, const TrackTraffic &traffic) const
{
    const bool kubernetes = track == QLatin1String("standalone");
    const PlannedTrack plan = m_scenario->tracks.value(track);
    const Behaviour stable = m_scenario->revisions.value(traffic.stable);
    QList<TrackMeter::Side> sides{{kubernetes ? "stable" : stable.cloudRunRevision.toUtf8(), stable,
                                   1 - traffic.weight / 100.0, plan.stablePods}};
    if (!traffic.candidate.isEmpty()) {
        const Behaviour candidate = m_scenario->revisions.value(traffic.candidate);
        sides.append({kubernetes ? "candidate" : candidate.cloudRunRevision.toUtf8(), candidate,
                      traffic.weight / 100.0, plan.candidatePods});
    }
    return sides;
}

void World::playHistory(std::map<QString, TrackMeter> &meters, QList<MetricMoment> *moments) const
{
    const double startedAt = static_cast<double>(m_startedAt.toMSecsSinceEpoch()) / 1000;
    QHash<QString, qsizetype> shown;
    const double recent = -recentSeconds / m_options.speed;
    double step = 1;
    for (double clock = -historySeconds; clock < 0; clock += step) {
        if (clock >= recent)
            step = historyEvery / m_options.speed;
        for (auto &[track, meter] : meters) {
            const QList<PastTraffic> &past = *m_startState.before.constFind(track);
            qsizetype now = 0;
            while (now + 1 < past.size() && past[now + 1].second / m_options.speed <= clock)
                ++now;
            if (!shown.contains(track) || shown.value(track) != now) {
                meter.setSides(sidesOf(track, past[now].traffic));
                shown.insert(track, now);
            }
            meter.step(clock, m_options.speed * step, step);
        }
        if (!moments || (clock < recent && std::fmod(clock, historyEvery) != 0))
            continue;
        MetricMoment moment{startedAt + clock, {}};
        for (const auto &[track, meter] : meters)
            moment.samples += meter.samples();
        moments->append(moment);
    }
}

QByteArray World::metricsText()
{
    QList<MetricSample> samples;
    for (const auto &[track, meter] : m_meters)
        samples += meter.samples();
    // As kube-state-metrics tells it, with the labels of the service's own series.
    const QByteArray family = "kube_pod_container_status_restarts";
    for (const PodRestarts &each : m_restarts)
        samples.append(
            {family, "counter", family + "_total",
             "{namespace=\"" + m_scenario->nameSpace.toUtf8() + "\",pod=\"" + each.pod.toUtf8()
                 + R"(",container="app",track="standalone",version=")" + each.version + "\"}",
             double(each.count)});
    return expositionText(samples);
}

QByteArray World::historyOpenMetrics() const
{
    auto meters = makeMeters();
    QList<MetricMoment> moments;
    playHistory(meters, &moments);
    return openMetricsText(moments);
}

void World::prepareRuns()
{
    for (const PastRun &past : m_scenario->history)
        m_runs.addPast(m_scenario->workflows.value(past.workflow), past);
    constexpr double approvedAfter = 120;
    for (qsizetype i = 0; i < m_startState.pushedAt.size(); ++i) {
        const PlannedRelease &release = m_scenario->releases[i];
        const double at = m_startState.pushedAt[i] / m_options.speed;
        const auto begin = [&](const char *file, double when) {
            const QString name = QString::fromLatin1(file);
            m_runs.begin(m_scenario->workflows.value(name), release.runs.value(name),
                         release.revision, when);
        };
        begin("ci.yml", at);
        m_runs.advance(0);
        const RunRecord *ci = m_runs.find(release.runs.value(QStringLiteral("ci.yml")));
        if (ci->conclusion.isEmpty() || m_startState.beat == 3)
            continue;
        const double ended = ci->updatedAt; // a run that begins may move the others
        begin("deploy-standalone.yml", ended);
        begin("deploy-coditect.yml", ended);
        const double approved = at + approvedAfter / m_options.speed;
        m_runs.advance(std::min(0.0, approved));
        if (i == 0 && m_startState.firstFinished)
            m_runs.review(release.runs.value(QStringLiteral("deploy-standalone.yml")),
                          QStringLiteral("production"), QStringLiteral("approved"), approved);
        m_runs.advance(0);
    }
}

} // namespace pilothouse::sandbox

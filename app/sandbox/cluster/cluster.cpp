#include "app/sandbox/cluster/cluster.h"

#include "app/sandbox/cluster/surroundings.h"
#include "app/sandbox/world/pastchanges.h"
#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QTimer>

namespace pilothouse::sandbox {

namespace {

const QString helm = QStringLiteral("helm");
const QString kubectl = QStringLiteral("kubectl-patch");
const QString gateway = QStringLiteral("rehearsal-gateway");
const QString chart = QStringLiteral("context-intelligence-1.0.0");
const QString appName = QStringLiteral("context-intelligence");
const QString staging = QStringLiteral("staging");
constexpr int workers = 4;
constexpr int stagingPods = 2;
const QString cronController = QStringLiteral("kube-controller-manager");
/// The bad release has just got its first traffic.
constexpr int importBeat = 9;

QJsonObject withRules(QJsonObject route, const QJsonArray &rules)
{
    QJsonObject spec = part(route, "spec");
    spec.insert(QStringLiteral("rules"), rules);
    route.insert(QStringLiteral("spec"), spec);
    return route;
}

qint64 generationOf(const QJsonObject &object)
{
    return part(object, "metadata").value(QLatin1String("generation")).toInteger();
}

} // namespace

Cluster::Cluster(World &world, ObjectStore &store, QObject *parent)
    : QObject(parent), m_world(world), m_store(store),
      m_controller(store, world.real(world.scenario().podsReadyAfter))
{
    connect(&store, &ObjectStore::written, this, &Cluster::onWritten);
    connect(&m_controller, &DeploymentController::podsChanged, this, &Cluster::updateTraffic);
    connect(&world, &World::beatStarted, this, [this](int beat) {
        if (beat == importBeat)
            beginImport(QDateTime::currentDateTimeUtc());
    });
}

DeploymentFacts Cluster::facts(const char *name, const char *track, int replicas,
                               const QString &nickname, const QDateTime &at) const
{
    DeploymentFacts out;
    out.name = QLatin1String(name);
    out.nameSpace = m_world.scenario().nameSpace;
    out.app = appName;
    out.track = QLatin1String(track);
    out.replicas = replicas;
    out.image = m_world.scenario().image;
    out.sha = m_world.commit(nickname);
    out.chart = chart;
    out.createdAt = at;
    return out;
}

void Cluster::addDeployment(const DeploymentFacts &facts, const QString &manager)
{
    m_store.create(resourceType("deployments"), deploymentManifest(facts), {manager, {}, {}});
}

QDateTime Cluster::lastChange() const
{
    const QList<PastTraffic> before = m_world.startState().before.value(standalone);
    constexpr int days = -4;
    return before.size() < 2 ? m_world.startedAt().addDays(days)
                             : m_world.wallTime(before.last().second / m_world.options().speed);
}

void Cluster::addRoute(int weight)
{
    const QDateTime at = m_world.startedAt().addDays(-40);
    const QString nameSpace = m_world.scenario().nameSpace;
    m_store.create(resourceType("gateways"), gatewayManifest(nameSpace, at), {helm, {}, at});
    // Helm made the route; its rules were written by hand of the deploy job, so they are not its.
    const auto bare
        = m_store.create(resourceType("httproutes"), routeManifest(nameSpace, at), {helm, {}, at});
    QJsonObject route = withRules(*bare, routeRules(weight));
    QJsonObject metadata = part(route, "metadata");
    QJsonObject annotations = part(metadata, "annotations");
    annotations.insert(QLatin1String(changesAnnotation),
                       QString::fromUtf8(pastChanges(m_world, standalone)));
    metadata.insert(QStringLiteral("annotations"), annotations);
    route.insert(QStringLiteral("metadata"), metadata);
    if (const auto written
        = m_store.update(resourceType("httproutes"), route, {kubectl, {}, lastChange()}))
        acceptRoute(generationOf(*written));
}

void Cluster::populate()
{
    const TrackTraffic traffic = m_world.traffic(standalone);
    const QDateTime old = m_world.startedAt().addDays(-21);
    const QString nameSpace = m_world.scenario().nameSpace;
    const PlannedTrack plan = m_world.scenario().tracks.value(standalone);
    for (const QString &name : {nameSpace, staging, QStringLiteral("default")})
        m_store.create(resourceType("namespaces"), namespaceManifest(name, old), {helm, {}, {}});
    for (const auto &[service, track] :
         {std::pair(stableService, "stable"), std::pair(candidateService, "candidate")})
        m_store.create(
            resourceType("services"),
            serviceManifest(QLatin1String(service), nameSpace, appName, QLatin1String(track), old),
            {helm, {}, {}});
    addHelmHistory();
    addSurroundings();
    addDeployment(facts(stableService, "stable", plan.stablePods, traffic.stable, old), helm);
    addDeployment(facts(workerDeployment, "worker", workers, m_world.workerRevision(), old), helm);
    if (!traffic.candidate.isEmpty())
        addDeployment(facts(candidateService, "candidate", plan.candidatePods, traffic.candidate,
                            m_world.startedAt().addSecs(-30)),
                      helm);
    DeploymentFacts inStaging
        = facts(stableService, "stable", stagingPods,
                traffic.candidate.isEmpty() ? traffic.stable : traffic.candidate, old);
    inStaging.nameSpace = staging;
    addDeployment(inStaging, helm);
    m_store.create(resourceType("services"),
                   serviceManifest(QLatin1String(stableService), staging, appName,
                                   QStringLiteral("stable"), old),
                   {helm, {}, {}});
    addRoute(traffic.weight);
    m_controller.settleAll();
}

void Cluster::addHelm(const QString &description, const QString &stable, const QString &candidate,
                      const QDateTime &at)
{
    if (m_deployed) {
        // Helm writes the new status into the body as well as into the label.
        m_deployed->status = QStringLiteral("superseded");
        m_store.update(resourceType("secrets"), helmSecret(*m_deployed), {helm, {}, {}});
    }
    HelmRevision revision;
    revision.release = appName;
    revision.nameSpace = m_world.scenario().nameSpace;
    revision.revision = ++m_helmRevision;
    revision.status = QStringLiteral("deployed");
    revision.description = description;
    revision.sha = m_world.commit(stable);
    revision.candidateSha = m_world.commit(candidate);
    revision.at = at;
    m_store.create(resourceType("secrets"), helmSecret(revision), {helm, {}, {}});
    m_deployed = revision;
}

void Cluster::addHelmHistory()
{
    const QString old = m_world.scenario().stable;
    const QString good = m_world.scenario().releases.value(0).revision;
    const QString upgraded = QStringLiteral("Upgrade complete");
    const QDateTime start = m_world.startedAt();
    addHelm(upgraded, old, {}, start.addDays(-21));
    addHelm(upgraded, old, QStringLiteral("6d02e19"), start.addDays(-4));
    addHelm(QStringLiteral("Rollback to 38"), old, {}, start.addDays(-4).addSecs(60));
    addHelm(upgraded, old, {}, start.addDays(-3));
    const TrackTraffic traffic = m_world.traffic(standalone);
    if (traffic.stable == good) {
        addHelm(upgraded, old, good, start.addSecs(-160));
        addHelm(upgraded, good, {}, start.addSecs(-100));
    }
    if (!traffic.candidate.isEmpty())
        addHelm(upgraded, traffic.stable, traffic.candidate, start.addSecs(-30));
}

void Cluster::addSurroundings()
{
    const QString nameSpace = m_world.scenario().nameSpace;
    const QDateTime start = m_world.startedAt();
    const QDateTime old = start.addDays(-21);
    const TrackTraffic traffic = m_world.traffic(standalone);
    m_store.create(resourceType("configmaps"), configMapManifest(nameSpace, traffic.stable, old),
                   {helm, {}, old});
    if (!traffic.candidate.isEmpty())
        writeConfigMap(traffic.candidate, start.addSecs(-30));
    m_store.create(resourceType("cronjobs"),
                   importManifest(nameSpace, m_world.scenario().image, old), {helm, {}, old});
    const QString bad = m_world.scenario().releases.value(1).revision;
    for (const PastTraffic &past : m_world.startState().before.value(standalone)) {
        if (past.traffic.candidate == bad && past.traffic.weight > 0) {
            beginImport(m_world.wallTime(past.second / m_world.options().speed));
            break;
        }
    }
}

void Cluster::writeConfigMap(const QString &nickname, const QDateTime &at)
{
    m_store.update(resourceType("configmaps"),
                   configMapManifest(m_world.scenario().nameSpace, nickname, at), {helm, {}, at});
}

void Cluster::beginImport(const QDateTime &at)
{
    const QString nameSpace = m_world.scenario().nameSpace;
    auto cronJob = m_store.get(resourceType("cronjobs"), nameSpace, QLatin1String(importCronJob));
    if (!cronJob || !m_store.list(resourceType("jobs"), nameSpace).isEmpty())
        return; // one at a time
    m_store.create(resourceType("jobs"), importRun(*cronJob, at), {cronController, {}, at});
    cronJob->insert(QStringLiteral("status"),
                    QJsonObject{{QStringLiteral("lastScheduleTime"), kubernetesTime(at)}});
    m_store.update(resourceType("cronjobs"), *cronJob,
                   {cronController, QStringLiteral("status"), at});
}

void Cluster::setImage(const QString &nameSpace, const char *name, const QString &nickname)
{
    const auto found = m_store.get(resourceType("deployments"), nameSpace, QLatin1String(name));
    if (!found)
        return;
    const QJsonObject &was = *found;
    DeploymentFacts next;
    next.name = QLatin1String(name);
    next.nameSpace = nameSpace;
    next.app = appName;
    next.track = labelOf(was, "track");
    next.replicas = part(was, "spec").value(QLatin1String("replicas")).toInt();
    next.image = m_world.scenario().image;
    next.sha = m_world.commit(nickname);
    next.chart = chart;
    m_store.update(resourceType("deployments"), deploymentManifest(next), {helm, {}, {}});
}

void Cluster::rollStaging(const QString &nickname)
{
    setImage(staging, stableService, nickname);
}

void Cluster::deployCandidate(const QString &nickname)
{
    const PlannedTrack plan = m_world.scenario().tracks.value(standalone);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    addHelm(QStringLiteral("Upgrade complete"), m_world.traffic(standalone).stable, nickname, now);
    writeConfigMap(nickname, now);
    const DeploymentFacts next
        = facts(candidateService, "candidate", plan.candidatePods, nickname, now);
    if (m_store.get(resourceType("deployments"), next.nameSpace, next.name))
        setImage(next.nameSpace, candidateService, nickname);
    else
        addDeployment(next, helm);
}

void Cluster::rollStable()
{
    const TrackTraffic traffic = m_world.traffic(standalone);
    if (!traffic.candidate.isEmpty())
        setImage(m_world.scenario().nameSpace, stableService, traffic.candidate);
}

void Cluster::finish()
{
    const TrackTraffic traffic = m_world.traffic(standalone);
    addHelm(QStringLiteral("Upgrade complete"), traffic.candidate, {},
            QDateTime::currentDateTimeUtc());
    setWeight(0, kubectl, Story::Attempt::Fresh);
    // The candidate's pods may go once nothing is sent to them any more.
    constexpr double drains = 1;
    QTimer::singleShot(
        m_world.real(m_world.scenario().routeAcceptsAfter * m_world.options().speed + drains), this,
        [this] {
            m_store.remove(resourceType("deployments"), m_world.scenario().nameSpace,
                           QLatin1String(candidateService));
        });
}

void Cluster::rollWorker(const QString &nickname)
{
    setImage(m_world.scenario().nameSpace, workerDeployment, nickname);
}

void Cluster::restartPod()
{
    QJsonObject chosen;
    for (const QJsonObject &pod :
         m_store.list(resourceType("pods"), m_world.scenario().nameSpace)) {
        const bool isCandidates = labelOf(pod, "track") == QLatin1String("candidate");
        if (isCandidates && isReady(pod)
            && (chosen.isEmpty() || restartsOf(pod) < restartsOf(chosen)))
            chosen = pod;
    }
    if (chosen.isEmpty())
        return;
    chosen.insert(QStringLiteral("status"),
                  restartedStatus(chosen, QDateTime::currentDateTimeUtc()));
    m_store.update(resourceType("pods"), chosen,
                   {QStringLiteral("kubelet"), QStringLiteral("status"), {}});
    tellRestarts();
}

void Cluster::tellRestarts()
{
    QList<PodRestarts> all;
    for (const QJsonObject &pod :
         m_store.list(resourceType("pods"), m_world.scenario().nameSpace)) {
        const QByteArray version = labelOf(pod, "track").toLatin1();
        if (version == "stable" || version == "candidate")
            all.append({nameOf(pod), version, restartsOf(pod)});
    }
    m_world.setRestarts(all);
}

void Cluster::setWeight(int weight, const QString &by, Story::Attempt attempt)
{
    const auto route = m_store.get(resourceType("httproutes"), m_world.scenario().nameSpace,
                                   QLatin1String(routeName));
    if (!route)
        return;
    QJsonObject next = withRules(*route, routeRules(weight));
    if (attempt == Story::Attempt::WithOldVersion) {
        QJsonObject metadata = part(next, "metadata");
        metadata.insert(QStringLiteral("resourceVersion"), QStringLiteral("1"));
        next.insert(QStringLiteral("metadata"), metadata);
    }
    const bool colleague = by == m_world.scenario().colleague.name;
    const QString manager = colleague ? QStringLiteral("kubectl-edit") : by;
    if (m_store.update(resourceType("httproutes"), next, {manager, {}, {}}))
        m_world.story().noteAsked(standalone, weight, by);
}

void Cluster::noteWritten(const QString &resource, const QJsonObject &object,
                          const QString &manager)
{
    if (resource != resourceType("httproutes").qualified()
        || nameOf(object) != QLatin1String(routeName))
        return;
    m_world.story().noteAsked(standalone, candidateWeight(object), manager);
}

void Cluster::noteDryRun(const QString &resource, const QJsonObject &would)
{
    if (resource != resourceType("httproutes").qualified()
        || nameOf(would) != QLatin1String(routeName))
        return;
    m_world.story().noteDryRun(standalone, m_world.traffic(standalone).candidate,
                               candidateWeight(would));
}

void Cluster::onWritten(const StoreEvent &event)
{
    if (event.resource != resourceType("httproutes").qualified()
        || event.kind == StoreEvent::Kind::Deleted
        || part(event.object, "spec") == part(event.before, "spec"))
        return;
    const auto delay
        = std::chrono::milliseconds(static_cast<int>(m_world.scenario().routeAcceptsAfter * 1000));
    QTimer::singleShot(
        delay, this, [this, generation = generationOf(event.object)] { acceptRoute(generation); });
}

void Cluster::acceptRoute(qint64 generation)
{
    auto route = m_store.get(resourceType("httproutes"), m_world.scenario().nameSpace,
                             QLatin1String(routeName));
    // What was written since has a time of its own; and no generation is accepted twice, which
    // would be a new version of the route under whoever writes.
    if (!route || generationOf(*route) != generation || m_acceptedGeneration == generation)
        return;
    m_acceptedGeneration = generation;
    const int weight = candidateWeight(*route);
    route->insert(QStringLiteral("status"), routeStatus(*route, QDateTime::currentDateTimeUtc()));
    m_store.update(resourceType("httproutes"), *route, {gateway, QStringLiteral("status"), {}});
    m_accepted = weight;
    updateTraffic();
}

QString Cluster::running(const char *deployment, const QString &otherwise) const
{
    QString found;
    const QString prefix = QLatin1String(deployment) + QLatin1Char('-');
    for (const QJsonObject &pod :
         m_store.list(resourceType("pods"), m_world.scenario().nameSpace)) {
        const QString owner
            = metadataText(pod, "generateName").chopped(1).section(QLatin1Char('-'), 0, -2);
        if (owner != prefix.chopped(1) || !isReady(pod))
            continue;
        const QString nickname = m_world.nickname(imageTag(pod));
        if (!found.isEmpty() && found != nickname)
            return otherwise;
        found = nickname;
    }
    return found;
}

void Cluster::updateTraffic()
{
    const TrackTraffic before = m_world.traffic(standalone);
    TrackTraffic now;
    now.stable = running(stableService, before.stable);
    if (now.stable.isEmpty())
        now.stable = before.stable;
    now.candidate = running(candidateService, before.candidate);
    now.weight = now.candidate.isEmpty() ? 0 : m_accepted;
    m_world.setTraffic(standalone, now);
    const QString worker = running(workerDeployment, m_world.workerRevision());
    if (!worker.isEmpty())
        m_world.setWorkerRevision(worker);
    tellRestarts();
}

} // namespace pilothouse::sandbox

#include "app/sandbox/cluster/cluster.h"
#include "app/sandbox/cluster/surroundings.h"
#include "sandboxworld.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>

#include <zlib.h>

using namespace pilothouse::sandbox;

namespace {

const QString production = QStringLiteral("production");
const QString old = QStringLiteral("4be81c0");
const QString good = QStringLiteral("9f3c2a1");

QByteArray gunzip(const QByteArray &packed)
{
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK)
        return {};
    QByteArray out(qsizetype(64) * 1024, Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.constData()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef *>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = inflate(&stream, Z_FINISH);
    out.resize(static_cast<qsizetype>(stream.total_out));
    inflateEnd(&stream);
    return result == Z_STREAM_END ? out : QByteArray();
}

} // namespace

/// Real time passes here: at speed 10 a pod is ready after 0.2 s, a route accepted after 0.3 s.
class ClusterTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theStartHasThreePodsAndNoCandidate();
    void aCandidateComesReadyAtNoWeight();
    void theRouteIsAcceptedAfterAWhile();
    void twoWritesInARowAreAcceptedOnce();
    void finishingBringsTheCandidateToStable();
    void theColleagueIsRememberedByTheObject();
    void anOldVersionChangesNothing();
    void theWorkerRolls();
    void aPodThatIsStartedAgainIsCounted();
    void helmRevisionsAreKept();
    void aLaterBeatStandsAtOnce();
    void aReleaseWritesTheConfigMapOfItsPods();
    void theImportBeginsWhenTheBadReleaseGetsTraffic();
    void aDrillFindsTheImportUnderWay();

private:
    [[nodiscard]] QList<QJsonObject> pods(const char *track) const;
    [[nodiscard]] QJsonObject route() const;

    std::unique_ptr<World> m_world;
    std::unique_ptr<ObjectStore> m_store;
    std::unique_ptr<Cluster> m_cluster;
};

void ClusterTest::init()
{
    WorldOptions options;
    options.speed = 10;
    m_cluster.reset();
    m_world = makeWorld(options);
    m_store = std::make_unique<ObjectStore>(1);
    m_cluster = std::make_unique<Cluster>(*m_world, *m_store);
    m_cluster->populate();
}

QList<QJsonObject> ClusterTest::pods(const char *track) const
{
    QList<QJsonObject> out;
    for (const QJsonObject &pod : m_store->list(resourceType("pods"), production))
        if (labelOf(pod, "track") == QLatin1String(track))
            out.append(pod);
    return out;
}

QJsonObject ClusterTest::route() const
{
    return *m_store->get(resourceType("httproutes"), production, QLatin1String(routeName));
}

void ClusterTest::theStartHasThreePodsAndNoCandidate()
{
    QCOMPARE(pods("stable").size(), 3);
    QCOMPARE(pods("candidate").size(), 0);
    QCOMPARE(pods("worker").size(), 4);
    for (const QJsonObject &pod : pods("stable")) {
        QVERIFY(isReady(pod));
        QCOMPARE(imageTag(pod), m_world->commit(old));
    }
    QCOMPARE(candidateWeight(route()), 0);
    QVERIFY(route().value(QLatin1String("status")).toObject().contains(QLatin1String("parents")));
}

void ClusterTest::aCandidateComesReadyAtNoWeight()
{
    m_cluster->deployCandidate(good);
    QTRY_COMPARE(pods("candidate").size(), 2);
    QVERIFY(!isReady(pods("candidate").first()));
    QVERIFY(m_world->traffic(standalone).candidate.isEmpty());
    QTRY_COMPARE(m_world->traffic(standalone).candidate, good);
    QVERIFY(isReady(pods("candidate").first()) && isReady(pods("candidate").last()));
    QCOMPARE(m_world->traffic(standalone).weight, 0);
}

void ClusterTest::theRouteIsAcceptedAfterAWhile()
{
    m_cluster->deployCandidate(good);
    QTRY_COMPARE(m_world->traffic(standalone).candidate, good);
    m_cluster->setWeight(50, QStringLiteral("pilothouse"), Story::Attempt::Fresh);
    QCOMPARE(candidateWeight(route()), 50);
    QCOMPARE(m_world->traffic(standalone).weight, 0);
    const auto observed = [this] {
        return route()
            .value(QLatin1String("status"))[QLatin1String("parents")][0][QLatin1String(
                "conditions")][0][QLatin1String("observedGeneration")]
            .toInt();
    };
    const int generation
        = route().value(QLatin1String("metadata"))[QLatin1String("generation")].toInt();
    QVERIFY(observed() < generation);
    QTRY_COMPARE(m_world->traffic(standalone).weight, 50);
    QCOMPARE(observed(), generation);
}

/// The time of the first write is not that of the second; and another status for the same
/// generation would be a conflict for whoever writes at that moment.
void ClusterTest::twoWritesInARowAreAcceptedOnce()
{
    QElapsedTimer sinceSecond;
    QList<qint64> acceptedAfter; // ms
    connect(m_store.get(), &ObjectStore::written, this, [&](const StoreEvent &event) {
        if (nameOf(event.object) == QLatin1String(routeName)
            && part(event.object, "spec") == part(event.before, "spec"))
            acceptedAfter.append(sinceSecond.elapsed());
    });
    m_cluster->setWeight(10, QStringLiteral("pilothouse"), Story::Attempt::Fresh);
    QTest::qWait(150);
    sinceSecond.start();
    acceptedAfter.clear(); // a slow machine has come so far as to accept the first
    m_cluster->setWeight(50, QStringLiteral("pilothouse"), Story::Attempt::Fresh);
    QTRY_COMPARE(acceptedAfter.size(), 1);
    QVERIFY(acceptedAfter.first() >= 290);
    QTest::qWait(400);
    QCOMPARE(acceptedAfter.size(), 1);
}

void ClusterTest::finishingBringsTheCandidateToStable()
{
    m_cluster->deployCandidate(good);
    QTRY_COMPARE(m_world->traffic(standalone).candidate, good);
    m_cluster->setWeight(100, QStringLiteral("pilothouse"), Story::Attempt::Fresh);
    QTRY_COMPARE(m_world->traffic(standalone).weight, 100);
    m_cluster->rollStable();
    QTRY_COMPARE(m_world->traffic(standalone).stable, good);
    QCOMPARE(m_world->traffic(standalone).weight, 100);
    m_cluster->finish();
    QTRY_COMPARE(m_world->traffic(standalone), (TrackTraffic{good, {}, 0}));
    QCOMPARE(pods("stable").size(), 3);
    QTRY_COMPARE(pods("candidate").size(), 0);
}

void ClusterTest::theColleagueIsRememberedByTheObject()
{
    m_cluster->setWeight(100, m_world->scenario().colleague.name, Story::Attempt::Fresh);
    const QJsonArray entries
        = route().value(QLatin1String("metadata"))[QLatin1String("managedFields")].toArray();
    QStringList managers;
    for (const auto &entry : entries)
        if (entry[QLatin1String("fieldsV1")][QLatin1String("f:spec")].toObject().contains(
                QLatin1String("f:rules")))
            managers.append(entry[QLatin1String("manager")].toString());
    QCOMPARE(managers, QStringList{QStringLiteral("kubectl-edit")});
}

void ClusterTest::anOldVersionChangesNothing()
{
    const QJsonObject before = route();
    m_cluster->setWeight(100, m_world->scenario().colleague.name, Story::Attempt::WithOldVersion);
    QCOMPARE(route(), before);
}

void ClusterTest::theWorkerRolls()
{
    QCOMPARE(m_world->workerRevision(), old);
    m_cluster->rollWorker(good);
    QTRY_COMPARE(m_world->workerRevision(), good);
    QTRY_COMPARE(pods("worker").size(), 4);
}

void ClusterTest::aPodThatIsStartedAgainIsCounted()
{
    m_cluster->restartPod(); // there is no candidate: nothing ends
    m_cluster->deployCandidate(good);
    QTRY_COMPARE(m_world->traffic(standalone).candidate, good);
    const auto counted = [this](const char *version) {
        QStringList counts;
        for (const QByteArray &line : m_world->metricsText().split('\n')) {
            if (line.startsWith("kube_pod_container_status_restarts_total{")
                && line.contains(QByteArray("version=\"") + version + '"'))
                counts.append(QString::fromLatin1(line.mid(line.lastIndexOf(' ') + 1)));
        }
        counts.sort();
        return counts.join(QLatin1Char(' '));
    };
    QCOMPARE(counted("stable"), QStringLiteral("0 0 0"));
    QCOMPARE(counted("candidate"), QStringLiteral("0 0"));
    m_cluster->restartPod();
    QCOMPARE(counted("candidate"), QStringLiteral("0 1"));
    m_cluster->restartPod();
    m_cluster->restartPod();
    QCOMPARE(counted("candidate"), QStringLiteral("1 2"));
    QCOMPARE(counted("stable"), QStringLiteral("0 0 0"));
    QList<int> told;
    for (const QJsonObject &pod : pods("candidate")) {
        told.append(restartsOf(pod));
        QVERIFY(isReady(pod));
        QCOMPARE(pod.value(QLatin1String(
                     "status"))[QLatin1String("containerStatuses")][0][QLatin1String("lastState")]
                               [QLatin1String("terminated")][QLatin1String("exitCode")]
                                   .toInt(),
                 137);
    }
    std::sort(told.begin(), told.end());
    QCOMPARE(told, (QList<int>{1, 2}));
}

void ClusterTest::helmRevisionsAreKept()
{
    m_cluster->deployCandidate(good);
    QStringList revisions;
    QJsonObject release;
    for (const QJsonObject &secret : m_store->list(resourceType("secrets"), production)) {
        const QByteArray data
            = secret.value(QLatin1String("data"))[QLatin1String("release")].toString().toLatin1();
        const QByteArray plain = gunzip(QByteArray::fromBase64(QByteArray::fromBase64(data)));
        release = QJsonDocument::fromJson(plain).object();
        revisions.append(labelOf(secret, "version") + QLatin1Char(' ') + labelOf(secret, "status"));
        // Clients read the labels for speed and the body for show: both say the same.
        QCOMPARE(release.value(QLatin1String("info"))[QLatin1String("status")].toString(),
                 labelOf(secret, "status"));
    }
    QCOMPARE(revisions,
             (QStringList{QStringLiteral("38 superseded"), QStringLiteral("39 superseded"),
                          QStringLiteral("40 superseded"), QStringLiteral("41 superseded"),
                          QStringLiteral("42 deployed")}));
    QCOMPARE(release.value(QLatin1String("version")).toInt(), 42);
    QVERIFY(release.value(QLatin1String("manifest")).toString().contains(m_world->commit(good)));
}

void ClusterTest::aLaterBeatStandsAtOnce()
{
    WorldOptions options;
    options.startAt = 11;
    m_cluster.reset();
    m_world = makeWorld(options);
    m_store = std::make_unique<ObjectStore>(1);
    m_cluster = std::make_unique<Cluster>(*m_world, *m_store);
    m_cluster->populate();
    QCOMPARE(m_world->traffic(standalone), (TrackTraffic{good, QStringLiteral("c41d77e"), 50}));
    QCOMPARE(candidateWeight(route()), 50);
    QCOMPARE(pods("candidate").size(), 2);
    QVERIFY(isReady(pods("candidate").first()));
}

void ClusterTest::aReleaseWritesTheConfigMapOfItsPods()
{
    const auto release = [this] {
        const auto map
            = m_store->get(resourceType("configmaps"), production, QLatin1String(configMapName));
        return map ? part(*map, "data").value(QLatin1String("RELEASE")).toString() : QString();
    };
    QCOMPARE(release(), old);
    m_cluster->deployCandidate(good);
    QCOMPARE(release(), good);
    QTRY_COMPARE(pods("candidate").size(), 2);
    const QJsonObject container
        = part(pods("candidate").first(), "spec")[QLatin1String("containers")][0].toObject();
    QCOMPARE(
        container[QLatin1String("envFrom")][0][QLatin1String("configMapRef")][QLatin1String("name")]
            .toString(),
        QLatin1String(configMapName));
}

void ClusterTest::theImportBeginsWhenTheBadReleaseGetsTraffic()
{
    const auto jobs = [this] {
        return m_store->list(resourceType("jobs"), production);
    };
    QCOMPARE(jobs().size(), 0);
    Q_EMIT m_world->beatStarted(8);
    QCOMPARE(jobs().size(), 0);
    Q_EMIT m_world->beatStarted(9);
    QCOMPARE(jobs().size(), 1);
    const QJsonObject owner
        = part(jobs().first(), "metadata")[QLatin1String("ownerReferences")][0].toObject();
    QCOMPARE(owner[QLatin1String("kind")].toString(), QStringLiteral("CronJob"));
    QCOMPARE(owner[QLatin1String("name")].toString(), QLatin1String(importCronJob));
    const auto cron
        = m_store->get(resourceType("cronjobs"), production, QLatin1String(importCronJob));
    QCOMPARE(part(*cron, "status")[QLatin1String("lastScheduleTime")],
             part(jobs().first(), "status")[QLatin1String("startTime")]);
    Q_EMIT m_world->beatStarted(9);
    QCOMPARE(jobs().size(), 1);
}

void ClusterTest::aDrillFindsTheImportUnderWay()
{
    WorldOptions options;
    options.startAt = 11;
    m_cluster.reset();
    m_world = makeWorld(options);
    m_store = std::make_unique<ObjectStore>(1);
    m_cluster = std::make_unique<Cluster>(*m_world, *m_store);
    m_cluster->populate();
    const QList<QJsonObject> jobs = m_store->list(resourceType("jobs"), production);
    QCOMPARE(jobs.size(), 1);
    const QDateTime began = QDateTime::fromString(
        part(jobs.first(), "status")[QLatin1String("startTime")].toString(), Qt::ISODate);
    QVERIFY2(began < m_world->startedAt() && began > m_world->startedAt().addSecs(-600),
             qPrintable(began.toString(Qt::ISODate)));
}

QTEST_GUILESS_MAIN(ClusterTest)
#include "clustertest.moc"

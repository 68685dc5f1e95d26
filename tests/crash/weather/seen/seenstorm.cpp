#include "connectors/github/githubapi.h"
#include "connectors/github/githubdeployments.h"
#include "connectors/kubernetes/deploymentworkloads.h"
#include "connectors/kubernetes/deploys/helmdeploys.h"
#include "connectors/kubernetes/events/kubernetesevents.h"
#include "crash/weather/githubscene.h"
#include "crash/weather/lanes.h"
#include "crash/weather/seen/seenscene.h"
#include "support/kube/canaryworld.h"
#include "support/soon.h"

#include <QTest>

using namespace pilothouse;

namespace {

/// So often everything is asked for.
constexpr int rounds = 3;
constexpr int deploymentUnderWay = 6; // beat

/// What came of one question.
struct Told
{
    QSet<QString> lines;         ///< whatever was told, one line each
    QStringList missing;         ///< why something was not; empty = all was told
    std::optional<QDateTime> at; ///< not before that it may be asked again

    void lack(const Error &error)
    {
        missing.append(error.message);
        if (error.retryAt)
            at = error.retryAt;
    }
};

Told toldOf(const Result<QList<SeenDeed>> &deeds)
{
    Told told;
    if (!deeds) {
        told.lack(deeds.error());
        return told;
    }
    for (const SeenDeed &deed : *deeds)
        told.lines += QStringList{deed.at.toString(Qt::ISODate),
                                  deed.who,
                                  deed.what,
                                  deed.key,
                                  deed.mark,
                                  deed.commit.value}
                          .join(QStringLiteral(" | "));
    return told;
}

Told toldOf(const ClusterEvents &events)
{
    Told told;
    told.missing = events.unknown;
    for (const ClusterEvent &event : events.events)
        told.lines += QStringList{event.at.toString(Qt::ISODate), event.who, event.what}.join(
            QStringLiteral(" | "));
    return told;
}

Told toldOf(const Result<Reading<QList<Workload>>> &workloads)
{
    Told told;
    if (!workloads) {
        told.lack(workloads.error());
        return told;
    }
    for (const Workload &each : workloads->value) {
        if (each.error)
            told.lack(*each.error);
        else
            told.lines += QStringLiteral("%1 | %2 | %3 of %4 | %5")
                              .arg(each.name, each.commit.value)
                              .arg(each.ready)
                              .arg(each.wanted)
                              .arg(each.by);
    }
    return told;
}

template <typename T>
Told answerOf(const QFuture<T> &future)
{
    demand(soon([&] { return future.isFinished(); }), QStringLiteral("a question has no end"));
    return toldOf(future.result());
}

/// Everything that is asked of one system, over one client.
class Asker
{
public:
    virtual ~Asker() = default;
    /// One after another, by name.
    [[nodiscard]] virtual QMap<QString, Told> ask() = 0;
};

class ClusterAsker final : public Asker
{
public:
    ClusterAsker(HttpClient &http, Clock &clock, const QUrl &server)
        : m_api(http, clock, server), m_deploys(deploys(), clock), m_events({events()}),
          m_workloads(workloads())
    {}

    [[nodiscard]] QMap<QString, Told> ask() override
    {
        return {{QStringLiteral("deploys"), answerOf(m_deploys.newest())},
                {QStringLiteral("events"), answerOf(m_events.between(m_question))},
                {QStringLiteral("workloads"), answerOf(m_workloads.read())}};
    }

private:
    [[nodiscard]] HelmDeploys::Place deploys()
    {
        return {m_track,
                &m_api,
                SeenScene::nameSpace(),
                {CanaryWorld::name(), CanaryWorld::candidate()},
                {}};
    }
    [[nodiscard]] KubernetesEvents::Place events()
    {
        return {m_track.value, &m_api, SeenScene::nameSpace(), m_track, {}, {}};
    }
    [[nodiscard]] QList<DeploymentWorkloads::Place> workloads()
    {
        QList<DeploymentWorkloads::Place> places;
        for (const QString &name : {CanaryWorld::name(), CanaryWorld::candidate()})
            places.append({name, &m_api, SeenScene::nameSpace(), name, {}, {}});
        return places;
    }

    TrackName m_track{QStringLiteral("weather")};
    ClusterQuestion m_question = SeenScene::question();
    KubernetesApi m_api;
    HelmDeploys m_deploys;
    KubernetesEvents m_events;
    DeploymentWorkloads m_workloads;
};

class GithubAsker final : public Asker
{
public:
    GithubAsker(HttpClient &http, Clock &clock, const QUrl &server)
        : m_api(http, clock, server, "2022-11-28"),
          m_deployments(m_api, QStringLiteral("/repos/coditect-ai/coditect-dev-context"))
    {}

    [[nodiscard]] QMap<QString, Told> ask() override
    {
        return {{QStringLiteral("deployments"), answerOf(m_deployments.newest())}};
    }

private:
    GithubApi m_api;
    GithubDeployments m_deployments;
};

/// What a system remembers, asked for three times while it is disturbed once. The same is asked of
/// it past every disturbance, to compare with.
template <typename TheAsker>
class SeenPass final
{
public:
    SeenPass(const QString &system, const QUrl &url, FaultyServer::Speaks speaks,
             const Disturbance &disturbance)
        : m_client({system, url, Scene::token()}, speaks, disturbance),
          m_direct({system, url, Scene::token()}, FaultyServer::Speaks::Http, {}),
          m_asker(m_client.http(), m_client.clock(), m_client.url()),
          m_witness(m_direct.http(), m_direct.clock(), m_direct.url())
    {}

    PassResult run()
    {
        PassResult result = m_client.run(
            [this] {
                const QMap<QString, Told> whole = m_witness.ask();
                for (auto it = whole.cbegin(); it != whole.cend(); ++it)
                    demand(!it->lines.isEmpty() && it->missing.isEmpty(),
                           QStringLiteral("there are no %1 to lose: ").arg(it.key())
                               + it->missing.join(QStringLiteral(", ")));
                for (int round = 0; round < rounds; ++round)
                    askOnce(whole);
                const QStringList &calls = m_client.server().calls();
                demand(std::all_of(calls.cbegin(), calls.cend(),
                                   [](const QString &call) { return call.startsWith(u"GET "); }),
                       QStringLiteral("who only looks has written"));
            },
            [this] { return QStringLiteral("\n    ") + m_said.join(QStringLiteral("\n    ")); });
        result.outcomes = m_outcomes;
        return result;
    }

private:
    void askOnce(const QMap<QString, Told> &whole)
    {
        const bool wasWell = m_client.hasStruck() && m_client.isWell();
        const QMap<QString, Told> now = m_asker.ask();
        for (auto it = now.cbegin(); it != now.cend(); ++it) {
            m_said += it.key() + QStringLiteral(": ") + it->missing.join(QStringLiteral(", "));
            for (const QString &reason : it->missing)
                demand(!reason.trimmed().isEmpty() && !reason.trimmed().endsWith(u':'),
                       QStringLiteral("%1: what is missing does not say why").arg(it.key()));
            const QSet<QString> &all = whole[it.key()].lines;
            demand(all.contains(it->lines),
                   QStringLiteral("%1: made up: %2").arg(it.key(), firstOf(it->lines - all)));
            demand(it->lines == all || !it->missing.isEmpty(),
                   QStringLiteral("%1: something is missing, and nobody says so: %2")
                       .arg(it.key(), firstOf(all - it->lines)));
            demand(!wasWell || it->missing.isEmpty(),
                   QStringLiteral("%1: lost though nothing is wrong any more: %2")
                       .arg(it.key(), it->missing.join(QStringLiteral(", "))));
            if (!it->missing.isEmpty())
                m_outcomes.append(it.key() + QStringLiteral(": not told at once"));
        }
        demand(soon([this] { return m_client.isWell(); }), QStringLiteral("never well again"));
        for (const Told &each : now) {
            demand(soon([&] { return !each.at || m_client.clock().now() >= *each.at; }),
                   QStringLiteral("it may never be asked again"));
        }
    }

    [[nodiscard]] static QString firstOf(const QSet<QString> &lines)
    {
        return lines.isEmpty() ? QString() : *lines.cbegin();
    }

    DisturbedClient m_client;
    DisturbedClient m_direct;
    TheAsker m_asker;
    TheAsker m_witness;
    QStringList m_said;
    QStringList m_outcomes;
};

} // namespace

/// What a cluster and GitHub remember of who did what, and what else runs our code, with every call
/// for it going wrong in every way: what is not told says why, nothing is made up, and nothing that
/// was lost is told as quiet.
class SeenStorm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverGoesWrongNothingLostIsToldAsQuiet_data()
    {
        QTest::addColumn<bool>("cluster");
        QTest::newRow("the cluster") << true;
        QTest::newRow("GitHub's deployments") << false;
    }
    void whateverGoesWrongNothingLostIsToldAsQuiet()
    {
        QFETCH(const bool, cluster);
        const RunPass ofCluster = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            SeenScene scene;
            return SeenPass<ClusterAsker>(scene.name(), scene.url(), speaks, disturbance).run();
        };
        const RunPass ofGithub = [](FaultyServer::Speaks speaks, const Disturbance &disturbance) {
            GithubScene scene(deploymentUnderWay);
            return SeenPass<GithubAsker>(QStringLiteral("GitHub"), scene.url(), speaks, disturbance)
                .run();
        };
        const StormResult result = storm(QString::fromLatin1(QTest::currentDataTag()),
                                         cluster ? ofCluster : ofGithub, Reads::ByKind);
        for (const QString &failure : result.failures)
            qInfo("%s", qPrintable(failure));
        QVERIFY(result.failures.isEmpty());
        QVERIFY(result.calls >= (cluster ? 25 : 6));
        QVERIFY(result.tried >= (cluster ? 200 : 40));
        QVERIFY(result.missed * 20 <= result.tried);
    }
};

QTEST_GUILESS_MAIN(SeenStorm)
#include "seenstorm.moc"

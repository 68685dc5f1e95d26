#include "rehearsalserver.h"

#include "connectors/kubernetes/deploymentworkloads.h"
#include "connectors/kubernetes/deploys/helmdeploys.h"
#include "connectors/kubernetes/httproute/httproutecontrol.h"
#include "connectors/kubernetes/kubetoken.h"
#include "connectors/kubernetes/podlogs.h"
#include "support/await.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr int atTenPerCent = 6; // beat: the first release has just been given 10 %
constexpr int patience = 20'000;

/// One client of the rehearsal's Kubernetes.
struct Client
{
    explicit Client(const KubeContext &context)
        : token(context), http(settings(context), token, clock), api(http, clock, context.server),
          control(api, clock,
                  HttpRouteControl::Settings{context.nameSpace,
                                             {QStringLiteral("context-intelligence"),
                                              QStringLiteral("context-intelligence"),
                                              QStringLiteral("context-intelligence-canary"),
                                              {}},
                                             context.name})
    {}

    static NetworkHttp::Settings settings(const KubeContext &context)
    {
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Kubernetes");
        settings.base = context.server;
        settings.tls.caPem = context.caPem;
        return settings;
    }

    SystemClock clock;
    KubeToken token;
    NetworkHttp http;
    KubernetesApi api;
    HttpRouteControl control;
};

/// Counts the streams that are opened.
struct Counting final : HttpClient
{
    explicit Counting(HttpClient &client) : inner(client) {}
    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override
    {
        return inner.send(request);
    }
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override
    {
        ++streams;
        return inner.stream(request);
    }
    HttpClient &inner;
    int streams = 0;
};

WeightRequest weight(int percent, const TrafficState &seen)
{
    WeightRequest request;
    request.candidate = Weight{percent};
    request.expectedVersion = seen.version;
    request.candidateCommit = seen.candidate ? seen.candidate->commit : CommitId();
    request.actor = QStringLiteral("mara");
    request.intent = IntentId(QStringLiteral("i1"));
    return request;
}

} // namespace

/// The connector against the rehearsal's API server, over the network. The steps build on each
/// other as an evening at the console does.
class RehearsalTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<RehearsalServer> m_server;
    std::unique_ptr<Client> m_client;
    std::optional<Reading<TrafficState>> m_told;
    std::optional<Error> m_lost;

    [[nodiscard]] bool isTold(int asked, std::optional<int> accepted) const
    {
        return m_told && m_told->value.asked.percent == asked
               && m_told->value.accepted.has_value() == accepted.has_value()
               && (!accepted || m_told->value.accepted->percent == *accepted);
    }
    void fault(const char *spec)
    {
        NoCredential none;
        SystemClock clock;
        NetworkHttp::Settings settings;
        settings.systemName = QStringLiteral("Rehearsal");
        settings.base = m_server->control({});
        NetworkHttp http(settings, none, clock);
        HttpRequest request;
        request.method = "POST";
        request.url = m_server->control(QStringLiteral("/fault"));
        request.contentType = "application/json";
        request.body = QJsonDocument(QJsonObject{{QStringLiteral("spec"), QLatin1String(spec)}})
                           .toJson(QJsonDocument::Compact);
        const auto answer = await(http.send(request));
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<RehearsalServer>(atTenPerCent);
        QVERIFY2(!m_server->ready.isEmpty(), qPrintable(m_server->complaint));
        const auto context = m_server->context();
        QVERIFY2(context, qPrintable(context ? QString() : context.error().message));
        m_client = std::make_unique<Client>(*context);
        connect(&m_client->control, &TrafficControl::changed, this,
                [this](const Reading<TrafficState> &state) {
                    m_told = state;
                    m_lost.reset();
                });
        connect(&m_client->control, &TrafficControl::lost, this,
                [this](const Error &error) { m_lost = error; });
    }
    void cleanupTestCase()
    {
        m_client.reset();
        m_server.reset();
    }

    void itReadsTheHelmRevisionsOfWhatIsBehindTheServices()
    {
        HelmDeploys deploys({TrackName(QStringLiteral("standalone")),
                             &m_client->api,
                             m_server->context()->nameSpace,
                             {QStringLiteral("context-intelligence"),
                              QStringLiteral("context-intelligence-canary")},
                             {}},
                            m_client->clock);
        const auto deeds = await(deploys.newest());
        QVERIFY2(deeds, qPrintable(deeds ? QString() : deeds.error().message));
        QVERIFY(deeds->size() > 1);
        QVERIFY2(deeds->first().what.startsWith(QStringLiteral("Helm revision 42 of context-")),
                 qPrintable(deeds->first().what));
        QCOMPARE(deeds->first().mark, QStringLiteral("helm 42"));
        QVERIFY(deeds->first().at > deeds->last().at);
    }

    void itReadsWhoHasTheTraffic()
    {
        const auto state = await(m_client->control.read());
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{10});
        QCOMPARE(state->value.accepted, std::optional(Weight{10}));
        QVERIFY(state->value.candidate);
        QCOMPARE(state->value.stable->wantedReplicas, 3);
        QCOMPARE(state->value.stable->commit.value.size(), 40);
        QCOMPARE(state->value.candidate->commit.value.size(), 40);
        QVERIFY(state->value.stable->commit != state->value.candidate->commit);
        QVERIFY(state->value.stable->imageDigest.startsWith(QStringLiteral("sha256:")));
        QCOMPARE(state->value.problem, QString());
        QVERIFY(state->value.nextDeploy);
        QCOMPARE(state->value.nextDeploy->words,
                 QStringLiteral("the next Helm deploy keeps this weight: its chart sets none "
                                "(checked: revision 42)"));
        QVERIFY(state->serverAt.isValid());
        const auto access = await(m_client->control.access());
        QVERIFY(access && access->mayWrite);
    }

    void aWeightIsSeenAskedAndThenAccepted()
    {
        m_client->control.watch();
        QTRY_VERIFY_WITH_TIMEOUT(isTold(10, 10), patience);
        const auto state = await(m_client->control.setWeight(weight(50, m_told->value)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QCOMPARE(state->value.asked, Weight{50});
        QCOMPARE(state->value.accepted, std::optional<Weight>());
        QCOMPARE(state->value.changes.first().actor, QStringLiteral("mara"));
        QCOMPARE(state->value.changes.first().from, Weight{10});
        QCOMPARE(state->value.lastWriter, QStringLiteral("pilothouse"));
        QTRY_VERIFY_WITH_TIMEOUT(isTold(50, 50), patience);
        QVERIFY(!m_lost);
    }

    void aSecondWriterMakesAConflict()
    {
        const auto context = m_server->context();
        QVERIFY(context);
        Client other(*context);
        const TrafficState seen = m_told->value;
        const auto theirs = await(other.control.read());
        QVERIFY(theirs);
        QVERIFY(await(
            other.control.setHold(Hold{QStringLiteral("b-novak"), {}, QStringLiteral("wait"), {}},
                                  theirs->value.version)));
        const auto ours = await(m_client->control.setWeight(weight(100, seen)));
        QVERIFY(!ours);
        QCOMPARE(ours.error().kind, ErrorKind::Conflict);
        QTRY_VERIFY_WITH_TIMEOUT(m_told->value.hold.has_value(), patience);
        QCOMPARE(m_told->value.hold->by, QStringLiteral("b-novak"));
        QCOMPARE(m_told->value.asked, Weight{50});
    }

    /// Straight to the server: what the connector knows must not be what finds the conflict.
    void theServerRefusesAnOldVersionItself()
    {
        const KubeRoute old = *decodeRoute(await(m_client->api.get(routePath(), this))->object);
        QJsonArray test{
            QJsonObject{{QStringLiteral("op"), QStringLiteral("test")},
                        {QStringLiteral("path"), QStringLiteral("/metadata/resourceVersion")},
                        {QStringLiteral("value"), QStringLiteral("1")}}};
        const auto answer = await(m_client->api.patch(routePath(), test, this));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::Conflict);
        const KubeRoute now = *decodeRoute(await(m_client->api.get(routePath(), this))->object);
        QCOMPARE(now.meta.resourceVersion, old.meta.resourceVersion);
    }

    void aHoldIsLifted()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_told->value.hold.has_value(), patience);
        const auto lifted = await(m_client->control.setHold({}, m_told->value.version));
        QVERIFY2(lifted, qPrintable(lifted ? QString() : lifted.error().message));
        QVERIFY(!lifted->value.hold);
        QTRY_VERIFY_WITH_TIMEOUT(!m_told->value.hold, patience);
    }

    void aServerThatGoesAwayIsLostAndLiveAgain()
    {
        fault("kubernetes=lost");
        QTRY_VERIFY_WITH_TIMEOUT(m_lost.has_value(), patience);
        fault("kubernetes=none");
        QTRY_VERIFY_WITH_TIMEOUT(!m_lost, 60'000);
        // What is told now comes by the watch again.
        const auto state = await(m_client->control.setWeight(weight(0, m_told->value)));
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message));
        QTRY_VERIFY_WITH_TIMEOUT(isTold(0, 0), patience);
        QVERIFY(m_told->age(m_client->clock) < std::chrono::seconds(10));
    }

    void aPodWritesItsLog()
    {
        PodLogs logs(m_client->api, m_client->clock, TrackName(QStringLiteral("standalone")),
                     QStringLiteral("production"));
        const auto log = logs.open(PodLog{
            TrackName(QStringLiteral("standalone")), m_told->value.stable->pods.first(), {}});
        QVERIFY(log);
        QByteArray text;
        connect(log.get(), &LogStream::bytesArrived, this,
                [&](const QByteArray &bytes) { text += bytes; });
        QTRY_VERIFY_WITH_TIMEOUT(text.count('\n') > 10, patience);
        const qsizetype before = text.count('\n');
        QTRY_VERIFY_WITH_TIMEOUT(text.count('\n') > before, patience); // it goes on
        QList<QByteArray> lines = text.split('\n');
        lines.removeLast();
        for (const QByteArray &line : lines)
            QVERIFY2(
                QDateTime::fromString(QString::fromLatin1(line.left(19)), Qt::ISODate).isValid(),
                line.constData());
    }

    void aWorkerIsLiveWithoutTraffic()
    {
        DeploymentWorkloads::Place worker;
        worker.api = &m_client->api;
        worker.nameSpace = QStringLiteral("production");
        worker.deployment = QStringLiteral("context-worker");
        DeploymentWorkloads::Place nobody = worker;
        nobody.deployment = QStringLiteral("nobody");
        DeploymentWorkloads workloads({worker, nobody});
        const auto read = await(workloads.read());
        QVERIFY(read);
        QCOMPARE(read->value[0].commit.value.size(), 40);
        QCOMPARE(read->value[0].ready, 4);
        QVERIFY(!read->value[0].mixed);
        QCOMPARE(read->value[0].by, QStringLiteral("helm"));
        QCOMPARE(read->value[1].error->kind, ErrorKind::NotFound);
    }

    void aLogThatIsCutGoesOnWithoutLosingOrDoublingALine()
    {
        const QString pod = m_told->value.stable->pods.first();
        const auto context = m_server->context();
        QVERIFY(context);
        m_client.reset(); // the fault is to meet the log and nothing else
        Client client(*context);
        Counting http(client.http);
        KubernetesApi api(http, client.clock, context->server);
        PodLogs logs(api, client.clock, TrackName(QStringLiteral("standalone")),
                     QStringLiteral("production"));
        fault("kubernetes=cut:4*1");
        const auto log = logs.open(PodLog{TrackName(QStringLiteral("standalone")), pod, {}});
        QByteArray followed;
        connect(log.get(), &LogStream::bytesArrived, this,
                [&](const QByteArray &bytes) { followed += bytes; });
        QTRY_COMPARE_WITH_TIMEOUT(http.streams, 2, patience);
        const qsizetype before = followed.count('\n');
        QTRY_VERIFY_WITH_TIMEOUT(followed.count('\n') > before + 4, patience);

        QUrlQuery query;
        query.addQueryItem(QStringLiteral("timestamps"), QStringLiteral("true"));
        const ResourcePath pods{QStringLiteral("api/v1"), QStringLiteral("production"),
                                QStringLiteral("pods")};
        const auto whole = api.stream(pods.object(pod) + QStringLiteral("/log"), query,
                                      std::chrono::seconds(10));
        QByteArray asked;
        std::optional<Result<void>> end;
        connect(whole.get(), &HttpStream::bytesArrived, this,
                [&](const QByteArray &bytes) { asked += bytes; });
        connect(whole.get(), &HttpStream::ended, this,
                [&](const Result<void> &outcome) { end = outcome; });
        QTRY_VERIFY_WITH_TIMEOUT(end.has_value(), patience);
        QVERIFY(end->has_value());
        QTRY_VERIFY_WITH_TIMEOUT(followed.size() >= asked.size(), patience);
        QCOMPARE(followed.left(asked.size()), asked);
    }

private:
    static QString routePath()
    {
        const QString name = QStringLiteral("context-intelligence");
        const RouteWorld world(QStringLiteral("production"), {name, name, name, {}});
        return world.path(world.guardedPart()).object(name);
    }
};

QTEST_GUILESS_MAIN(RehearsalTest)
#include "rehearsaltest.moc"

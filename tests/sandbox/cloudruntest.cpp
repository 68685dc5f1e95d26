#include "app/sandbox/cloudrun/cloudrunserver.h"
#include "app/sandbox/http/server.h"
#include "app/sandbox/world/world.h"
#include "httpclient.h"
#include "sandboxworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace pilothouse::sandbox;

namespace {

const QString place = QStringLiteral("/v2/projects/coditect-production/locations/us-central1");
const QString service = place + QStringLiteral("/services/coditect-backend");
const QString coditect = QStringLiteral("coditect");
const QString old = QStringLiteral("4be81c0");
const QString good = QStringLiteral("9f3c2a1");

QByteArray target(const char *revision, int percent, const char *tag = "")
{
    return R"({"type":"TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION","revision":")"
           + QByteArray(revision) + R"(","percent":)" + QByteArray::number(percent) + R"(,"tag":")"
           + tag + R"("})";
}

} // namespace

class CloudRunTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theServiceTellsAskedAndServedApart();
    void revisionsComeNewestFirstInPages();
    void anOldEtagIsAConflict();
    void wrongTrafficIsRefused_data();
    void wrongTrafficIsRefused();
    void validatingChangesNothing();
    void waitingAnswersWhenItIsDone();
    void allOfTheTrafficMakesTheCandidateStable();
    void rollingBackKeepsTheRevisionReachable();
    void annotationsAreKept();
    void theColleagueMovesTheTraffic();
    void permissionsAreTested();
    void unknownThingsAreNotFound();

private:
    [[nodiscard]] HttpAnswer patch(const QByteArray &targets, const QString &etag,
                                   const QString &query = QStringLiteral("?updateMask=traffic"));

    std::unique_ptr<World> m_world;
    std::unique_ptr<CloudRunServer> m_run;
    std::unique_ptr<Server> m_server;
    std::unique_ptr<HttpClient> m_client;
};

void CloudRunTest::init()
{
    WorldOptions options;
    options.speed = 10; // an operation takes 0.1 s
    options.startAt = 4;
    m_world = makeWorld(options);
    m_run = std::make_unique<CloudRunServer>(*m_world);
    auto server = Server::listen(0, [this](const ExchangePtr &exchange) {
        m_run->answer(exchange, exchange->request.path);
    });
    QVERIFY(server);
    m_server = std::move(*server);
    m_client = std::make_unique<HttpClient>(m_server->port());
}

void CloudRunTest::cleanup()
{
    m_server.reset();
    m_run.reset();
    m_world.reset();
}

HttpAnswer CloudRunTest::patch(const QByteArray &targets, const QString &etag, const QString &query)
{
    QJsonObject body{{QStringLiteral("traffic"), QJsonDocument::fromJson(targets).array()}};
    if (!etag.isEmpty())
        body.insert(QStringLiteral("etag"), etag);
    return m_client->call("PATCH", service + query, QJsonDocument(body).toJson());
}

void CloudRunTest::theServiceTellsAskedAndServedApart()
{
    QJsonObject now = m_client->get(service).json();
    QCOMPARE(now.value(QLatin1String("traffic")).toArray().size(), 2);
    QVERIFY(!now.contains(QLatin1String("reconciling")));
    QCOMPARE(now.value(QLatin1String("generation")),
             now.value(QLatin1String("observedGeneration")));
    QVERIFY(now.value(QLatin1String("generation")).isString());
    const HttpAnswer answer = patch('[' + target("coditect-backend-00055-gid", 90) + ','
                                        + target("coditect-backend-00057-xil", 10, "cx") + ']',
                                    now.value(QLatin1String("etag")).toString());
    QCOMPARE(answer.status, 200);
    QVERIFY(!answer.json().contains(QLatin1String("done")));
    now = m_client->get(service).json();
    QVERIFY(now.value(QLatin1String("reconciling")).toBool());
    QCOMPARE(now.value(QLatin1String("traffic"))[1][QLatin1String("percent")].toInt(), 10);
    QCOMPARE(now.value(QLatin1String("trafficStatuses"))[1][QLatin1String("percent")].toInt(), 0);
    QTRY_COMPARE(m_world->traffic(coditect), (TrackTraffic{old, good, 10}));
    now = m_client->get(service).json();
    QVERIFY(!now.contains(QLatin1String("reconciling")));
    QCOMPARE(now.value(QLatin1String("trafficStatuses"))[1][QLatin1String("percent")].toInt(), 10);
    const QString name = answer.json().value(QLatin1String("name")).toString();
    const QJsonObject operation = m_client->get(QStringLiteral("/v2/") + name).json();
    QVERIFY(operation.value(QLatin1String("done")).toBool());
    QVERIFY(operation.contains(QLatin1String("response")));
}

void CloudRunTest::revisionsComeNewestFirstInPages()
{
    const QString path = service + QStringLiteral("/revisions");
    const QJsonArray all = m_client->get(path).json().value(QLatin1String("revisions")).toArray();
    QCOMPARE(all.size(), 3);
    QVERIFY(all[0][QLatin1String("name")].toString().endsWith(QLatin1String("00057-xil")));
    QVERIFY(all[0][QLatin1String("containers")][0][QLatin1String("image")].toString().endsWith(
        m_world->commit(good)));
    const QJsonObject first = m_client->get(path + QStringLiteral("?pageSize=2")).json();
    QCOMPARE(first.value(QLatin1String("revisions")).toArray().size(), 2);
    const QString token = first.value(QLatin1String("nextPageToken")).toString();
    const QJsonObject second
        = m_client->get(path + QStringLiteral("?pageSize=2&pageToken=") + token).json();
    QCOMPARE(second.value(QLatin1String("revisions")).toArray().size(), 1);
    QVERIFY(!second.contains(QLatin1String("nextPageToken")));
}

void CloudRunTest::anOldEtagIsAConflict()
{
    const QString etag = m_client->get(service).json().value(QLatin1String("etag")).toString();
    const QByteArray ten = '[' + target("coditect-backend-00055-gid", 90) + ','
                           + target("coditect-backend-00057-xil", 10) + ']';
    QCOMPARE(patch(ten, etag).status, 200);
    const HttpAnswer stale = patch(ten, etag);
    QCOMPARE(stale.status, 409);
    QCOMPARE(stale.json().value(QLatin1String("error"))[QLatin1String("status")].toString(),
             QStringLiteral("ABORTED"));
}

void CloudRunTest::wrongTrafficIsRefused_data()
{
    QTest::addColumn<QByteArray>("traffic");
    QTest::addColumn<QString>("says");
    QTest::newRow("a sum below 100")
        << '[' + target("coditect-backend-00055-gid", 90) + ']' << QStringLiteral("must be 100");
    QTest::newRow("a revision that does not exist")
        << '[' + target("coditect-backend-00001-abc", 100) + ']'
        << QStringLiteral("does not exist");
    QTest::newRow("below zero") << '[' + target("coditect-backend-00055-gid", -10) + ','
                                       + target("coditect-backend-00057-xil", 110) + ']'
                                << QStringLiteral("between 0 and 100");
}

void CloudRunTest::wrongTrafficIsRefused()
{
    QFETCH(QByteArray, traffic);
    QFETCH(QString, says);
    const HttpAnswer answer = patch(traffic, {});
    QCOMPARE(answer.status, 400);
    const QString message
        = answer.json().value(QLatin1String("error"))[QLatin1String("message")].toString();
    QVERIFY2(message.contains(says), qPrintable(message));
}

void CloudRunTest::validatingChangesNothing()
{
    const QJsonObject before = m_client->get(service).json();
    const HttpAnswer answer = patch('[' + target("coditect-backend-00055-gid", 100) + ']', {},
                                    QStringLiteral("?updateMask=traffic&validateOnly=true"));
    QCOMPARE(answer.status, 200);
    QVERIFY(answer.json().value(QLatin1String("done")).toBool());
    QCOMPARE(m_client->get(service).json(), before);
}

void CloudRunTest::waitingAnswersWhenItIsDone()
{
    const HttpAnswer answer = patch('[' + target("coditect-backend-00055-gid", 50) + ','
                                        + target("coditect-backend-00057-xil", 50) + ']',
                                    {});
    const QString name = answer.json().value(QLatin1String("name")).toString();
    const HttpAnswer waited
        = m_client->call("POST", QStringLiteral("/v2/") + name + QStringLiteral(":wait"), "{}");
    QVERIFY(waited.json().value(QLatin1String("done")).toBool());
    QCOMPARE(m_world->traffic(coditect).weight, 50);
}

void CloudRunTest::allOfTheTrafficMakesTheCandidateStable()
{
    QCOMPARE(patch('[' + target("coditect-backend-00057-xil", 100) + ']', {}).status, 200);
    QTRY_COMPARE(m_world->traffic(coditect), (TrackTraffic{good, {}, 0}));
}

void CloudRunTest::rollingBackKeepsTheRevisionReachable()
{
    QCOMPARE(patch('[' + target("coditect-backend-00057-xil", 100) + ']', {}).status, 200);
    QTRY_COMPARE(m_world->traffic(coditect).stable, good);
    QCOMPARE(patch('[' + target("coditect-backend-00055-gid", 100) + ','
                       + target("coditect-backend-00057-xil", 0, "cx") + ']',
                   {})
                 .status,
             200);
    QTRY_COMPARE(m_world->traffic(coditect), (TrackTraffic{old, good, 0}));
    const QJsonValue tagged
        = m_client->get(service).json().value(QLatin1String("trafficStatuses"))[1];
    QVERIFY(tagged[QLatin1String("uri")].toString().startsWith(QLatin1String("https://cx---")));
}

void CloudRunTest::annotationsAreKept()
{
    const HttpAnswer answer
        = m_client->call("PATCH", service + QStringLiteral("?updateMask=annotations"),
                         R"({"annotations":{"pilothouse/hold":"A. Muster"}})");
    QCOMPARE(answer.status, 200);
    const QJsonObject now = m_client->get(service).json();
    QCOMPARE(now.value(QLatin1String("annotations"))[QLatin1String("pilothouse/hold")].toString(),
             QStringLiteral("A. Muster"));
    QCOMPARE(now.value(QLatin1String("traffic")).toArray().size(), 2);
}

void CloudRunTest::theColleagueMovesTheTraffic()
{
    m_run->setWeight(50);
    QTRY_COMPARE(m_world->traffic(coditect).weight, 50);
    QVERIFY(m_client->get(service)
                .json()
                .value(QLatin1String("lastModifier"))
                .toString()
                .startsWith(QLatin1String("b.novak@")));
    m_run->setWeight(100);
    QTRY_COMPARE(m_world->traffic(coditect).stable, good);
}

void CloudRunTest::permissionsAreTested()
{
    const HttpAnswer answer
        = m_client->call("POST", service + QStringLiteral(":testIamPermissions"),
                         R"({"permissions":["run.services.update"]})");
    QCOMPARE(answer.json().value(QLatin1String("permissions")).toArray().size(), 1);
}

void CloudRunTest::unknownThingsAreNotFound()
{
    for (const QString &path :
         {place + QStringLiteral("/services/other"), place + QStringLiteral("/operations/none"),
          service + QStringLiteral("/revisions/none")}) {
        const HttpAnswer answer = m_client->get(path);
        QCOMPARE(answer.status, 404);
        QCOMPARE(answer.json().value(QLatin1String("error"))[QLatin1String("code")].toInt(), 404);
    }
}

QTEST_GUILESS_MAIN(CloudRunTest)
#include "cloudruntest.moc"

#include "connectors/http/networkhttp.h"

#include "support/await.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"
#include "testcertificate.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

const auto ofWrites = HttpRequest::Connection::OfWrites;
/// An answer that leaves its connection open.
const QByteArray answered = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

QSslConfiguration serverTls()
{
    const QSslCertificate certificate{QByteArray(testCertificate)};
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(certificate);
    tls.setPrivateKey(QSslKey(QByteArray(testKey), QSsl::Ec));
    tls.setCaCertificates({certificate});
    tls.setPeerVerifyMode(QSslSocket::QueryPeer);
    return tls;
}

/// A client of one server, which answers everything with 200 and keeps its connections.
struct Beacon
{
    explicit Beacon(std::unique_ptr<RawServer> made = std::make_unique<RawServer>())
        : server(std::move(made))
    {
        credential.tokens = {"secret"};
        settings.systemName = QStringLiteral("Beacon");
        settings.base = server->url();
        settings.tls.caPem = testCertificate;
        settings.tls.serverName = QStringLiteral("pilot.test");
        settings.backoff = 1ms;
        // However slow the machine is.
        settings.provenFor = settings.keptFor = 1h;
    }

    [[nodiscard]] HttpRequest request(const QByteArray &method) const
    {
        HttpRequest request;
        request.method = method;
        request.url = server->url();
        request.timeout = 5s;
        return request;
    }
    [[nodiscard]] QFuture<Result<HttpResponse>> ask(const HttpRequest &request)
    {
        if (!m_http) {
            server->answer({answered, RawServer::Answer::Then::Silence, {}, {}});
            m_http = std::make_unique<NetworkHttp>(settings, credential, m_clock);
        }
        return m_http->send(request);
    }
    [[nodiscard]] Result<HttpResponse> read(HttpRequest::Connection connection = ofWrites)
    {
        HttpRequest get = request("GET");
        get.connection = connection;
        return await(ask(get));
    }
    [[nodiscard]] Result<HttpResponse> write() { return await(ask(request("PATCH"))); }
    [[nodiscard]] std::unique_ptr<HttpStream> stream() { return m_http->stream(request("GET")); }

    std::unique_ptr<RawServer> server; ///< what it answers first is set before the first request
    NetworkHttp::Settings settings;    ///< as they are at the first request
    FakeCredential credential;

private:
    SystemClock m_clock;
    std::unique_ptr<NetworkHttp> m_http;
};

} // namespace

/// The connection that writes take, and that reads before them prove alive.
class TestNetworkHttpReady : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWriteTakesTheConnectionOfTheReadBeforeIt_data()
    {
        QTest::addColumn<bool>("encrypted");
        QTest::newRow("plain") << false;
        QTest::newRow("encrypted") << true;
    }
    void aWriteTakesTheConnectionOfTheReadBeforeIt()
    {
        QFETCH(bool, encrypted);
        Beacon beacon(encrypted ? std::make_unique<RawServer>(serverTls())
                                : std::make_unique<RawServer>());
        QVERIFY(beacon.read());
        const auto written = beacon.write();
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(written->body, "{}");
        QVERIFY(beacon.read());
        QCOMPARE(beacon.server->received.size(), 3);
        QCOMPARE(beacon.server->connections(), 1);
    }

    void twoAtOnceDoNotWaitForEachOther()
    {
        Beacon beacon;
        HttpRequest get = beacon.request("GET");
        get.connection = ofWrites;
        const auto first = beacon.ask(get);
        const auto second = beacon.ask(get);
        QVERIFY(await(first));
        QVERIFY(await(second));
        QCOMPARE(beacon.server->connections(), 2);
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->connections(), 2);
    }

    void neitherAnotherReadNorAStreamTakesIt()
    {
        Beacon beacon;
        QVERIFY(beacon.read());
        QVERIFY(beacon.read(HttpRequest::Connection::Any));
        const auto stream = beacon.stream();
        QTRY_COMPARE(beacon.server->received.size(), 3);
        QCOMPARE(beacon.server->connections(), 3);
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->connections(), 3);
    }

    void aWriteToAnotherPlaceDoesNotTakeIt()
    {
        Beacon beacon;
        RawServer elsewhere;
        elsewhere.answer(answered);
        QVERIFY(beacon.read());
        HttpRequest patch = beacon.request("PATCH");
        patch.url = elsewhere.url();
        QVERIFY(await(beacon.ask(patch)));
        QCOMPARE(elsewhere.received.size(), 1);
        QCOMPARE(beacon.server->received.size(), 1);
    }

    void aServerThatWillCloseItIsTakenAtItsWord()
    {
        Beacon beacon;
        beacon.server->answer(
            {RawServer::http("200 OK", "{}"), RawServer::Answer::Then::Silence, {}, {}});
        QVERIFY(beacon.read());
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->connections(), 2);
    }

    void moreThanTheAnswerIsNoAnswerToTheNext()
    {
        Beacon beacon;
        beacon.server->answer({answered + RawServer::http("408 Request Timeout"),
                               RawServer::Answer::Then::Silence,
                               {},
                               {}});
        QVERIFY(beacon.read());
        const auto written = beacon.write();
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(beacon.server->connections(), 2);
    }

    void oneThatTheServerHasClosedIsNotUsed()
    {
        Beacon beacon;
        QVERIFY(beacon.read());
        beacon.server->hangUp();
        QVERIFY(beacon.read(HttpRequest::Connection::Any)); // our own end has heard of it then
        const auto written = beacon.write();
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(beacon.server->connections(), 3);
        QCOMPARE(beacon.server->received.size(), 3);
    }

    void aReadThatFindsItClosedIsTriedAgain()
    {
        Beacon beacon;
        QVERIFY(beacon.read());
        beacon.server->hangUp();
        const auto read = beacon.read();
        QVERIFY2(read, read ? "" : qPrintable(read.error().message));
        QCOMPARE(beacon.server->connections(), 2);
    }

    void anOldAnswerProvesNothingToAWrite()
    {
        Beacon beacon;
        beacon.settings.provenFor = 0ms;
        QVERIFY(beacon.read());
        QVERIFY(beacon.read());
        QCOMPARE(beacon.server->connections(), 1);
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->connections(), 2);
    }

    void oneThatNobodyUsesIsClosed()
    {
        Beacon beacon;
        beacon.settings.keptFor = 1ms;
        QVERIFY(beacon.read());
        QTRY_COMPARE(beacon.server->open(), 0);
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->connections(), 2);
    }

    void itShowsTheCredentialsOwnCertificate()
    {
        Beacon beacon(std::make_unique<RawServer>(serverTls()));
        beacon.credential.identities = {{testCertificate, Secret(testKey)}};
        QVERIFY(beacon.read());
        QVERIFY(beacon.write());
        const QString name = QStringLiteral("pilot.test");
        QCOMPARE(beacon.server->shown, (QStringList{name, name}));
        QCOMPARE(beacon.server->connections(), 1);
    }

    void anotherCertificateNeedsAnotherConnection()
    {
        Beacon beacon(std::make_unique<RawServer>(serverTls()));
        QVERIFY(beacon.read());
        beacon.credential.identities = {{testCertificate, Secret(testKey)}};
        QVERIFY(beacon.write());
        QCOMPARE(beacon.server->shown, (QStringList{QString(), QStringLiteral("pilot.test")}));
        QCOMPARE(beacon.server->connections(), 2);
    }
};

QTEST_GUILESS_MAIN(TestNetworkHttpReady)
#include "networkhttpready.moc"

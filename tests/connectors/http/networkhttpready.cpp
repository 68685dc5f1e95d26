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

/// A client of one server, which answers everything with 200.
struct Beacon
{
    explicit Beacon(std::unique_ptr<RawServer> made) : server(std::move(made))
    {
        server->answer(RawServer::http("200 OK", "{}"));
        credential.tokens = {"secret"};
        TlsSettings tls;
        tls.caPem = testCertificate;
        tls.serverName = QStringLiteral("pilot.test");
        http = std::make_unique<NetworkHttp>(
            NetworkHttp::Settings{
                QStringLiteral("Beacon"), server->url(), tls, {}, {}, "test", 1ms},
            credential, clock);
    }

    [[nodiscard]] Result<HttpResponse> send(const QByteArray &method, const QUrl &url)
    {
        HttpRequest request;
        request.method = method;
        request.url = url;
        request.timeout = 5s;
        return await(http->send(request));
    }
    [[nodiscard]] Result<HttpResponse> send(const QByteArray &method)
    {
        return send(method, server->url());
    }

    std::unique_ptr<RawServer> server;
    FakeCredential credential;
    SystemClock clock;
    std::unique_ptr<NetworkHttp> http;
};

} // namespace

/// What expectWrite() makes ready.
class TestNetworkHttpReady : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anExpectedWriteFindsItsConnectionOpen_data()
    {
        QTest::addColumn<bool>("encrypted");
        QTest::newRow("plain") << false;
        QTest::newRow("encrypted") << true;
    }
    void anExpectedWriteFindsItsConnectionOpen()
    {
        QFETCH(bool, encrypted);
        Beacon beacon(encrypted ? std::make_unique<RawServer>(serverTls())
                                : std::make_unique<RawServer>());
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.server->received.isEmpty());
        const auto written = beacon.send("PATCH");
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(beacon.server->received.size(), 1);
        QCOMPARE(beacon.server->connections(), 1);
    }

    void aWriteThatIsFasterThanItsConnectionWaitsForIt()
    {
        Beacon beacon(std::make_unique<RawServer>(serverTls()));
        beacon.http->expectWrite();
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->connections(), 1);
    }

    void itIsForOneWrite()
    {
        Beacon beacon(std::make_unique<RawServer>());
        beacon.http->expectWrite();
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->connections(), 1);
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->connections(), 2);
    }

    void neitherAReadNorAStreamTakesIt()
    {
        Beacon beacon(std::make_unique<RawServer>());
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.send("GET"));
        HttpRequest request;
        request.url = beacon.server->url();
        const auto stream = beacon.http->stream(request);
        QTRY_COMPARE(beacon.server->received.size(), 2);
        QCOMPARE(beacon.server->connections(), 3);
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->connections(), 3);
    }

    void aWriteToAnotherPlaceDoesNotTakeIt()
    {
        Beacon beacon(std::make_unique<RawServer>());
        RawServer elsewhere;
        elsewhere.answer(RawServer::http("200 OK", "{}"));
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.send("PATCH", elsewhere.url()));
        QCOMPARE(elsewhere.received.size(), 1);
        QVERIFY(beacon.server->received.isEmpty());
    }

    void oneThatTheServerHasClosedIsNotUsed()
    {
        Beacon beacon(std::make_unique<RawServer>());
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        beacon.server->hangUp();
        QTRY_COMPARE(beacon.server->open(), 0);
        QTest::qWait(50); // our own end hears of it
        const auto written = beacon.send("PATCH");
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(beacon.server->connections(), 2);
        QCOMPARE(beacon.server->received.size(), 1);
    }

    void whatIsSaidUnaskedIsNoAnswer()
    {
        Beacon beacon(std::make_unique<RawServer>());
        beacon.server->unasked = RawServer::http("408 Request Timeout");
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QTest::qWait(50);
        const auto written = beacon.send("PATCH");
        QVERIFY2(written, written ? "" : qPrintable(written.error().message));
        QCOMPARE(beacon.server->connections(), 2);
    }

    void oneThatNobodyUsesIsClosed()
    {
        Beacon beacon(std::make_unique<RawServer>());
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(beacon.server->open(), 0, 10'000);
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->connections(), 2);
    }

    void itShowsTheCredentialsOwnCertificate()
    {
        Beacon beacon(std::make_unique<RawServer>(serverTls()));
        beacon.credential.identities = {{testCertificate, Secret(testKey)}};
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->shown, QStringList{QStringLiteral("pilot.test")});
        QCOMPARE(beacon.server->connections(), 1);
    }

    void anotherCertificateNeedsAnotherConnection()
    {
        Beacon beacon(std::make_unique<RawServer>(serverTls()));
        beacon.http->expectWrite();
        QTRY_COMPARE(beacon.server->open(), 1);
        beacon.credential.identities = {{testCertificate, Secret(testKey)}};
        QVERIFY(beacon.send("PATCH"));
        QCOMPARE(beacon.server->shown, QStringList{QStringLiteral("pilot.test")});
        QCOMPARE(beacon.server->connections(), 2);
    }

    void whoIsNotSignedInOpensNothing()
    {
        Beacon beacon(std::make_unique<RawServer>());
        const Error away{ErrorKind::SignedOut, QStringLiteral("signed out"), {}, {}};
        beacon.credential.error = away;
        beacon.http->expectWrite();
        const auto written = beacon.send("PATCH");
        QVERIFY(!written);
        QCOMPARE(written.error(), away);
        QCOMPARE(beacon.server->connections(), 0);
    }
};

QTEST_GUILESS_MAIN(TestNetworkHttpReady)
#include "networkhttpready.moc"

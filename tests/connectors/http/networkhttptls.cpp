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

class TestNetworkHttpTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void certificatesAreChecked_data();
    void certificatesAreChecked();
    void theClientCertificateIsShown();
    void aServerThatWantsACertificateRefusesWithoutOne();
    void theCredentialsOwnCertificateIsShown();
    void afterA401AnotherCertificateNeedsAnotherConnection();
    void a401ForTheSameCertificateIsAnError();
    void aCertificateGoesToNoOtherPlace();
    void aCredentialsUnreadableKeyIsNamed();
    void afterAnUnreadableKeyTheNextOneIsShown();
    void unreadablePartsAreNamed_data();
    void unreadablePartsAreNamed();

private:
    static QSslConfiguration serverTls(QSslSocket::PeerVerifyMode clients);
    static Result<HttpResponse> ask(RawServer &server, const TlsSettings &tls);
};

QSslConfiguration TestNetworkHttpTls::serverTls(QSslSocket::PeerVerifyMode clients)
{
    const QSslCertificate certificate{QByteArray(testCertificate)};
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificate(certificate);
    tls.setPrivateKey(QSslKey(QByteArray(testKey), QSsl::Ec));
    tls.setCaCertificates({certificate, QSslCertificate(QByteArray(secondCertificate))});
    tls.setPeerVerifyMode(clients);
    return tls;
}

Result<HttpResponse> TestNetworkHttpTls::ask(RawServer &server, const TlsSettings &tls)
{
    server.answer(RawServer::http("200 OK", "hello"));
    FakeCredential credential(QList<QByteArray>{"secret"});
    SystemClock clock;
    NetworkHttp http({QStringLiteral("Beacon"), server.url(), tls, {}, {}, "test", 1ms}, credential,
                     clock);
    HttpRequest request;
    request.url = server.url();
    request.timeout = 5s;
    return await(http.send(request));
}

void TestNetworkHttpTls::certificatesAreChecked_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QString>("serverName");
    QTest::addColumn<bool>("verified");
    QTest::addColumn<bool>("trusted");
    const QByteArray own(testCertificate);
    const QString name = QStringLiteral("pilot.test");
    QTest::newRow("its own authority and its name: trusted") << own << name << true << true;
    QTest::newRow("an unknown authority: refused") << QByteArray() << name << true << false;
    QTest::newRow("another name than the certificate's: refused")
        << own << QString() << true << false;
    QTest::newRow("verification off: taken") << QByteArray() << QString() << false << true;
}

void TestNetworkHttpTls::certificatesAreChecked()
{
    QFETCH(QByteArray, authority);
    QFETCH(QString, serverName);
    QFETCH(bool, verified);
    QFETCH(bool, trusted);
    RawServer server(serverTls(QSslSocket::VerifyNone));
    TlsSettings tls;
    tls.caPem = authority;
    tls.serverName = serverName;
    tls.verification = verified ? TlsSettings::Verification::Full : TlsSettings::Verification::None;
    const auto result = ask(server, tls);
    QCOMPARE(result.has_value(), trusted);
    if (trusted) {
        QCOMPARE(result->body, QByteArray("hello"));
        return;
    }
    QCOMPARE(result.error().kind, ErrorKind::Refused);
    QVERIFY2(result.error().message.startsWith(
                 QStringLiteral("The certificate of Beacon at 127.0.0.1:")),
             qPrintable(result.error().message));
    QVERIFY(server.received.isEmpty());
}

void TestNetworkHttpTls::theClientCertificateIsShown()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    TlsSettings tls;
    tls.caPem = testCertificate;
    tls.serverName = QStringLiteral("pilot.test");
    tls.clientCertificatePem = testCertificate;
    tls.clientKeyPem = Secret(testKey);
    const auto result = ask(server, tls);
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(result->body, QByteArray("hello"));
}

void TestNetworkHttpTls::aServerThatWantsACertificateRefusesWithoutOne()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    TlsSettings tls;
    tls.caPem = testCertificate;
    tls.serverName = QStringLiteral("pilot.test");
    const auto result = ask(server, tls);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Unavailable);
    QVERIFY(server.received.isEmpty());
}

namespace {

const ClientIdentity firstIdentity{testCertificate, Secret(testKey)};
const ClientIdentity secondIdentity{secondCertificate, Secret(secondKey)};

/// An answer after which the connection stays open.
RawServer::Answer kept(const QByteArray &status)
{
    return {"HTTP/1.1 " + status + "\r\nContent-Length: 5\r\n\r\nhello",
            RawServer::Answer::Then::Silence,
            {},
            {}};
}

NetworkHttp::Settings settingsFor(const RawServer &server)
{
    TlsSettings tls;
    tls.caPem = testCertificate;
    tls.serverName = QStringLiteral("pilot.test");
    return {QStringLiteral("Beacon"), server.url(), tls, {}, {}, "test", 1ms};
}

Result<HttpResponse> get(NetworkHttp &http, const QUrl &url)
{
    HttpRequest request;
    request.url = url;
    request.timeout = 5s;
    return await(http.send(request));
}

} // namespace

void TestNetworkHttpTls::theCredentialsOwnCertificateIsShown()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    server.answer(kept("200 OK"));
    FakeCredential credential;
    credential.identities = {firstIdentity};
    SystemClock clock;
    NetworkHttp http(settingsFor(server), credential, clock);
    for (int i = 0; i < 2; ++i) {
        const auto result = get(http, server.url());
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    }
    QCOMPARE(server.shown,
             (QStringList{QStringLiteral("pilot.test"), QStringLiteral("pilot.test")}));
    QCOMPARE(server.connections(), 1);
    QVERIFY(!server.received.constFirst().contains("Authorization"));

    HttpRequest write;
    write.method = "PATCH";
    write.url = server.url();
    write.timeout = 5s;
    const auto written = await(http.send(write));
    QVERIFY2(written, written ? "" : qPrintable(written.error().message));
    QCOMPARE(server.shown.size(), 3);
    QCOMPARE(server.shown.constLast(), QStringLiteral("pilot.test"));
}

void TestNetworkHttpTls::afterA401AnotherCertificateNeedsAnotherConnection()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    server.answer(kept("401 Unauthorized"));
    server.answer(kept("200 OK"));
    FakeCredential credential;
    credential.identities = {firstIdentity, secondIdentity};
    SystemClock clock;
    NetworkHttp http(settingsFor(server), credential, clock);
    const auto result = get(http, server.url());
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(credential.forgotten, 1);
    QCOMPARE(server.shown,
             (QStringList{QStringLiteral("pilot.test"), QStringLiteral("second.test")}));
}

void TestNetworkHttpTls::a401ForTheSameCertificateIsAnError()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    server.answer(kept("401 Unauthorized"));
    FakeCredential credential;
    credential.identities = {firstIdentity};
    SystemClock clock;
    NetworkHttp http(settingsFor(server), credential, clock);
    const auto result = get(http, server.url());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(credential.forgotten, 1);
    QCOMPARE(server.received.size(), 1);
}

void TestNetworkHttpTls::aCertificateGoesToNoOtherPlace()
{
    RawServer elsewhere(serverTls(QSslSocket::QueryPeer));
    elsewhere.answer(kept("200 OK"));
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    FakeCredential credential;
    credential.identities = {firstIdentity};
    SystemClock clock;
    NetworkHttp http(settingsFor(server), credential, clock);
    // Its authority is not the machine's, so that nothing is said to it at all.
    QVERIFY(!get(http, elsewhere.url()));
    QCOMPARE(credential.asked, 0);
    QVERIFY(elsewhere.shown.isEmpty());
}

void TestNetworkHttpTls::afterAnUnreadableKeyTheNextOneIsShown()
{
    RawServer server(serverTls(QSslSocket::VerifyPeer));
    server.answer(kept("200 OK"));
    FakeCredential credential;
    credential.identities = {{testCertificate, Secret("x")}, secondIdentity};
    SystemClock clock;
    NetworkHttp http(settingsFor(server), credential, clock);
    const auto result = get(http, server.url());
    QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    QCOMPARE(server.shown, QStringList{QStringLiteral("second.test")});
}

void TestNetworkHttpTls::aCredentialsUnreadableKeyIsNamed()
{
    RawServer server;
    FakeCredential credential;
    credential.identities = {{testCertificate, Secret("x")}};
    SystemClock clock;
    NetworkHttp http({QStringLiteral("Beacon"), server.url(), {}, {}, {}, "test", 1ms}, credential,
                     clock);
    const auto result = get(http, server.url());
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::BadInput);
    QVERIFY(result.error().message.startsWith(QStringLiteral("The client key for Beacon")));
    QVERIFY(server.received.isEmpty());
}

void TestNetworkHttpTls::unreadablePartsAreNamed_data()
{
    QTest::addColumn<QByteArray>("authority");
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("part");
    QTest::newRow("authority") << QByteArray("x") << QByteArray() << QByteArray()
                               << QStringLiteral("The certificate authority given for Beacon");
    QTest::newRow("client certificate") << QByteArray() << QByteArray("x") << QByteArray(testKey)
                                        << QStringLiteral("The client certificate for Beacon");
    QTest::newRow("client key") << QByteArray() << QByteArray(testCertificate) << QByteArray("x")
                                << QStringLiteral("The client key for Beacon");
}

void TestNetworkHttpTls::unreadablePartsAreNamed()
{
    QFETCH(QByteArray, authority);
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    QFETCH(QString, part);
    RawServer server;
    TlsSettings tls;
    tls.caPem = authority;
    tls.clientCertificatePem = certificate;
    tls.clientKeyPem = Secret(key);
    const auto result = ask(server, tls);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::BadInput);
    QVERIFY2(result.error().message.startsWith(part), qPrintable(result.error().message));
    QVERIFY(server.received.isEmpty());
}

QTEST_GUILESS_MAIN(TestNetworkHttpTls)
#include "networkhttptls.moc"

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
    tls.setCaCertificates({certificate});
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

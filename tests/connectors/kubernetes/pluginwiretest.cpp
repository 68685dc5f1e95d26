#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/login/plugincredential.h"

#include "../http/testcertificate.h"
#include "support/await.h"
#include "support/fakeclock.h"
#include "support/fakeconsent.h"
#include "support/fakerunner.h"
#include "support/rawserver.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

/// A plugin's credential on its way to a server.
class PluginWireTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    FakeRunner m_runner;
    FakeClock m_clock;
    FakeConsent m_consent;
    SystemClock m_systemClock;

    ExecPlugin plugin()
    {
        ExecPlugin plugin;
        plugin.apiVersion = QStringLiteral("client.authentication.k8s.io/v1");
        plugin.command = m_dir.filePath(QStringLiteral("login"));
        plugin.context = QStringLiteral("prod");
        QFile file(plugin.command);
        if (!file.open(QIODevice::WriteOnly)
            || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
            qFatal("the test cannot write its program");
        return plugin;
    }
    static QByteArray printed(const QJsonObject &status)
    {
        return QJsonDocument(QJsonObject{{QStringLiteral("apiVersion"),
                                          QStringLiteral("client.authentication.k8s.io/v1")},
                                         {QStringLiteral("kind"), QStringLiteral("ExecCredential")},
                                         {QStringLiteral("status"), status}})
            .toJson();
    }
    static QByteArray token(const char *token)
    {
        return printed({{QStringLiteral("token"), QString::fromLatin1(token)}});
    }
    Result<HttpResponse> get(RawServer &server, const TlsSettings &tls = {})
    {
        LoginPath path(m_runner, {}, m_dir.path());
        PluginCredential credential(plugin(), {m_runner, path, m_consent, m_clock});
        NetworkHttp http({QStringLiteral("Kubernetes"), server.url(), tls, {}, {}, "test", 1ms},
                         credential, m_systemClock);
        HttpRequest request;
        request.url = server.url();
        request.timeout = 5s;
        return await(http.send(request));
    }

private Q_SLOTS:
    void init() { m_runner.commands.clear(); }

    void a401RunsTheProgramOnceMore()
    {
        RawServer server;
        server.answer(RawServer::http("401 Unauthorized"));
        server.answer(RawServer::http("200 OK", "pods"));
        m_runner.answer(0, token("old"));
        m_runner.answer(0, token("new"));
        const auto answer = get(server);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QCOMPARE(answer->body, QByteArray("pods"));
        QCOMPARE(server.received.size(), 2);
        QVERIFY(server.received[0].contains("Bearer old"));
        QVERIFY(server.received[1].contains("Bearer new"));
        QCOMPARE(m_runner.commands.size(), 2);
    }

    void aSecond401IsTheEnd()
    {
        RawServer server;
        server.answer(RawServer::http("401 Unauthorized"));
        m_runner.answer(0, token("one"));
        m_runner.answer(0, token("two"));
        const auto answer = get(server);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::SignedOut);
        QCOMPARE(m_runner.commands.size(), 2);
        QCOMPARE(server.received.size(), 2);
    }

    void aCertificateOfThePluginIsShownToTheServer()
    {
        const QSslCertificate certificate{QByteArray(testCertificate)};
        QSslConfiguration serverTls = QSslConfiguration::defaultConfiguration();
        serverTls.setLocalCertificate(certificate);
        serverTls.setPrivateKey(QSslKey(QByteArray(testKey), QSsl::Ec));
        serverTls.setCaCertificates({QSslCertificate(QByteArray(secondCertificate))});
        serverTls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        RawServer server(serverTls);
        server.answer(RawServer::http("200 OK", "pods"));
        TlsSettings tls;
        tls.caPem = testCertificate;
        tls.serverName = QStringLiteral("pilot.test");
        m_runner.answer(
            0, printed({{QStringLiteral("clientCertificateData"),
                         QString::fromLatin1(secondCertificate)},
                        {QStringLiteral("clientKeyData"), QString::fromLatin1(secondKey)}}));
        const auto answer = get(server, tls);
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error().message));
        QCOMPARE(server.shown, QStringList{QStringLiteral("second.test")});
    }
};

QTEST_GUILESS_MAIN(PluginWireTest)
#include "pluginwiretest.moc"

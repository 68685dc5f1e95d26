#include "connectors/http/networkhttp.h"
#include "connectors/http/origin.h"

#include "support/await.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

NetworkHttp::Settings settingsFor(const QUrl &base, NetworkHttp::PlainHttp plain
                                                    = NetworkHttp::PlainHttp::LoopbackOnly)
{
    return {QStringLiteral("Beacon"), base, {}, plain, {}, "test", 1ms};
}

HttpRequest get(const QUrl &url)
{
    HttpRequest request;
    request.url = url;
    request.timeout = 2s;
    return request;
}

QByteArray redirect(const QByteArray &status, const QUrl &to)
{
    return RawServer::http(status, {}, "Location: " + to.toEncoded() + "\r\n");
}

/// A user's password.
class Password final : public CredentialSource
{
public:
    [[nodiscard]] QFuture<Result<Secret>> token() override
    {
        return ready<Secret>(Secret("hunter2"));
    }
    [[nodiscard]] QFuture<Result<SignIn>> signIn() override
    {
        return ready<SignIn>(SignIn{Secret("hunter2"), {}, QStringLiteral("jürg")});
    }
    void forget() override {}
};

} // namespace

/// Where a credential goes and where it does not.
class TestNetworkHttpOrigin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sameOriginIsSchemeHostAndPort_data();
    void sameOriginIsSchemeHostAndPort();
    void aRedirectWithinTheHostKeepsTheCredential();
    void aRedirectToAnotherHostIsTheCallersToDecide();
    void theLogStoreGetsNoCredential();
    void aPasswordIsShownWithItsUserAndMaskedInErrors();
    void aPasswordDoesNotLeaveOverPlainHttp();
    void aRequestElsewhereGetsNoCredential();
    void aWriteFollowsOnlyWhatKeepsItsMethod();
    void plainHttpBeyondLoopbackIsRefused_data();
    void plainHttpBeyondLoopbackIsRefused();
    void otherSchemesAreRefused();
};

void TestNetworkHttpOrigin::sameOriginIsSchemeHostAndPort_data()
{
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("same");
    const auto row = [](const char *name, const char *a, const char *b, bool same) {
        QTest::newRow(name) << QString::fromUtf8(a) << QString::fromUtf8(b) << same;
    };
    row("a scheme's own port need not be named", "https://a.example/x", "https://a.example:443/y",
        true);
    row("case does not matter", "https://A.example", "HTTPS://a.EXAMPLE", true);
    row("another port is another place", "https://a.example:8443", "https://a.example", false);
    row("a subdomain is another place", "https://x.a.example", "https://a.example", false);
    row("http is not https", "http://a.example:443", "https://a.example:443", false);
    row("no host is no place", "https:", "https:", false);
}

void TestNetworkHttpOrigin::sameOriginIsSchemeHostAndPort()
{
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, same);
    QCOMPARE(sameOrigin(QUrl(a), QUrl(b)), same);
}

void TestNetworkHttpOrigin::aRedirectWithinTheHostKeepsTheCredential()
{
    RawServer server;
    server.answer(redirect("302 Found", QUrl(QStringLiteral("/there?x=1"))));
    server.answer(RawServer::http("200 OK", "here"));
    FakeCredential credential({"secret"});
    SystemClock clock;
    NetworkHttp http(settingsFor(server.url()), credential, clock);

    const auto result = await(http.send(get(server.url())));

    QVERIFY(result);
    QCOMPARE(result->body, QByteArray("here"));
    QVERIFY(server.received.at(1).startsWith("GET /there?x=1 HTTP/1.1\r\n"));
    QVERIFY(server.received.at(1).contains("Authorization: Bearer secret\r\n"));
}

void TestNetworkHttpOrigin::aRedirectToAnotherHostIsTheCallersToDecide()
{
    RawServer other;
    RawServer server;
    server.answer(redirect("302 Found", other.url(QStringLiteral("/blob"))));
    FakeCredential credential({"secret"});
    SystemClock clock;
    NetworkHttp http(settingsFor(server.url()), credential, clock);

    const auto result = await(http.send(get(server.url())));

    QVERIFY(result);
    QCOMPARE(result->status, 302);
    QCOMPARE(result->header("location"), other.url(QStringLiteral("/blob")).toEncoded());
    QVERIFY(other.received.isEmpty());
}

void TestNetworkHttpOrigin::theLogStoreGetsNoCredential()
{
    RawServer store;
    store.answer(RawServer::http("200 OK", "log"));
    FakeCredential credential({"secret"});
    SystemClock clock;
    NetworkHttp http(settingsFor(QUrl(QStringLiteral("https://api.example"))), credential, clock);

    HttpRequest request = get(store.url());
    request.authorization = HttpRequest::Authorization::None;
    QVERIFY(await(http.send(request)));

    QCOMPARE(store.received.size(), 1);
    QVERIFY(!store.received.first().toLower().contains("authorization"));
    QVERIFY(!store.received.first().contains("secret"));
    QCOMPARE(credential.asked, 0);
}

void TestNetworkHttpOrigin::aPasswordIsShownWithItsUserAndMaskedInErrors()
{
    const QByteArray pair = QByteArray("jürg:hunter2").toBase64();
    RawServer server;
    server.answer(RawServer::http("400 Bad Request", "you sent " + pair + ", hunter2"));
    Password credential;
    SystemClock clock;
    NetworkHttp http(settingsFor(server.url()), credential, clock);
    const auto result = await(http.send(get(server.url())));
    QVERIFY(!result);
    QVERIFY(server.received.first().contains("Authorization: Basic " + pair + "\r\n"));
    const QString told = result.error().message + result.error().detail;
    QVERIFY2(!told.contains(QString::fromLatin1(pair)), qPrintable(told));
    QVERIFY2(!told.contains(QLatin1String("hunter2")), qPrintable(told));
}

void TestNetworkHttpOrigin::aPasswordDoesNotLeaveOverPlainHttp()
{
    Password credential;
    SystemClock clock;
    const QUrl base(QStringLiteral("http://prometheus.example"));
    NetworkHttp http(settingsFor(base, NetworkHttp::PlainHttp::Allowed), credential, clock);
    const auto result = await(http.send(get(base)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Refused);
}

void TestNetworkHttpOrigin::aRequestElsewhereGetsNoCredential()
{
    RawServer elsewhere;
    elsewhere.answer(RawServer::http("200 OK", "{}"));
    FakeCredential credential({"secret"});
    SystemClock clock;
    NetworkHttp http(settingsFor(QUrl(QStringLiteral("https://api.example"))), credential, clock);

    QVERIFY(await(http.send(get(elsewhere.url()))));

    QVERIFY(!elsewhere.received.first().contains("secret"));
}

void TestNetworkHttpOrigin::aWriteFollowsOnlyWhatKeepsItsMethod()
{
    RawServer server;
    server.answer(redirect("302 Found", QUrl(QStringLiteral("/other"))));
    server.answer(redirect("308 Permanent Redirect", QUrl(QStringLiteral("/there"))));
    server.answer(RawServer::http("200 OK", "written"));
    FakeCredential credential({"secret"});
    SystemClock clock;
    NetworkHttp http(settingsFor(server.url()), credential, clock);
    HttpRequest request = get(server.url());
    request.method = "PATCH";
    request.body = "{}";

    const auto turned = await(http.send(request));
    QVERIFY(turned);
    QCOMPARE(turned->status, 302);
    QCOMPARE(server.received.size(), 1);

    const auto kept = await(http.send(request));
    QVERIFY(kept);
    QCOMPARE(kept->body, QByteArray("written"));
    QVERIFY(server.received.last().startsWith("PATCH /there HTTP/1.1\r\n"));
    QVERIFY(server.received.last().endsWith("\r\n\r\n{}"));
}

void TestNetworkHttpOrigin::plainHttpBeyondLoopbackIsRefused_data()
{
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<bool>("allowed");
    QTest::addColumn<QString>("message");
    QTest::newRow("with a credential")
        << QByteArray("secret") << false
        << QStringLiteral("The credential for Beacon is not sent over plain http to 192.0.2.1. "
                          "Use https.");
    QTest::newRow("with a credential, whatever the workspace allows")
        << QByteArray("secret") << true
        << QStringLiteral("The credential for Beacon is not sent over plain http to 192.0.2.1. "
                          "Use https.");
    QTest::newRow("without one, unless the workspace allows it")
        << QByteArray() << false
        << QStringLiteral("Beacon is not asked over plain http at 192.0.2.1. Use https, or set "
                          "allow_http: true.");
}

void TestNetworkHttpOrigin::plainHttpBeyondLoopbackIsRefused()
{
    QFETCH(QByteArray, token);
    QFETCH(bool, allowed);
    QFETCH(QString, message);
    FakeCredential credential({token});
    SystemClock clock;
    const QUrl url(QStringLiteral("http://192.0.2.1/api"));
    NetworkHttp http(settingsFor(url, allowed ? NetworkHttp::PlainHttp::Allowed
                                              : NetworkHttp::PlainHttp::LoopbackOnly),
                     credential, clock);
    const auto result = await(http.send(get(url)));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Refused);
    QCOMPARE(result.error().message, message);
}

void TestNetworkHttpOrigin::otherSchemesAreRefused()
{
    FakeCredential credential;
    SystemClock clock;
    NetworkHttp http(settingsFor(QUrl(QStringLiteral("https://api.example"))), credential, clock);
    const auto result = await(http.send(get(QUrl(QStringLiteral("file:///etc/passwd")))));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::BadInput);
}

QTEST_GUILESS_MAIN(TestNetworkHttpOrigin)
#include "networkhttporigin.moc"

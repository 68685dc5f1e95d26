#include "connectors/http/networkhttp.h"

#include "support/await.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

/// Qt itself sends some reads again, now and then.
constexpr int atLeast = 100;

using Then = RawServer::Answer::Then;

/// A client of a raw server, quick to repeat.
struct Setup
{
    explicit Setup(const QList<QByteArray> &tokens = {"first-token"})
        : credential(tokens),
          http({QStringLiteral("Beacon"), server.url(), {}, {}, {}, "test", 1ms}, credential, clock)
    {}

    HttpRequest request(const QByteArray &method = "GET",
                        const QString &path = QStringLiteral("/thing"))
    {
        HttpRequest r;
        r.method = method;
        r.url = server.url(path);
        r.timeout = 2s;
        if (method != "GET")
            r.body = R"({"weight":50})";
        return r;
    }

    RawServer server;
    FakeCredential credential;
    SystemClock clock;
    NetworkHttp http;
};

/// Another request has renewed it while the first one that shows it is on its way.
class RenewedMeanwhile final : public CredentialSource
{
public:
    [[nodiscard]] QFuture<Result<Secret>> token() override
    {
        return ready<Secret>(Secret(asked++ == 0 ? "old-token" : "new-token"));
    }
    void forget() override { ++forgotten; }

    int asked = 0;
    int forgotten = 0;
};

} // namespace

class TestNetworkHttp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void badWeather_data();
    void badWeather();
    void aLimitSaysWhenItEndsAndIsNotTriedBefore();
    void goodAnswerCarriesStatusHeadersBodyAndDate();
    void malformedJsonIsTheReadersToTell();
    void anAnswerLargerThanTheLimitIsGivenUp();
    void aNeverEndingAnswerIsGivenUp_data();
    void aNeverEndingAnswerIsGivenUp();
    void aWriteIsNeverSentTwice_data();
    void aWriteIsNeverSentTwice();
    void aReadIsRepeatedUntilItComes();
    void silenceEndsInTime();
    void writesHaveAConnectionOfTheirOwn();
    void a401GetsOneFreshToken();
    void theSameTokenIsNotTriedAgain();
    void whatAnotherRequestHasRenewedIsNotThrownAway();
    void aSignInThatFailsIsNoRequestThatMayBeDone_data();
    void aSignInThatFailsIsNoRequestThatMayBeDone();
    void aMissingCredentialSendsNothing();
    void theTokenIsMaskedInDetails();
    void cancellingClosesTheConnection();
    void destroyingTheClientCancels();
    void hangingReadsDoNotHoldUpAWrite();
};

void TestNetworkHttp::badWeather_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<int>("requests");

    const auto row = [](const char *name, const QByteArray &answer, ErrorKind kind,
                        const char *message, const char *detail, int requests) {
        QTest::newRow(name) << answer << int(kind) << QString::fromUtf8(message)
                            << QString::fromUtf8(detail) << requests;
    };
    const auto http = &RawServer::http;
    row("401 says to sign in", http("401 Unauthorized", "{}", {}), ErrorKind::SignedOut,
        "Beacon does not accept the credential (401). Sign in again.", "HTTP 401\n{}", 1);
    row("403 says what the account lacks", http("403 Forbidden", R"({"message":"no patch."})", {}),
        ErrorKind::NotAllowed,
        "Beacon does not allow this to the account in use (403). Ask for the right or use another "
        "account. It says: no patch.",
        "HTTP 403\n{\"message\":\"no patch.\"}", 1);
    row("403 with an empty limit is a limit",
        http("403 Forbidden", {}, "x-ratelimit-remaining: 0\r\n"), ErrorKind::RateLimited,
        "Beacon limits requests (403). Wait a minute before the next try.", "HTTP 403", 1);
    row("404 is not found", http("404 Not Found", {}, {}), ErrorKind::NotFound,
        "Beacon does not have what was asked for (404). Check the names in the workspace file.",
        "HTTP 404", 1);
    row("409 is a conflict", http("409 Conflict", R"({"error":{"message":"etag"}})", {}),
        ErrorKind::Conflict,
        "Beacon refused because somebody else acted first (409). Read again. It says: etag.",
        "HTTP 409\n{\"error\":{\"message\":\"etag\"}}", 1);
    row("410 is not found", http("410 Gone", {}, {}), ErrorKind::NotFound,
        "Beacon does not have what was asked for (410). Check the names in the workspace file.",
        "HTTP 410", 1);
    row("422 is bad input", http("422 Unprocessable Entity", {}, {}), ErrorKind::BadInput,
        "Beacon does not accept the request (422). The details show its answer.", "HTTP 422", 1);
    row("429 is a limit", http("429 Too Many Requests", {}, {}), ErrorKind::RateLimited,
        "Beacon limits requests (429). Wait a minute before the next try.", "HTTP 429", 1);
    row("500 is not tried again", http("500 Internal Server Error", "oops", {}),
        ErrorKind::Unavailable, "Beacon cannot answer now (500). Try again in a moment.",
        "HTTP 500\noops", 1);
    row("502 is tried three times", http("502 Bad Gateway", {}, {}), ErrorKind::Unavailable,
        "Beacon cannot answer now (502). Try again in a moment.", "HTTP 502", 3);
    row("503 is tried three times", http("503 Service Unavailable", {}, {}), ErrorKind::Unavailable,
        "Beacon cannot answer now (503). Try again in a moment.", "HTTP 503", 3);
    row("503 that says when to come back is not tried again",
        http("503 Service Unavailable", {}, "Retry-After: 30\r\n"), ErrorKind::Unavailable,
        "Beacon cannot answer now (503). Try again in a moment.", "HTTP 503", 1);
    row("504 is tried three times", http("504 Gateway Timeout", {}, {}), ErrorKind::Unavailable,
        "Beacon cannot answer now (504). Try again in a moment.", "HTTP 504", 3);
    row("a body cut before its length is no answer",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"half\":", ErrorKind::Unavailable,
        "The connection to Beacon broke before the answer was complete. Try again.", "", 3);
    row("a chunked body cut before its last chunk is no answer",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        "8\r\n{\"half\":\r\n",
        ErrorKind::Unavailable,
        "The connection to Beacon broke before the answer was complete. Try again.", "",
        atLeast + 3);
    row("redirects in a circle end",
        "HTTP/1.1 302 Found\r\nLocation: /thing\r\n"
        "Content-Length: 0\r\nConnection: close\r\n\r\n",
        ErrorKind::Malformed,
        "Beacon sends from one address to the next without end. Check the address in the "
        "workspace file.",
        "", 6);
}

void TestNetworkHttp::badWeather()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(QString, message);
    QFETCH(QString, detail);
    QFETCH(int, requests);

    Setup s;
    s.server.answer(answer);
    const auto result = await(s.http.send(s.request()));

    QVERIFY(!result);
    QCOMPARE(int(result.error().kind), kind);
    QVERIFY2(result.error().message.endsWith(message), qPrintable(result.error().message));
    if (!detail.isEmpty())
        QCOMPARE(result.error().detail, detail);
    if (requests >= atLeast)
        QVERIFY(s.server.received.size() >= requests - atLeast);
    else
        QCOMPARE(s.server.received.size(), requests);
}

void TestNetworkHttp::aLimitSaysWhenItEndsAndIsNotTriedBefore()
{
    Setup s;
    s.server.answer(RawServer::http("429 Too Many Requests", {}, "Retry-After: 30\r\n"));
    const QDateTime before = QDateTime::currentDateTimeUtc();
    const auto result = await(s.http.send(s.request()));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::RateLimited);
    QVERIFY(result.error().message.contains(
        QLatin1String("Beacon limits requests and asks to wait until ")));
    QVERIFY(result.error().retryAt && *result.error().retryAt >= before.addSecs(29));
    QCOMPARE(s.server.received.size(), 1);
}

void TestNetworkHttp::goodAnswerCarriesStatusHeadersBodyAndDate()
{
    Setup s;
    s.server.answer(RawServer::http("200 OK", "[1,2]",
                                    "ETag: \"abc\"\r\nDate: Tue, 24 Nov 2026 13:30:05 GMT\r\n"
                                    "Link: <http://x/a?page=1>; rel=\"prev\", "
                                    "<http://x/a?page=3>; rel=\"next\"\r\n"));
    const auto result = await(s.http.send(s.request()));

    QVERIFY(result);
    QCOMPARE(result->status, 200);
    QCOMPARE(result->body, QByteArray("[1,2]"));
    QCOMPARE(result->header("etag"), QByteArray("\"abc\""));
    QCOMPARE(result->serverAt, QDateTime(QDate(2026, 11, 24), QTime(13, 30, 5), Qt::UTC));
    QCOMPARE(result->nextPage(), QUrl(QStringLiteral("http://x/a?page=3")));
    QVERIFY(s.server.received.first().contains("Authorization: Bearer first-token\r\n"));
    QVERIFY(s.server.received.first().contains("User-Agent: test\r\n"));
}

void TestNetworkHttp::malformedJsonIsTheReadersToTell()
{
    Setup s;
    s.server.answer(RawServer::http("200 OK", "{\"runs\": [", {}));
    const auto result = await(s.http.send(s.request()));
    QVERIFY(result);
    QCOMPARE(result->body, QByteArray("{\"runs\": ["));
}

void TestNetworkHttp::anAnswerLargerThanTheLimitIsGivenUp()
{
    Setup s;
    s.server.answer(RawServer::http("200 OK", QByteArray(3 << 20, 'x'), {}));
    HttpRequest request = s.request();
    request.maxBytes = 1 << 20;
    const auto result = await(s.http.send(request));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Malformed);
    QCOMPARE(result.error().message,
             QStringLiteral("The answer of Beacon is larger than 1 MB and was given up. Ask for "
                            "less."));
    QTRY_COMPARE(s.server.open(), 0);
}

void TestNetworkHttp::aNeverEndingAnswerIsGivenUp_data()
{
    QTest::addColumn<int>("pace");
    QTest::addColumn<int>("kind");
    QTest::newRow("as fast as it can: at the limit of size") << 0 << int(ErrorKind::Malformed);
    QTest::newRow("one byte at a time: at the limit of time") << 5 << int(ErrorKind::TimedOut);
}

void TestNetworkHttp::aNeverEndingAnswerIsGivenUp()
{
    QFETCH(int, pace);
    QFETCH(int, kind);
    Setup s;
    s.server.answer({"HTTP/1.1 200 OK\r\n\r\n{", Then::Repeat,
                     pace == 0 ? QByteArray(64 << 10, ' ') : QByteArray(" "),
                     std::chrono::milliseconds(pace)});
    HttpRequest request = s.request();
    request.maxBytes = 4 << 20;
    request.timeout = pace == 0 ? 2000ms : 40ms;
    const auto result = await(s.http.send(request));
    QVERIFY(!result);
    QCOMPARE(int(result.error().kind), kind);
    QTRY_COMPARE(s.server.open(), 0);
}

void TestNetworkHttp::aWriteIsNeverSentTwice_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("body");
    const QByteArray body(R"({"weight":50})");
    QTest::newRow("POST without a body when the connection closes without an answer")
        << QByteArray("POST") << QByteArray() << QByteArray();
    QTest::newRow("DELETE without a body when the connection closes without an answer")
        << QByteArray("DELETE") << QByteArray() << QByteArray();
    for (const char *method : {"PATCH", "POST", "DELETE", "PUT"}) {
        QTest::addRow("%s when the connection closes without an answer", method)
            << QByteArray(method) << QByteArray() << body;
        QTest::addRow("%s when the answer is not HTTP", method)
            << QByteArray(method) << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n") << body;
        QTest::addRow("%s when the chunks of the answer are cut", method)
            << QByteArray(method)
            << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"ha")
            << body;
        QTest::addRow("%s when the answer is cut", method)
            << QByteArray(method) << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")
            << body;
        QTest::addRow("%s when the server is down", method)
            << QByteArray(method) << RawServer::http("503 Service Unavailable") << body;
    }
}

void TestNetworkHttp::aWriteIsNeverSentTwice()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, body);
    Setup s;
    if (!answer.isEmpty())
        s.server.answer(answer);
    HttpRequest request = s.request(method);
    request.body = body;
    const auto result = await(s.http.send(request));
    QVERIFY(!result);
    QCOMPARE(result.error().kind,
             answer.startsWith("SSH") ? ErrorKind::Malformed : ErrorKind::Unavailable);
    QCOMPARE(s.server.received.size(), 1);
    if (!answer.startsWith("HTTP/1.1 503") && !answer.startsWith("SSH"))
        QVERIFY2(result.error().message.contains(QStringLiteral("may or may not have been made")),
                 qPrintable(result.error().message));
    QVERIFY(s.server.received.first().startsWith(method + " /thing HTTP/1.1\r\n"));
    QVERIFY(s.server.received.first().endsWith("\r\n\r\n" + body));
}

void TestNetworkHttp::aReadIsRepeatedUntilItComes()
{
    Setup s;
    s.server.answer(RawServer::http("502 Bad Gateway"));
    s.server.answer(QByteArray("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"));
    s.server.answer(RawServer::http("200 OK", "{}"));
    const auto result = await(s.http.send(s.request()));
    QVERIFY(result);
    QCOMPARE(result->body, QByteArray("{}"));
    QCOMPARE(s.server.received.size(), 3);
}

void TestNetworkHttp::silenceEndsInTime()
{
    Setup s;
    s.server.answer({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", Then::Silence, {}, {}});
    HttpRequest request = s.request();
    request.timeout = 150ms;
    const auto result = await(s.http.send(request));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::TimedOut);
    QCOMPARE(result.error().message, QStringLiteral("Beacon gave no answer for 0.15 s. Check the "
                                                    "connection, or try again."));
    QCOMPARE(s.server.received.size(), 1);
    QTRY_COMPARE(s.server.open(), 0);
}

void TestNetworkHttp::writesHaveAConnectionOfTheirOwn()
{
    // They are not repeated, so they wait behind no read, and take no connection of uncertain age.
    Setup s;
    s.server.answer({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", Then::Silence, {}, {}});
    QVERIFY(await(s.http.send(s.request("PATCH"))));
    QVERIFY(await(s.http.send(s.request("PATCH"))));
    QCOMPARE(s.server.connections(), 1);
    QVERIFY(await(s.http.send(s.request())));
    QVERIFY(await(s.http.send(s.request())));
    QCOMPARE(s.server.connections(), 2);
}

void TestNetworkHttp::a401GetsOneFreshToken()
{
    Setup s({"old-token", "new-token", "newer-token"});
    s.server.answer(RawServer::http("401 Unauthorized", {}, "WWW-Authenticate: Bearer\r\n"));
    s.server.answer(RawServer::http("200 OK", "{}"));
    const auto result = await(s.http.send(s.request("PATCH")));
    QVERIFY(result);
    QCOMPARE(s.credential.forgotten, 1);
    QCOMPARE(s.server.received.size(), 2);
    QVERIFY(s.server.received.at(0).contains("Authorization: Bearer old-token\r\n"));
    QVERIFY(s.server.received.at(1).contains("Authorization: Bearer new-token\r\n"));
    QVERIFY(s.server.received.at(1).endsWith("{\"weight\":50}"));
}

void TestNetworkHttp::theSameTokenIsNotTriedAgain()
{
    Setup s({"only-token"});
    s.server.answer(RawServer::http("401 Unauthorized"));
    const auto result = await(s.http.send(s.request()));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(s.credential.forgotten, 1);
    QCOMPARE(s.server.received.size(), 1);
}

void TestNetworkHttp::whatAnotherRequestHasRenewedIsNotThrownAway()
{
    RawServer server;
    server.answer(RawServer::http("401 Unauthorized"));
    server.answer(RawServer::http("200 OK", "{}"));
    RenewedMeanwhile credential;
    SystemClock clock;
    NetworkHttp http({QStringLiteral("Beacon"), server.url(), {}, {}, {}, "test", 1ms}, credential,
                     clock);
    HttpRequest request;
    request.url = server.url();
    QVERIFY(await(http.send(request)));
    QCOMPARE(credential.forgotten, 0);
    QCOMPARE(server.received.size(), 2);
    QVERIFY(server.received.at(1).contains("Authorization: Bearer new-token\r\n"));
}

void TestNetworkHttp::aSignInThatFailsIsNoRequestThatMayBeDone_data()
{
    QTest::addColumn<int>("kind");
    QTest::newRow("silent") << int(ErrorKind::TimedOut);
    QTest::newRow("broken") << int(ErrorKind::Unavailable);
    QTest::newRow("not to be read") << int(ErrorKind::Malformed);
    QTest::newRow("given up") << int(ErrorKind::Cancelled);
}

void TestNetworkHttp::aSignInThatFailsIsNoRequestThatMayBeDone()
{
    QFETCH(const int, kind);
    Setup s;
    s.credential.error = Error{ErrorKind(kind), QStringLiteral("“beacon” gave no answer."), {}, {}};
    const auto result = await(s.http.send(s.request("PATCH")));
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::SignedOut);
    QCOMPARE(result.error().message, s.credential.error->message);
    QVERIFY(s.server.received.isEmpty());
}

void TestNetworkHttp::aMissingCredentialSendsNothing()
{
    Setup s;
    s.credential.error = Error{ErrorKind::SignedOut, QStringLiteral("Run beacon login."), {}, {}};
    const auto result = await(s.http.send(s.request()));
    QVERIFY(!result);
    QCOMPARE(result.error(), *s.credential.error);
    QVERIFY(s.server.received.isEmpty());
}

void TestNetworkHttp::theTokenIsMaskedInDetails()
{
    Setup s({"tell-tale"});
    s.server.answer(RawServer::http("400 Bad Request", "you sent Bearer tell-tale"));
    const auto result = await(s.http.send(s.request()));
    QVERIFY(!result);
    QCOMPARE(result.error().detail, QStringLiteral("HTTP 400\nyou sent Bearer •••"));
}

void TestNetworkHttp::cancellingClosesTheConnection()
{
    Setup s;
    s.server.answer({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", Then::Silence, {}, {}});
    auto future = s.http.send(s.request());
    QTRY_COMPARE(s.server.received.size(), 1);
    QCOMPARE(s.server.open(), 1);
    future.cancel();
    QTRY_COMPARE(s.server.open(), 0);
    QTRY_VERIFY(future.isFinished());
}

void TestNetworkHttp::destroyingTheClientCancels()
{
    RawServer server;
    server.answer({{}, Then::Silence, {}, {}});
    FakeCredential credential;
    SystemClock clock;
    auto http = std::make_unique<NetworkHttp>(
        NetworkHttp::Settings{QStringLiteral("Beacon"), server.url(), {}, {}, {}, "test", 1ms},
        credential, clock);
    HttpRequest request;
    request.url = server.url();
    auto cancelled = http->send(request)
                         .then(this, [](const Result<HttpResponse> &) { return 1; })
                         .onCanceled(this, [] { return 2; });
    QTRY_COMPARE(server.received.size(), 1);
    http.reset();
    QTRY_VERIFY(cancelled.isFinished());
    QCOMPARE(cancelled.result(), 2);
    QTRY_COMPARE(server.open(), 0);
}

void TestNetworkHttp::hangingReadsDoNotHoldUpAWrite()
{
    Setup s;
    constexpr int reads = 8;
    for (int i = 0; i < 6; ++i)
        s.server.answer({{}, Then::Silence, {}, {}});
    s.server.answer(RawServer::http("200 OK", "done"));
    QList<QFuture<Result<HttpResponse>>> hanging;
    for (int i = 0; i < reads; ++i)
        hanging.append(s.http.send(s.request()));
    QTRY_COMPARE(s.server.received.size(), 6);
    const auto result = await(s.http.send(s.request("PATCH")));
    QVERIFY(result);
    QCOMPARE(result->body, QByteArray("done"));
    for (auto &future : hanging)
        future.cancel();
}

QTEST_GUILESS_MAIN(TestNetworkHttp)
#include "networkhttp.moc"

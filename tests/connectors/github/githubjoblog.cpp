#include "connectors/github/githubruns.h"

#include "connectors/http/networkhttp.h"
#include "support/fakeclock.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"
#include "support/scriptedhttp.h"

#include <QTest>

using namespace pilothouse;

namespace {

const JobLog target{RunId(7), JobId(41)};

/// What a log stream said.
struct Heard
{
    explicit Heard(LogStream *stream)
    {
        QObject::connect(stream, &LogStream::bytesArrived, &context,
                         [this](const QByteArray &more) { bytes += more; });
        QObject::connect(stream, &LogStream::ended, &context,
                         [this](const Result<void> &outcome) { ended.append(outcome); });
    }

    QByteArray bytes;
    QList<Result<void>> ended;
    QObject context;
};

struct Setup
{
    Setup() { http.systemName = QStringLiteral("GitHub"); }

    ScriptedHttp http;
    FakeClock clock;
    GithubRuns github{http,
                      clock,
                      {QUrl(QStringLiteral("https://api.example")), QStringLiteral("acme"),
                       QStringLiteral("shop"), "2022-11-28"}};
};

} // namespace

class TestGithubJobLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTextComesFromTheStoreWithoutOurCredential();
    void onTheWireTheStoreSeesNoCredential();
    void refusals_data();
    void refusals();
    void aLinkThatIsTooOldIsToldSo();
    void aServerThatKeepsItsLogsItself();
    void aDocumentIsNoLog_data();
    void aDocumentIsNoLog();
    void aCutLogIsNotComplete();
    void nothingIsSaidFromWithinTheCall();
    void podLogsAreNotGitHubs();
    void theStreamOutlivesItsSource();
};

void TestGithubJobLog::theTextComesFromTheStoreWithoutOurCredential()
{
    Setup s;
    s.http.answer(302, {}, {{"location", "https://store.example/log?sig=a%2Bb"}});
    const auto stream = s.github.open(target);
    Heard heard(stream.get());
    QTRY_COMPARE(s.http.requests.size(), 2);

    QCOMPARE(s.http.requests.at(0).url,
             QUrl(QStringLiteral("https://api.example/repos/acme/shop/actions/jobs/41/logs")));
    QCOMPARE(s.http.requests.at(0).authorization, HttpRequest::Authorization::Bearer);
    QCOMPARE(s.http.requests.at(1).url.toEncoded(),
             QByteArray("https://store.example/log?sig=a%2Bb"));
    QCOMPARE(s.http.requests.at(1).authorization, HttpRequest::Authorization::None);
    QVERIFY(s.http.requests.at(1).headers.empty());

    s.http.lastStream->start();
    s.http.lastStream->arrive("2026-11-24T13:30:00.1234567Z first\n");
    s.http.lastStream->arrive("second\n");
    QVERIFY(heard.ended.isEmpty());
    s.http.lastStream->end();
    QCOMPARE(heard.bytes, QByteArray("2026-11-24T13:30:00.1234567Z first\nsecond\n"));
    QCOMPARE(heard.ended.size(), 1);
    QVERIFY(heard.ended.first());
}

void TestGithubJobLog::onTheWireTheStoreSeesNoCredential()
{
    RawServer api;
    RawServer store;
    api.answer(RawServer::http("302 Found", {},
                               "Location: " + store.url(QStringLiteral("/blob?sig=x")).toEncoded()
                                   + "\r\n"));
    store.answer(RawServer::http("200 OK", "the log\n"));
    FakeCredential credential(QList<QByteArray>{"gho_secret"});
    SystemClock clock;
    NetworkHttp http({QStringLiteral("GitHub"), api.url(), {}, {}, {}, "test", {}}, credential,
                     clock);
    GithubRuns github(http, clock,
                      {api.url(), QStringLiteral("acme"), QStringLiteral("shop"), "2022-11-28"});
    const auto stream = github.open(target);
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(heard.ended.first());
    QCOMPARE(heard.bytes, QByteArray("the log\n"));
    QVERIFY(api.received.first().contains("Authorization: Bearer gho_secret\r\n"));
    QVERIFY(store.received.first().startsWith("GET /blob?sig=x HTTP/1.1\r\n"));
    QVERIFY(!store.received.first().toLower().contains("authorization"));
    QVERIFY(!store.received.first().contains("gho_secret"));
}

void TestGithubJobLog::refusals_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("message");
    const QString notYet
        = QStringLiteral("GitHub has no log of this job: it gives none before the job ends, nor "
                         "when its time of keeping is over.");
    QTest::newRow("404 before the end") << 404 << int(ErrorKind::NotFound) << notYet;
    QTest::newRow("500 before the end") << 500 << int(ErrorKind::NotFound) << notYet;
    QTest::newRow("410 long after it")
        << 410 << int(ErrorKind::NotFound)
        << QStringLiteral("GitHub no longer has this log: its time of keeping is over.");
    QTest::newRow("401") << 401 << int(ErrorKind::SignedOut)
                         << QStringLiteral("GitHub does not accept the credential (401). Sign in "
                                           "again.");
    QTest::newRow("502") << 502 << int(ErrorKind::Unavailable)
                         << QStringLiteral("GitHub cannot answer now (502). Try again in a "
                                           "moment.");
}

void TestGithubJobLog::refusals()
{
    QFETCH(int, status);
    QFETCH(int, kind);
    QFETCH(QString, message);
    Setup s;
    s.http.answer(status, {});
    const auto stream = s.github.open(target);
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(!heard.ended.first());
    QCOMPARE(int(heard.ended.first().error().kind), kind);
    QCOMPARE(heard.ended.first().error().message, message);
    QCOMPARE(heard.ended.first().error().detail, QStringLiteral("HTTP %1").arg(status));
}

void TestGithubJobLog::aLinkThatIsTooOldIsToldSo()
{
    // Nobody signs in at the store, so nobody is told to sign in again.
    for (const ErrorKind refusal : {ErrorKind::NotAllowed, ErrorKind::SignedOut}) {
        Setup s;
        s.http.answer(302, {}, {{"location", "https://store.example/log"}});
        const auto stream = s.github.open(target);
        Heard heard(stream.get());
        QTRY_VERIFY(s.http.lastStream);
        s.http.lastStream->end(fail(refusal, QStringLiteral("refused")));
        QCOMPARE(heard.ended.size(), 1);
        QCOMPARE(heard.ended.first().error().kind, ErrorKind::Unavailable);
        QCOMPARE(heard.ended.first().error().message,
                 QStringLiteral("GitHub's link to the log is no longer good. Fetch it again."));
    }
}

void TestGithubJobLog::aDocumentIsNoLog_data()
{
    QTest::addColumn<QByteArray>("type");
    for (const char *type : {"application/json", "text/html; charset=utf-8", "application/xml"})
        QTest::newRow(type) << QByteArray(type);
}

void TestGithubJobLog::aDocumentIsNoLog()
{
    QFETCH(QByteArray, type);
    const QString message
        = QStringLiteral("What came from GitHub is not the log (%1). Fetch it again.")
              .arg(QString::fromLatin1(type));
    Setup s;
    s.http.answer(200, "{}", {{"content-type", type}});
    const auto here = s.github.open(target);
    Heard fromHere(here.get());
    QTRY_COMPARE(fromHere.ended.size(), 1);
    QVERIFY(fromHere.bytes.isEmpty());
    QCOMPARE(fromHere.ended.first().error().message, message);

    s.http.answer(302, {}, {{"location", "https://store.example/log"}});
    const auto there = s.github.open(target);
    Heard fromThere(there.get());
    QTRY_VERIFY(s.http.lastStream);
    const QPointer<ScriptedStream> store = s.http.lastStream;
    store->start(200, {{"content-type", type}});
    store->arrive("{}");
    store->end();
    QVERIFY(fromThere.bytes.isEmpty());
    QCOMPARE(fromThere.ended.size(), 1);
    QCOMPARE(fromThere.ended.first().error().message, message);
    QTRY_VERIFY(!store); // the rest of it is not waited for
}

void TestGithubJobLog::aServerThatKeepsItsLogsItself()
{
    Setup s;
    s.http.answer(200, "plain\n");
    const auto stream = s.github.open(target);
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(heard.ended.first());
    QCOMPARE(heard.bytes, QByteArray("plain\n"));
}

void TestGithubJobLog::aCutLogIsNotComplete()
{
    Setup s;
    s.http.answer(302, {}, {{"location", "https://store.example/log"}});
    const auto stream = s.github.open(target);
    Heard heard(stream.get());
    QTRY_VERIFY(s.http.lastStream);
    const Error cut{ErrorKind::Unavailable, QStringLiteral("The connection broke."), {}, {}};
    s.http.lastStream->arrive("half");
    s.http.lastStream->end(fail(cut));
    QCOMPARE(heard.bytes, QByteArray("half"));
    QCOMPARE(heard.ended.first().error(), cut);
}

void TestGithubJobLog::nothingIsSaidFromWithinTheCall()
{
    Setup s;
    s.http.answer(404, {});
    const auto stream = s.github.open(target);
    QVERIFY(s.http.requests.isEmpty());
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
}

void TestGithubJobLog::podLogsAreNotGitHubs()
{
    Setup s;
    QVERIFY(
        !s.github.open(PodLog{TrackName(QStringLiteral("standalone")), QStringLiteral("p"), {}}));
}

void TestGithubJobLog::theStreamOutlivesItsSource()
{
    ScriptedHttp http;
    FakeClock clock;
    auto github = std::make_unique<GithubRuns>(http, clock, GithubRuns::Settings{});
    const auto early = github->open(target);
    Heard neverBegun(early.get());
    github.reset();
    QTRY_COMPARE(neverBegun.ended.size(), 1);
    QCOMPARE(neverBegun.ended.first().error().kind, ErrorKind::Cancelled);
    QVERIFY(http.requests.isEmpty());

    github = std::make_unique<GithubRuns>(http, clock, GithubRuns::Settings{});
    const auto held = http.hold();
    const auto stream = github->open(target);
    Heard heard(stream.get());
    QTRY_COMPARE(http.requests.size(), 1);
    github.reset();
    ScriptedHttp::settle(held, 302, {}, {{"location", "https://store.example/log"}});
    QTRY_COMPARE(heard.ended.size(), 1);
    QCOMPARE(heard.ended.first().error().kind, ErrorKind::Cancelled);
    QCOMPARE(http.requests.size(), 1);
}

QTEST_GUILESS_MAIN(TestGithubJobLog)
#include "githubjoblog.moc"

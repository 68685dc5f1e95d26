#include "connectors/http/networkhttp.h"

#include "support/fakecredential.h"
#include "support/rawserver.h"

#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Then = RawServer::Answer::Then;

/// What a stream said, in order.
struct Heard
{
    explicit Heard(HttpStream *stream)
    {
        QObject::connect(stream, &HttpStream::started, &context,
                         [this](int status, const HttpHeaders &headers) {
                             started.append(status);
                             head.headers = headers;
                         });
        QObject::connect(stream, &HttpStream::bytesArrived, &context,
                         [this](const QByteArray &more) { bytes += more; });
        QObject::connect(stream, &HttpStream::ended, &context,
                         [this](const Result<void> &outcome) { ended.append(outcome); });
    }

    QList<int> started;
    HttpResponse head;
    QByteArray bytes;
    QList<Result<void>> ended;
    QObject context;
};

} // namespace

class TestNetworkHttpStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void bytesComeInOrderAndTheEndOnce();
    void bytesComeBeforeTheEnd();
    void aCutStreamSaysSo();
    void aCutBetweenTwoChunksSaysSoEveryTime();
    void aRefusalEndsWithoutABeginning();
    void silenceEndsAStream();
    void deletingItClosesTheConnection();
    void deletingItFromItsOwnSignalIsSafe();
    void deletingTheClientFromASignalEndsTheStream();
    void moreStreamsThanConnectionsAreAllServed();

private:
    HttpRequest request() const
    {
        HttpRequest r;
        r.url = m_server->url(QStringLiteral("/watch"));
        r.timeout = 2s;
        return r;
    }

    std::unique_ptr<RawServer> m_server;
    std::unique_ptr<NetworkHttp> m_http;
    FakeCredential m_credential{QList<QByteArray>{"secret"}};
    SystemClock m_clock;
};

void TestNetworkHttpStream::init()
{
    m_http.reset();
    m_server = std::make_unique<RawServer>();
    m_http = std::make_unique<NetworkHttp>(
        NetworkHttp::Settings{QStringLiteral("Beacon"), m_server->url(), {}, {}, {}, "test", 1ms},
        m_credential, m_clock);
}

void TestNetworkHttpStream::bytesComeInOrderAndTheEndOnce()
{
    m_server->answer(QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                                "Content-Type: text/plain\r\n\r\n"
                                "6\r\nfirst \r\n6\r\nsecond\r\n0\r\n\r\n"));
    const auto stream = m_http->stream(request());
    Heard heard(stream.get());
    QVERIFY(heard.started.isEmpty());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(heard.ended.first());
    QCOMPARE(heard.started, QList<int>{200});
    QCOMPARE(heard.head.header("content-type"), QByteArray("text/plain"));
    QCOMPARE(heard.bytes, QByteArray("first second"));
    QVERIFY(m_server->received.first().contains("Authorization: Bearer secret\r\n"));
}

void TestNetworkHttpStream::bytesComeBeforeTheEnd()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\n{\"type\":\"ADDED\"}\n", Then::Silence, {}, {}});
    const auto stream = m_http->stream(request());
    Heard heard(stream.get());
    QTRY_COMPARE(heard.bytes, QByteArray("{\"type\":\"ADDED\"}\n"));
    QVERIFY(heard.ended.isEmpty());
}

void TestNetworkHttpStream::aCutStreamSaysSo()
{
    m_server->answer(QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "6\r\nfirst \r\n6\r\nsec"));
    const auto stream = m_http->stream(request());
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(!heard.ended.first());
    QCOMPARE(heard.ended.first().error().kind, ErrorKind::Unavailable);
    QVERIFY(heard.bytes.startsWith("first "));
    QCOMPARE(m_server->received.size(), 1);
}

void TestNetworkHttpStream::aCutBetweenTwoChunksSaysSoEveryTime()
{
    // QNetworkAccessManager takes such an answer for complete more often than not.
    m_server->answer(QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                "6\r\nfirst \r\n"));
    for (int i = 0; i < 20; ++i) {
        const auto stream = m_http->stream(request());
        Heard heard(stream.get());
        QTRY_COMPARE(heard.ended.size(), 1);
        QVERIFY(!heard.ended.first());
        QCOMPARE(heard.ended.first().error().kind, ErrorKind::Unavailable);
        QCOMPARE(heard.bytes, QByteArray("first "));
    }
}

void TestNetworkHttpStream::aRefusalEndsWithoutABeginning()
{
    m_server->answer(RawServer::http("410 Gone", "expired"));
    const auto stream = m_http->stream(request());
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(heard.started.isEmpty());
    QVERIFY(heard.bytes.isEmpty());
    QVERIFY(!heard.ended.first());
    QCOMPARE(heard.ended.first().error().kind, ErrorKind::NotFound);
    QCOMPARE(heard.ended.first().error().detail, QStringLiteral("HTTP 410\nexpired"));
}

void TestNetworkHttpStream::silenceEndsAStream()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\nhello", Then::Silence, {}, {}});
    HttpRequest quiet = request();
    quiet.timeout = 100ms;
    const auto stream = m_http->stream(quiet);
    Heard heard(stream.get());
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(!heard.ended.first());
    QCOMPARE(heard.ended.first().error().kind, ErrorKind::TimedOut);
    QCOMPARE(heard.bytes, QByteArray("hello"));
}

void TestNetworkHttpStream::deletingItClosesTheConnection()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\nhello", Then::Silence, {}, {}});
    auto stream = m_http->stream(request());
    Heard heard(stream.get());
    QTRY_COMPARE(heard.bytes, QByteArray("hello"));
    QCOMPARE(m_server->open(), 1);
    stream.reset();
    QTRY_COMPARE(m_server->open(), 0);
    QVERIFY(heard.ended.isEmpty());
}

void TestNetworkHttpStream::deletingItFromItsOwnSignalIsSafe()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\nhello", Then::Silence, {}, {}});
    auto stream = m_http->stream(request());
    connect(stream.get(), &HttpStream::bytesArrived, this, [&] { stream.reset(); });
    QTRY_VERIFY(!stream);
    QTRY_COMPARE(m_server->open(), 0);
}

void TestNetworkHttpStream::deletingTheClientFromASignalEndsTheStream()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\nhello", Then::Silence, {}, {}});
    auto stream = m_http->stream(request());
    Heard heard(stream.get());
    connect(stream.get(), &HttpStream::bytesArrived, this, [&] { m_http.reset(); });
    QTRY_COMPARE(heard.ended.size(), 1);
    QVERIFY(!heard.ended.first());
    QCOMPARE(heard.ended.first().error().kind, ErrorKind::Cancelled);
    QTRY_COMPARE(m_server->open(), 0);
}

void TestNetworkHttpStream::moreStreamsThanConnectionsAreAllServed()
{
    m_server->answer({"HTTP/1.1 200 OK\r\n\r\nhello", Then::Silence, {}, {}});
    std::vector<std::unique_ptr<HttpStream>> streams;
    int heard = 0;
    for (int i = 0; i < 9; ++i) {
        streams.push_back(m_http->stream(request()));
        connect(streams.back().get(), &HttpStream::started, this, [&] { ++heard; });
    }
    QTRY_COMPARE(heard, 9);
}

QTEST_GUILESS_MAIN(TestNetworkHttpStream)
#include "networkhttpstream.moc"

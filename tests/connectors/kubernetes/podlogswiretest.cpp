// Over real sockets: a log whose connection is cut in the middle of a line, or says no more.
#include "connectors/http/networkhttp.h"
#include "connectors/kubernetes/podlogs.h"
#include "support/fakecredential.h"
#include "support/rawserver.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

using Then = RawServer::Answer::Then;

const QByteArray head
    = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n";

QByteArray chunk(const QByteArray &bytes)
{
    return QByteArray::number(bytes.size(), 16) + "\r\n" + bytes + "\r\n";
}

const QByteArray one = "2026-11-24T13:30:00.100000001Z one\n";
const QByteArray two = "2026-11-24T13:30:01.200000002Z two\n";
const QByteArray three = "2026-11-24T13:30:02.300000003Z three\n";

/// The log of a pod behind real HTTP, and what comes of it.
struct Follower
{
    explicit Follower(const QUrl &server,
                      std::chrono::milliseconds silence = PodLogs::longestSilence)
        : http(settingsFor(server), none, clock), api(http, clock, server),
          logs(api, clock, track, QStringLiteral("production"), silence),
          log(logs.open(PodLog{track, QStringLiteral("web-1"), {}})),
          told(log.get(), &LogStream::reconnected), ended(log.get(), &LogStream::ended)
    {
        QObject::connect(log.get(), &LogStream::bytesArrived, log.get(),
                         [this](const QByteArray &bytes) { text += bytes; });
    }
    static NetworkHttp::Settings settingsFor(const QUrl &server)
    {
        NetworkHttp::Settings settings;
        settings.base = server;
        return settings;
    }

    const TrackName track{QStringLiteral("standalone")};
    SystemClock clock;
    FakeCredential none;
    NetworkHttp http;
    KubernetesApi api;
    PodLogs logs;
    std::unique_ptr<LogStream> log;
    QByteArray text;
    QSignalSpy told;
    QSignalSpy ended;
};

} // namespace

class PodLogsWireTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCutSocketIsTakenUpAndTold_data()
    {
        QTest::addColumn<QByteArray>("beforeTheCut");
        QTest::newRow("between two lines") << head + chunk(one + two);
        QTest::newRow("in the middle of a line") << head + chunk(one + two + three.left(34));
        QTest::newRow("in the middle of a chunk") << head + chunk(one + two + three).left(92);
    }
    void aCutSocketIsTakenUpAndTold()
    {
        QFETCH(QByteArray, beforeTheCut);
        RawServer server;
        server.answer(beforeTheCut);
        server.answer({head + chunk(two + three), Then::Silence, {}, {}});
        const Follower follower(server.url());
        QTRY_COMPARE(follower.text, one + two + three);
        QCOMPARE(follower.told.size(), 1);
        QCOMPARE(follower.ended.size(), 0);
        QCOMPARE(server.connections(), 2);
        QVERIFY(server.received.at(0).contains("tailLines=2000"));
        QVERIFY2(server.received.at(1).contains("sinceTime=2026-11-24T13:30:00Z")
                     || server.received.at(1).contains("sinceTime=2026-11-24T13%3A30%3A00Z"),
                 server.received.at(1).constData());
    }

    void aSilentSocketIsTakenUpAndTold()
    {
        RawServer server;
        server.answer({head + chunk(one + two + three.left(34)), Then::Silence, {}, {}});
        server.answer({head + chunk(one + two + three), Then::Silence, {}, {}});
        server.answer({head + chunk(two + three), Then::Silence, {}, {}});
        const Follower follower(server.url(), 400ms);
        QTRY_COMPARE(follower.text, one + two);
        QCOMPARE(follower.told.size(), 0);
        QTRY_COMPARE(follower.text, one + two + three);
        QCOMPARE(follower.told.size(), 1);
        // And again, as long as there is nothing to say.
        QTRY_VERIFY(follower.told.size() >= 3);
        QCOMPARE(follower.text, one + two + three);
        QCOMPARE(follower.ended.size(), 0);
        QVERIFY(server.received.at(0).contains("tailLines=2000"));
        QVERIFY(server.received.at(1).contains("sinceTime=2026-11-24T13"));
    }
};

QTEST_GUILESS_MAIN(PodLogsWireTest)
#include "podlogswiretest.moc"

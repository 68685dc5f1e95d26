#include "app/sandbox/http/faults.h"
#include "app/sandbox/http/router.h"
#include "app/sandbox/http/server.h"
#include "httpclient.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QLocale>
#include <QTest>

using namespace pilothouse;
using namespace pilothouse::sandbox;

class HttpTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aRequestComesWhole();
    void anAnswerMayComeLater();
    void aStreamComesInPiecesAndEnds();
    void aStreamMayBreakOff();
    void whoLeavesAStreamIsNoticed();
    void aConnectionServesSeveralRequests();
    void theDateCanBeWrong();
    void aTakenPortIsSaid();
    void aServerEndsWithOpenStreams();
    void routesAreFoundByTheirParts_data();
    void routesAreFoundByTheirParts();
    void faultsAreReadOrRefused_data();
    void faultsAreReadOrRefused();
    void aWrongFaultChangesNone();
    void faultsMeetRequests_data();
    void faultsMeetRequests();
    void slowAnswersComeLate();
    void aFaultWithACountIsUsedUp();
    void aCutStreamBreaksAtItsPiece();

private:
    HttpClient serve(Handler handler);

    std::unique_ptr<Server> m_server;
    FaultPlan m_faults;
};

void HttpTest::init()
{
    m_server.reset();
    for (const char *name : {"github", "kubernetes", "cloudrun"})
        QVERIFY(m_faults.apply(QLatin1String(name) + QLatin1String("=none")));
}

HttpClient HttpTest::serve(Handler handler)
{
    auto server = Server::listen(0, std::move(handler));
    if (!server)
        qFatal("%s", qPrintable(server.error().message));
    m_server = std::move(*server);
    return HttpClient(m_server->port());
}

void HttpTest::aRequestComesWhole()
{
    Request seen;
    const HttpClient client = serve([&seen](const ExchangePtr &exchange) {
        seen = exchange->request;
        exchange->reply(201, {{"X-Own", "yes"}}, "made");
    });
    const QByteArray body(100'000, 'b');
    const HttpAnswer answer
        = client.call("POST", QStringLiteral("/a%20b/c?x=1%2B1&y=two+words&flag=true"), body,
                      {{"X-Asked", "Really"}});
    QCOMPARE(answer.status, 201);
    QCOMPARE(answer.body, QByteArray("made"));
    QCOMPARE(answer.headers.value("x-own"), QByteArray("yes"));
    QCOMPARE(seen.method, QByteArray("POST"));
    QCOMPARE(seen.path, QStringLiteral("/a b/c"));
    QCOMPARE(seen.parameter("x"), QStringLiteral("1+1"));
    QCOMPARE(seen.parameter("y"), QStringLiteral("two words"));
    QVERIFY(seen.flag("flag"));
    QVERIFY(!seen.flag("x2"));
    QCOMPARE(seen.header("x-asked"), QByteArray("Really"));
    QCOMPARE(seen.body, body);
}

void HttpTest::anAnswerMayComeLater()
{
    ExchangePtr kept;
    const HttpClient client = serve([&kept](const ExchangePtr &exchange) {
        kept = exchange;
        QTimer::singleShot(30, qApp, [&kept] { kept->reply(200, {}, "late"); });
    });
    QCOMPARE(client.get(QStringLiteral("/")).body, QByteArray("late"));
}

void HttpTest::aStreamComesInPiecesAndEnds()
{
    ExchangePtr stream;
    const HttpClient client = serve([&stream](const ExchangePtr &exchange) {
        stream = exchange;
        exchange->begin(200, {{"Content-Type", "text/plain"}});
        exchange->write("one\n");
    });
    HttpStream reading(client, QStringLiteral("/"));
    QTRY_COMPARE(reading.answer().body, QByteArray("one\n"));
    stream->write("two\n");
    QTRY_COMPARE(reading.answer().body, QByteArray("one\ntwo\n"));
    QVERIFY(!reading.answer().complete);
    stream->end();
    QTRY_VERIFY(reading.answer().complete);
}

void HttpTest::aStreamMayBreakOff()
{
    ExchangePtr stream;
    const HttpClient client = serve([&stream](const ExchangePtr &exchange) {
        stream = exchange;
        exchange->begin(200, {});
        exchange->write("one\n");
    });
    HttpStream reading(client, QStringLiteral("/"));
    QTRY_COMPARE(reading.answer().body, QByteArray("one\n"));
    stream->cut();
    QTRY_VERIFY(reading.isClosed());
    QVERIFY(!reading.answer().complete);
}

void HttpTest::whoLeavesAStreamIsNoticed()
{
    ExchangePtr stream;
    int closed = 0;
    const HttpClient client = serve([&](const ExchangePtr &exchange) {
        stream = exchange;
        exchange->onClosed = [&closed] {
            ++closed;
        };
        exchange->begin(200, {});
        exchange->write("one\n");
    });
    {
        HttpStream reading(client, QStringLiteral("/"));
        QTRY_COMPARE(reading.answer().body, QByteArray("one\n"));
        QVERIFY(stream->isOpen());
    }
    // The first piece after the client has gone may still be taken by the system.
    QTRY_VERIFY((stream->write("more\n"), !stream->isOpen()));
    QCOMPARE(closed, 1);
}

void HttpTest::aConnectionServesSeveralRequests()
{
    int count = 0;
    const HttpClient client = serve([&count](const ExchangePtr &exchange) {
        exchange->reply(200, {}, QByteArray::number(++count));
    });
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_server->port());
    QByteArray got;
    for (int i = 1; i <= 3; ++i) {
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        const QByteArray tail = "\r\n\r\n" + QByteArray::number(i);
        QTRY_VERIFY((got += socket.readAll(), got.endsWith(tail)));
    }
    QCOMPARE(count, 3);
}

void HttpTest::theDateCanBeWrong()
{
    const HttpClient client
        = serve([](const ExchangePtr &exchange) { exchange->reply(200, {}, "x"); });
    const auto offset = [&client] {
        const QString date
            = QString::fromLatin1(client.get(QStringLiteral("/")).headers.value("date"));
        QDateTime at
            = QLocale::c().toDateTime(date.chopped(4), QStringLiteral("ddd, dd MMM yyyy HH:mm:ss"));
        at.setTimeSpec(Qt::UTC);
        return QDateTime::currentDateTimeUtc().secsTo(at);
    };
    QVERIFY(std::abs(offset()) <= 1);
    m_server->setSkew(std::chrono::seconds(90));
    QVERIFY(std::abs(offset() - 90) <= 1);
}

void HttpTest::aTakenPortIsSaid()
{
    const HttpClient client
        = serve([](const ExchangePtr &exchange) { exchange->reply(200, {}, "x"); });
    const auto second = Server::listen(m_server->port(), [](const ExchangePtr &) {});
    QVERIFY(!second);
    QCOMPARE(second.error().kind, ErrorKind::Unavailable);
    QVERIFY(second.error().message.contains(QString::number(m_server->port())));
}

void HttpTest::aServerEndsWithOpenStreams()
{
    const HttpClient client = serve([](const ExchangePtr &exchange) {
        exchange->begin(200, {});
        exchange->write("one\n");
    });
    HttpStream reading(client, QStringLiteral("/"));
    QTRY_COMPARE(reading.answer().body, QByteArray("one\n"));
    m_server.reset();
    QTRY_VERIFY(reading.isClosed());
}

void HttpTest::routesAreFoundByTheirParts_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QStringList>("parts");
    const auto outcome = [](Router::Outcome value) {
        return static_cast<int>(value);
    };
    QTest::newRow("a part in braces takes one part")
        << QByteArray("GET") << QStringLiteral("/runs/7/jobs") << outcome(Router::Outcome::Routed)
        << QStringList{QStringLiteral("7")};
    QTest::newRow("a star takes the rest")
        << QByteArray("GET") << QStringLiteral("/files/a/b") << outcome(Router::Outcome::Routed)
        << QStringList{QStringLiteral("a/b")};
    QTest::newRow("one part too many is no match")
        << QByteArray("GET") << QStringLiteral("/runs/7/jobs/8")
        << outcome(Router::Outcome::NoSuchPath) << QStringList();
    QTest::newRow("another method is told apart")
        << QByteArray("DELETE") << QStringLiteral("/runs/7/jobs")
        << outcome(Router::Outcome::NoSuchMethod) << QStringList();
}

void HttpTest::routesAreFoundByTheirParts()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(int, outcome);
    QFETCH(QStringList, parts);
    Router router;
    QStringList taken;
    const auto keep = [&taken](const ExchangePtr &, const QStringList &found) {
        taken = found;
    };
    router.add("GET", QStringLiteral("/runs/{run}/jobs"), keep);
    router.add("GET", QStringLiteral("/files/{rest*}"), keep);
    Request request;
    request.method = method;
    const auto exchange = std::make_shared<Exchange>(request);
    QCOMPARE(static_cast<int>(router.route(exchange, path)), outcome);
    QCOMPARE(taken, parts);
}

void HttpTest::faultsAreReadOrRefused_data()
{
    QTest::addColumn<QString>("spec");
    QTest::addColumn<QString>("complaint");
    QTest::newRow("one fault") << QStringLiteral("github=401") << QString();
    QTest::newRow("several, with amounts and counts")
        << QStringLiteral("kubernetes=slow:200,cloudrun=409*2,github=skew:-30") << QString();
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("an unknown server is named")
        << QStringLiteral("gitlab=401") << QStringLiteral("gitlab=401");
    QTest::newRow("an unknown kind is named")
        << QStringLiteral("github=418") << QStringLiteral("418");
    QTest::newRow("no kind") << QStringLiteral("github") << QStringLiteral("github");
}

void HttpTest::faultsAreReadOrRefused()
{
    QFETCH(QString, spec);
    QFETCH(QString, complaint);
    FaultPlan plan;
    const auto applied = plan.apply(spec);
    QCOMPARE(applied.has_value(), complaint.isEmpty());
    if (!applied)
        QVERIFY2(applied.error().message.contains(complaint), qPrintable(applied.error().message));
}

void HttpTest::aWrongFaultChangesNone()
{
    FaultPlan plan;
    QVERIFY(!plan.apply(QStringLiteral("github=401,github=nonsense")));
    QVERIFY(plan.of(QStringLiteral("github")).isEmpty());
    QVERIFY(plan.apply(QStringLiteral("prometheus=lost")));
    QVERIFY(plan.isLost(QStringLiteral("prometheus")));
    QVERIFY(plan.apply(QStringLiteral("prometheus=none")));
    QVERIFY(!plan.isLost(QStringLiteral("prometheus")));
}

void HttpTest::faultsMeetRequests_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("whole");
    QTest::newRow("none: all is well")
        << QStringLiteral("none") << QByteArray("GET") << 200 << true;
    QTest::newRow("5xx") << QStringLiteral("5xx") << QByteArray("GET") << 503 << true;
    QTest::newRow("401") << QStringLiteral("401") << QByteArray("GET") << 401 << true;
    QTest::newRow("429") << QStringLiteral("429") << QByteArray("GET") << 429 << true;
    QTest::newRow("403 meets writes")
        << QStringLiteral("403") << QByteArray("PATCH") << 403 << true;
    QTest::newRow("409 meets writes")
        << QStringLiteral("409") << QByteArray("PATCH") << 409 << true;
    QTest::newRow("409 lets reads through")
        << QStringLiteral("409") << QByteArray("GET") << 200 << true;
    QTest::newRow("410 meets reads") << QStringLiteral("410") << QByteArray("GET") << 410 << true;
    QTest::newRow("malformed: JSON ends too early")
        << QStringLiteral("malformed") << QByteArray("GET") << 200 << false;
    QTest::newRow("cut: the answer breaks off")
        << QStringLiteral("cut") << QByteArray("GET") << 200 << false;
    QTest::newRow("lost: no answer") << QStringLiteral("lost") << QByteArray("GET") << 0 << false;
}

void HttpTest::faultsMeetRequests()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, method);
    QFETCH(int, status);
    QFETCH(bool, whole);
    QVERIFY(m_faults.apply(QLatin1String("github=") + kind));
    const QByteArray body = R"({"answer":"long enough to be broken in the middle"})";
    const HttpClient client = serve(m_faults.wrap(
        QStringLiteral("github"),
        [&body](const ExchangePtr &exchange) { exchange->reply(200, {}, body); },
        [](const ExchangePtr &exchange, int code) { exchange->reply(code, {}, "{}"); }));
    const HttpAnswer answer = client.call(method, QStringLiteral("/x"));
    QCOMPARE(answer.status, status);
    if (status == 200)
        QCOMPARE(answer.body == body, whole);
    QCOMPARE(answer.complete, kind != QLatin1String("cut") && kind != QLatin1String("lost"));
}

void HttpTest::slowAnswersComeLate()
{
    QVERIFY(m_faults.apply(QStringLiteral("github=slow:120")));
    const HttpClient client = serve(m_faults.wrap(
        QStringLiteral("github"),
        [](const ExchangePtr &exchange) { exchange->reply(200, {}, "x"); },
        [](const ExchangePtr &, int) {}));
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(client.get(QStringLiteral("/")).status, 200);
    QVERIFY(timer.elapsed() >= 118);
}

void HttpTest::aFaultWithACountIsUsedUp()
{
    QVERIFY(m_faults.apply(QStringLiteral("github=5xx*2")));
    const HttpClient client = serve(m_faults.wrap(
        QStringLiteral("github"),
        [](const ExchangePtr &exchange) { exchange->reply(200, {}, "x"); },
        [](const ExchangePtr &exchange, int code) { exchange->reply(code, {}, "{}"); }));
    QList<int> statuses;
    for (int i = 0; i < 3; ++i)
        statuses.append(client.get(QStringLiteral("/")).status);
    QCOMPARE(statuses, (QList<int>{503, 503, 200}));
}

void HttpTest::aCutStreamBreaksAtItsPiece()
{
    QVERIFY(m_faults.apply(QStringLiteral("kubernetes=cut:2")));
    const HttpClient client = serve(m_faults.wrap(
        QStringLiteral("kubernetes"),
        [](const ExchangePtr &exchange) {
            exchange->begin(200, {});
            for (const char *piece : {"piece one\n", "piece two\n", "piece three\n"})
                exchange->write(piece);
            exchange->end();
        },
        [](const ExchangePtr &, int) {}));
    const HttpAnswer answer = client.get(QStringLiteral("/"));
    QVERIFY(!answer.complete);
    QCOMPARE(answer.body, QByteArray("piece one\npiece"));
}

QTEST_GUILESS_MAIN(HttpTest)
#include "httptest.moc"

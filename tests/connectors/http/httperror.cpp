#include "connectors/http/httperror.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime ourNow(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);

QDateTime at(int hour, int minute, int second)
{
    return QDateTime(QDate(2026, 11, 24), QTime(hour, minute, second), Qt::UTC);
}

} // namespace

class TestHttpError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void retryTimeIsToldByOurClock_data();
    void retryTimeIsToldByOurClock();
    void detailKeepsStatusAndBody();
    void nextPageOfLink_data();
    void nextPageOfLink();
};

void TestHttpError::retryTimeIsToldByOurClock_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<QDateTime>("expected");
    QTest::newRow("429 with seconds")
        << 429 << QByteArray("retry-after") << QByteArray("30") << QByteArray() << at(13, 30, 30);
    QTest::newRow("403 with seconds")
        << 403 << QByteArray("retry-after") << QByteArray("60") << QByteArray() << at(13, 31, 0);
    QTest::newRow("429 with a date, no server clock known")
        << 429 << QByteArray("retry-after") << QByteArray("Tue, 24 Nov 2026 13:32:00 GMT")
        << QByteArray() << at(13, 32, 0);
    QTest::newRow("429 with a date, the server two minutes ahead")
        << 429 << QByteArray("retry-after") << QByteArray("Tue, 24 Nov 2026 13:34:00 GMT")
        << QByteArray("Tue, 24 Nov 2026 13:32:00 GMT") << at(13, 32, 0);
    QTest::newRow("429 that says nothing")
        << 429 << QByteArray("x") << QByteArray("y") << QByteArray() << QDateTime();
    QTest::newRow("429 with nonsense")
        << 429 << QByteArray("retry-after") << QByteArray("soon") << QByteArray() << QDateTime();
}

void TestHttpError::retryTimeIsToldByOurClock()
{
    QFETCH(int, status);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, date);
    QFETCH(QDateTime, expected);
    HttpHeaders headers{{name, value}};
    if (!date.isEmpty())
        headers.emplace_back("date", date);
    const Error error = statusError(QStringLiteral("Beacon"), status, headers, {}, ourNow);
    QCOMPARE(error.kind, ErrorKind::RateLimited);
    QCOMPARE(error.retryAt.value_or(QDateTime()), expected);
    if (expected.isValid())
        QVERIFY(
            error.message.contains(expected.toLocalTime().toString(QStringLiteral("HH:mm:ss"))));

    HttpHeaders reset{{"x-ratelimit-remaining", "0"},
                      {"x-ratelimit-reset", QByteArray::number(at(14, 0, 0).toSecsSinceEpoch())}};
    const Error limited = statusError(QStringLiteral("Beacon"), 403, reset, {}, ourNow);
    QCOMPARE(limited.kind, ErrorKind::RateLimited);
    QCOMPARE(limited.retryAt.value_or(QDateTime()), at(14, 0, 0));
}

void TestHttpError::detailKeepsStatusAndBody()
{
    const QByteArray body = R"({"status":"error","error":"parse error"})";
    const Error error = statusError(QStringLiteral("Beacon"), 400, {}, body, ourNow);
    QCOMPARE(statusOf(error), 400);
    QCOMPARE(bodyOf(error), body);
    QCOMPARE(error.message,
             QStringLiteral("Beacon does not accept the request (400). It says: parse error."));

    const Error large
        = statusError(QStringLiteral("Beacon"), 500, {}, QByteArray(9000, 'x'), ourNow);
    QCOMPARE(bodyOf(large).size(), 2000);

    const Error own{ErrorKind::TimedOut, QStringLiteral("m"), QStringLiteral("https://x"), {}};
    QCOMPARE(statusOf(own), 0);
    QVERIFY(bodyOf(own).isEmpty());
}

void TestHttpError::nextPageOfLink_data()
{
    QTest::addColumn<QByteArray>("link");
    QTest::addColumn<QString>("next");
    QTest::newRow("none") << QByteArray() << QString();
    QTest::newRow("only next") << QByteArray("<https://a/x?page=2>; rel=\"next\"")
                               << QStringLiteral("https://a/x?page=2");
    QTest::newRow("a comma in the address")
        << QByteArray("<https://a/x?labels=a,b&page=2>; rel=\"next\", <https://a/>; rel=\"last\"")
        << QStringLiteral("https://a/x?labels=a,b&page=2");
    QTest::newRow("the last page has only prev and first")
        << QByteArray("<https://a/x?page=1>; rel=\"prev\", <https://a/x?page=1>; rel=\"first\"")
        << QString();
    QTest::newRow("nonsense") << QByteArray("<<<") << QString();
}

void TestHttpError::nextPageOfLink()
{
    QFETCH(QByteArray, link);
    QFETCH(QString, next);
    HttpResponse response;
    response.headers.emplace_back("link", link);
    QCOMPARE(response.nextPage(), QUrl(next));
}

QTEST_GUILESS_MAIN(TestHttpError)
#include "httperror.moc"

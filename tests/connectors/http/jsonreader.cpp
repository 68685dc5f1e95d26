#include "connectors/http/jsonreader.h"

#include <QTest>

using namespace pilothouse;

namespace {

JsonReader readerOf(const QByteArray &json)
{
    const auto reader = JsonReader::parse(json, QStringLiteral("Beacon"));
    if (!reader)
        qFatal("the test's own JSON is wrong");
    return *reader;
}

/// The problem after reading, without the sentence around it.
QString problemOf(const JsonReader &reader)
{
    const auto error = reader.problem();
    return error ? error->detail : QString();
}

} // namespace

class TestJsonReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void integersAreExact_data();
    void integersAreExact();
    void theFirstProblemIsNamedWithItsPath();
    void absentAndNullAreTheSame();
    void everyKindComplains_data();
    void everyKindComplains();
    void timesAreUtc_data();
    void timesAreUtc();
    void whatIsNotJsonIsToldSo();
};

void TestJsonReader::integersAreExact_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<qint64>("value");
    QTest::addColumn<QString>("problem");
    QTest::newRow("beyond what a double holds")
        << QByteArray("9007199254740993") << Q_INT64_C(9007199254740993) << QString();
    QTest::newRow("the largest") << QByteArray("9223372036854775807")
                                 << std::numeric_limits<qint64>::max() << QString();
    QTest::newRow("a string of digits, as Google writes int64")
        << QByteArray("\"9007199254740993\"") << Q_INT64_C(9007199254740993) << QString();
    QTest::newRow("zero") << QByteArray("0") << qint64(0) << QString();
    QTest::newRow("one") << QByteArray("1") << qint64(1) << QString();
    QTest::newRow("a whole number written with a point")
        << QByteArray("3.0") << qint64(3) << QString();
    QTest::newRow("a fraction") << QByteArray("1.5") << qint64(0)
                                << QStringLiteral("id: expected an integer");
    QTest::newRow("beyond 64 bits") << QByteArray("92233720368547758080") << qint64(0)
                                    << QStringLiteral("id: expected an integer");
    QTest::newRow("a word") << QByteArray("\"seven\"") << qint64(0)
                            << QStringLiteral("id: expected an integer");
    QTest::newRow("null") << QByteArray("null") << qint64(0)
                          << QStringLiteral("id: expected an integer");
}

void TestJsonReader::integersAreExact()
{
    QFETCH(QByteArray, json);
    QFETCH(qint64, value);
    QFETCH(QString, problem);
    const JsonReader reader = readerOf("{\"id\":" + json + "}");
    QCOMPARE(reader.integer("id"), value);
    QCOMPARE(problemOf(reader), problem);
}

void TestJsonReader::theFirstProblemIsNamedWithItsPath()
{
    const JsonReader reader
        = readerOf(R"({"jobs":[{"id":1},{"id":2},{"id":3},{"id":"x"},{"id":[]}]})");
    QList<qint64> ids;
    for (const JsonReader &job : reader.items("jobs"))
        ids.append(job.integer("id"));
    const auto result = reader.finish(ids);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, ErrorKind::Malformed);
    QCOMPARE(result.error().message,
             QStringLiteral("Beacon gave an answer that cannot be read: jobs[3].id: expected an "
                            "integer."));
}

void TestJsonReader::absentAndNullAreTheSame()
{
    const JsonReader reader = readerOf(R"({"a":null})");
    for (const char *key : {"a", "b"}) {
        QVERIFY(!reader.has(key));
        QVERIFY(!reader.find(key));
        QCOMPARE(reader.stringOr(key, QStringLiteral("x")), QStringLiteral("x"));
        QCOMPARE(reader.integerOr(key, 7), qint64(7));
        QVERIFY(reader.itemsIfAny(key).isEmpty());
        QVERIFY(reader.strings(key).isEmpty());
        QVERIFY(!reader.time(key).isValid());
        QVERIFY(!reader.flag(key));
    }
    QCOMPARE(problemOf(reader), QString());
    QCOMPARE(reader.finish(5).value(), 5);
}

void TestJsonReader::everyKindComplains_data()
{
    QTest::addColumn<QString>("getter");
    QTest::addColumn<QString>("problem");
    QTest::newRow("string") << QStringLiteral("string") << QStringLiteral("a: expected a string");
    QTest::newRow("number") << QStringLiteral("number") << QStringLiteral("a: expected a number");
    QTest::newRow("child") << QStringLiteral("child") << QStringLiteral("a: expected an object");
    QTest::newRow("items") << QStringLiteral("items") << QStringLiteral("a: expected an array");
    QTest::newRow("flag") << QStringLiteral("flag") << QStringLiteral("a: expected true or false");
    QTest::newRow("strings") << QStringLiteral("strings")
                             << QStringLiteral("a: expected an object");
}

void TestJsonReader::everyKindComplains()
{
    QFETCH(QString, getter);
    QFETCH(QString, problem);
    // No getter takes what is right for another one.
    const JsonReader reader
        = readerOf(getter == QLatin1String("string") ? R"({"a":1})" : R"({"a":"text"})");
    if (getter == QLatin1String("string"))
        (void)reader.string("a");
    else if (getter == QLatin1String("number"))
        (void)reader.number("a");
    else if (getter == QLatin1String("child"))
        (void)reader.child("a").stringOr("b");
    else if (getter == QLatin1String("items"))
        (void)reader.items("a");
    else if (getter == QLatin1String("flag"))
        (void)reader.flag("a");
    else
        (void)reader.strings("a");
    QCOMPARE(problemOf(reader), problem);
}

void TestJsonReader::timesAreUtc_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QDateTime>("time");
    const QDateTime expected(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);
    QTest::newRow("Z") << QByteArray("2026-11-24T13:30:00Z") << expected;
    QTest::newRow("an offset") << QByteArray("2026-11-24T14:30:00+01:00") << expected;
    QTest::newRow("nanoseconds") << QByteArray("2026-11-24T13:30:00.123456789Z")
                                 << expected.addMSecs(123);
    QTest::newRow("empty") << QByteArray() << QDateTime();
}

void TestJsonReader::timesAreUtc()
{
    QFETCH(QByteArray, text);
    QFETCH(QDateTime, time);
    const JsonReader reader = readerOf("{\"at\":\"" + text + "\"}");
    QCOMPARE(reader.time("at"), time);
    QCOMPARE(problemOf(reader), QString());
    QVERIFY(!time.isValid() || reader.time("at").timeSpec() == Qt::UTC);
}

void TestJsonReader::whatIsNotJsonIsToldSo()
{
    const auto reader = JsonReader::parse("<html>Sign in</html>", QStringLiteral("Beacon"));
    QVERIFY(!reader);
    QCOMPARE(reader.error().kind, ErrorKind::Malformed);
    QVERIFY(reader.error().message.startsWith(
        QStringLiteral("Beacon answered with something that is not JSON.")));
    QVERIFY(reader.error().detail.contains(QStringLiteral("<html>")));
}

QTEST_GUILESS_MAIN(TestJsonReader)
#include "jsonreader.moc"

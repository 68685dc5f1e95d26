#include "logs/errors/errortally.h"

#include <QTest>

using namespace pilothouse;

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(14, 34, 0), Qt::UTC);

QByteArray errorAt(int second, const char *words = "pool is empty")
{
    return now.addSecs(second - 60).toString(Qt::ISODateWithMs).toUtf8()
           + " 14:33:18.118 ERROR api.search " + words + '\n';
}

} // namespace

class TestErrorTally : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void onlyErrorsCount()
    {
        ErrorTally tally;
        tally.take("2026-11-24T14:33:10.402Z 14:33:10.402 INFO api.search GET /search 200\n"
                   "2026-11-24T14:33:13.377Z 14:33:13.377 WARN db.pool 18 of 20 in use\n",
                   now);
        QCOMPARE(tally.count(), 0);
        tally.take("2026-11-24T14:33:18.118Z 14:33:18.118 ERROR api.search GET /search 503\n", now);
        QCOMPARE(tally.count(), 1);
        QCOMPARE(tally.newest().at,
                 QDateTime(QDate(2026, 11, 24), QTime(14, 33, 18, 118), Qt::UTC));
        QCOMPARE(tally.newest().text,
                 QStringLiteral("14:33:18.118 ERROR api.search GET /search 503"));
    }

    void theNewestOneIsKeptAndTheFirstTime()
    {
        ErrorTally tally;
        tally.take(errorAt(1, "one") + errorAt(2, "two") + errorAt(3, "three"), now);
        QCOMPARE(tally.count(), 3);
        QVERIFY(tally.newest().text.endsWith(QLatin1String("three")));
        QCOMPARE(tally.first(), now.addSecs(1 - 60));
        QCOMPARE(tally.lastStamp(), now.addSecs(3 - 60));
    }

    void aLineMayComeInPieces()
    {
        ErrorTally tally;
        const QByteArray line = errorAt(1);
        for (const char byte : line)
            tally.take(QByteArray(1, byte), now);
        QCOMPARE(tally.count(), 1);
        QVERIFY(tally.newest().text.endsWith(QLatin1String("pool is empty")));
    }

    void theLastMinuteForgetsWhatIsOlder()
    {
        ErrorTally tally;
        for (int second = 0; second < 60; ++second)
            tally.take(errorAt(second) + errorAt(second), now);
        QCOMPARE(tally.inLastMinute(now.addSecs(-1)), 120);
        QCOMPARE(tally.inLastMinute(now.addSecs(29)), 60);
        QCOMPARE(tally.inLastMinute(now.addSecs(60)), 0);
        QCOMPARE(tally.count(), 120);
    }

    void aSecondOfTheNextMinuteTakesTheOldOnesPlace()
    {
        ErrorTally tally;
        tally.take(errorAt(5) + errorAt(65), now);
        QCOMPARE(tally.inLastMinute(now.addSecs(10)), 1);
        // One that comes late counts for its own minute, which is over.
        tally.take(errorAt(5), now);
        QCOMPARE(tally.inLastMinute(now.addSecs(10)), 1);
        QCOMPARE(tally.count(), 3);
    }

    void aLineWithoutAStampIsOfNow()
    {
        ErrorTally tally;
        tally.take("ERROR out of memory\n", now);
        QCOMPARE(tally.newest().at, now);
        QCOMPARE(tally.inLastMinute(now), 1);
    }

    void aLineWithoutAnEndTakesNoMemory()
    {
        ErrorTally tally;
        tally.take("2026-11-24T14:33:18.118Z ERROR begins", now);
        const QByteArray much(1 << 20, 'x');
        for (int i = 0; i < 32; ++i)
            tally.take(much, now);
        tally.take("\n", now);
        QCOMPARE(tally.count(), 1);
        QVERIFY(tally.newest().text.startsWith(QLatin1String("ERROR begins")));
        QVERIFY2(tally.newest().text.size() <= qsizetype(64) * 1024,
                 qPrintable(QString::number(tally.newest().text.size())));
        tally.take(errorAt(1), now);
        QCOMPARE(tally.count(), 2);
        QVERIFY(tally.newest().text.endsWith(QLatin1String("pool is empty")));
    }

    void aTokenInAnErrorIsMasked()
    {
        ErrorTally tally;
        tally.take("ERROR no answer for Authorization: Bearer abcdefghijklmnop0123456789\n", now);
        QVERIFY2(!tally.newest().text.contains(QLatin1String("abcdefghijklmnop")),
                 qPrintable(tally.newest().text));
    }

    void theMessageIsWhatAPersonReadsFirst_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("message");
        QTest::newRow("python")
            << QStringLiteral("14:33:18.118 ERROR api.search GET /search 503 151ms "
                              "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 5 "
                              "reached, connection timed out, timeout 0.15 (Background on this "
                              "error at: https://sqlalche.me/e/20/3o7r)")
            << QStringLiteral("QueuePool limit of size 5 overflow 5 reached, connection timed out, "
                              "timeout 0.15");
        QTest::newRow("level") << QStringLiteral("ERROR disk is full")
                               << QStringLiteral("disk is full");
        QTest::newRow("time and level")
            << QStringLiteral("14:33:18 FATAL: no memory") << QStringLiteral("no memory");
        QTest::newRow("the innermost")
            << QStringLiteral("java.lang.RuntimeException: java.io.IOException: broken pipe")
            << QStringLiteral("broken pipe");
        QTest::newRow("nothing behind it") << QStringLiteral("ERROR") << QStringLiteral("ERROR");
        QTest::newRow("only a remark")
            << QStringLiteral("E   ValueError: (nothing)") << QStringLiteral("(nothing)");
        QTest::newRow("none of these")
            << QStringLiteral("2 FAILED, 3 passed") << QStringLiteral("2 FAILED, 3 passed");
    }

    void theMessageIsWhatAPersonReadsFirst()
    {
        QFETCH(QString, text);
        QFETCH(QString, message);
        QCOMPARE(errorMessage(text), message);
    }
};

QTEST_GUILESS_MAIN(TestErrorTally)
#include "testerrortally.moc"

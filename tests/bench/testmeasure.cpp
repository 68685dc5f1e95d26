#include "bench/measure.h"

#include <QTest>

using namespace pilothouse;

class TestMeasure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRowIsOneJsonObjectOnOneLine()
    {
        const QByteArray row = bench::rowOf("logs", "index\na file", "read \"it\"",
                                            {{QStringLiteral("bytes"), 1 << 20}}, {3.0, 1.5});
        QVERIFY(!row.contains('\n'));
        const QJsonObject read = QJsonDocument::fromJson(row).object();
        QCOMPARE(
            read.keys(),
            (QStringList{QStringLiteral("anchor"), QStringLiteral("anchor_seconds"),
                         QStringLiteral("bench"), QStringLiteral("bytes"), QStringLiteral("ratio"),
                         QStringLiteral("seconds"), QStringLiteral("what")}));
        QCOMPARE(read[QStringLiteral("bench")].toString(), QStringLiteral("logs"));
        QCOMPARE(read[QStringLiteral("what")].toString(), QStringLiteral("index\na file"));
        QCOMPARE(read[QStringLiteral("bytes")].toInt(), 1 << 20);
        QCOMPARE(read[QStringLiteral("ratio")].toDouble(), 2.0);
    }

    void withoutAnAnchorThereIsNoRatio() { QCOMPARE((bench::Pair{3.0, 0}).ratio(), 0.0); }

    void workAndAnchorTakeTurnsAndTheMedianCounts()
    {
        QByteArray turns;
        (void)bench::measure(
            3, [&] { turns += 'w'; }, [&] { turns += 'a'; });
        QCOMPARE(turns, QByteArray("awawaw"));
        QCOMPARE(bench::medianOf({9, 1, 2}), 2.0);
    }
};

QTEST_GUILESS_MAIN(TestMeasure)
#include "testmeasure.moc"

#include "rollout/analysis/projection.h"

#include <QtTest>

using namespace pilothouse;

namespace {

Check scaled()
{
    Check check;
    check.name = QStringLiteral("connections held");
    check.unit = QStringLiteral("s");
    check.scales = Scaling::WithWeight;
    check.fills = QStringLiteral("the pool");
    return check;
}

CheckResult inUse(std::optional<double> share, Verdict verdict = Verdict::Pass)
{
    CheckResult result;
    result.verdict = verdict;
    result.saturation = share;
    return result;
}

} // namespace

class TestProjection : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theShareGrowsWithTheWeight_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<int>("now");
        QTest::addColumn<int>("to");
        QTest::addColumn<double>("projected");
        QTest::addColumn<QString>("sentence");
        // 0.348 s held, 12 requests a second, 20 connections.
        QTest::newRow("the bad release") << 0.348 * 12 / 20 << 10 << 50 << 1.044
                                         << QStringLiteral("at 50 % this would be 104 % of the "
                                                           "pool");
        QTest::newRow("the good release") << 0.040 * 12 / 20 << 10 << 50 << 0.12
                                          << QStringLiteral("at 50 % this would be 12 % of the "
                                                            "pool");
        QTest::newRow("all of the traffic") << 0.5 << 50 << 100 << 1.0
                                            << QStringLiteral("at 100 % this would be 100 % of the "
                                                              "pool");
        QTest::newRow("almost full is not said to be full")
            << 0.1999 << 10 << 50 << 0.9995
            << QStringLiteral("at 50 % this would be 99 % of the pool");
        QTest::newRow("nothing stays nothing")
            << 0.0 << 10 << 50 << 0.0 << QStringLiteral("at 50 % this would be 0 % of the pool");
    }
    void theShareGrowsWithTheWeight()
    {
        QFETCH(double, share);
        QFETCH(int, now);
        QFETCH(int, to);
        QFETCH(double, projected);
        QFETCH(QString, sentence);
        const auto next = pilothouse::projected(scaled(), inUse(share), Weight{now}, Weight{to});
        QVERIFY(next && next->share);
        QVERIFY(qAbs(*next->share - projected) < 1e-12);
        QCOMPARE(next->sentence, sentence);
        QCOMPARE(next->isFull(), projected >= 1);
    }

    void whatIsNotKnownIsNotProjected_data()
    {
        QTest::addColumn<std::optional<double>>("share");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("no share") << std::optional<double>() << Verdict::Pass;
        QTest::newRow("a judgement without data") << std::optional<double>(0.1) << Verdict::NoData;
    }
    void whatIsNotKnownIsNotProjected()
    {
        QFETCH(std::optional<double>, share);
        QFETCH(Verdict, verdict);
        const auto next = projected(scaled(), inUse(share, verdict), Weight{10}, Weight{50});
        QVERIFY(next);
        QVERIFY(!next->share && !next->isFull());
        QCOMPARE(
            next->sentence,
            QStringLiteral("how much of the pool it would take at 50 % is not known: no data"));
    }

    void thereIsNothingToProject()
    {
        Check fixed = scaled();
        fixed.scales = Scaling::Fixed;
        QVERIFY(!projected(fixed, inUse(0.2), Weight{10}, Weight{50}));
        QVERIFY(!projected(scaled(), inUse(0.2), Weight{0}, Weight{10}));
        QVERIFY(!projected(scaled(), inUse(0.2), Weight{50}, Weight{50}));
        QVERIFY(!projected(scaled(), inUse(0.2), Weight{50}, Weight{10}));
    }
};

QTEST_GUILESS_MAIN(TestProjection)

#include "testprojection.moc"

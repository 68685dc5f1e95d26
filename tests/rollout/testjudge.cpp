#include "rollout/analysis/judge.h"

#include <QtTest>

#include <limits>

using namespace pilothouse;

namespace {

const SeriesNames names{QStringLiteral("version"), QStringLiteral("stable"),
                        QStringLiteral("candidate")};
const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'800'000'000'000, Qt::UTC);
const double notANumber = std::numeric_limits<double>::quiet_NaN();
const double inf = std::numeric_limits<double>::infinity();

Series series(const QString &version, const QList<double> &values)
{
    Series made;
    made.labels.insert(names.label, version);
    for (int i = 0; i < values.size(); ++i)
        made.samples.append({start.addSecs(i).toMSecsSinceEpoch(), values[i]});
    return made;
}

/// Ten seconds of one sample a second; an empty list is a series that is not there.
CheckResult judged(const Check &check, const QList<double> &stable, const QList<double> &candidate)
{
    SeriesSet set;
    set.step = std::chrono::seconds(1);
    if (!stable.isEmpty())
        set.series.append(series(names.stable, stable));
    if (!candidate.isEmpty())
        set.series.append(series(names.candidate, candidate));
    return judge(check, names, set, start, start.addSecs(9));
}

Check limited(double max, int minSamples = 5)
{
    Check check;
    check.name = QStringLiteral("error ratio");
    check.unit = QStringLiteral("ratio");
    check.max = max;
    check.critical = true;
    check.minSamples = minSamples;
    return check;
}

Check compared()
{
    Check check;
    check.name = QStringLiteral("connections held");
    check.unit = QStringLiteral("s");
    return check;
}

QList<double> ten(double value)
{
    return QList<double>(10, value);
}

QList<double> tenButLast(double value, double last)
{
    QList<double> values = ten(value);
    values.last() = last;
    return values;
}

CheckResult row(Verdict verdict, bool needed)
{
    CheckResult result;
    result.verdict = verdict;
    if (needed)
        result.limit = 1;
    return result;
}

} // namespace

class TestJudge : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aCheckWithALimit_data()
    {
        QTest::addColumn<QList<double>>("candidate");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("within the limit passes") << ten(0.002) << Verdict::Pass;
        QTest::newRow("at the limit passes") << ten(0.01) << Verdict::Pass;
        QTest::newRow("over the limit fails") << ten(0.044) << Verdict::Fail;
        QTest::newRow("one bad newest sample fails") << tenButLast(0.002, 0.02) << Verdict::Fail;
        QTest::newRow("good again after a bad stretch is marginal")
            << tenButLast(0.05, 0.002) << Verdict::Marginal;
        QTest::newRow("one bad sample long ago passes")
            << (QList<double>{0.9} + QList<double>(9, 0.002)) << Verdict::Pass;
        QTest::newRow("zero passes") << ten(0) << Verdict::Pass;
        QTest::newRow("no series is no data") << QList<double>() << Verdict::NoData;
        QTest::newRow("only NaN is no data") << ten(notANumber) << Verdict::NoData;
        QTest::newRow("only infinite is no data") << ten(inf) << Verdict::NoData;
        QTest::newRow("a newest NaN is no data")
            << tenButLast(0.002, notANumber) << Verdict::NoData;
        QTest::newRow("a newest infinite is no data, not a fail")
            << tenButLast(0.002, inf) << Verdict::NoData;
        QTest::newRow("too few samples are no data")
            << QList<double>{0.002, 0.002, 0.002} << Verdict::NoData;
        QTest::newRow("too few samples are no data though they are bad")
            << QList<double>{0.5, 0.5, 0.5} << Verdict::NoData;
        QTest::newRow("NaN samples do not count as samples")
            << QList<double>{notANumber, notANumber, notANumber, notANumber, notANumber,
                             notANumber, 0.002,      0.002,      0.002,      0.002}
            << Verdict::NoData;
    }
    void aCheckWithALimit()
    {
        QFETCH(QList<double>, candidate);
        QFETCH(Verdict, verdict);
        const CheckResult result = judged(limited(0.01), ten(0.002), candidate);
        QCOMPARE(result.verdict, verdict);
        QVERIFY(!result.sentence.isEmpty());
        QCOMPARE(result.limit, std::optional<double>(0.01));
        QVERIFY(result.critical);
    }

    void aCheckWithoutALimitIsComparedWithTheStable_data()
    {
        QTest::addColumn<QList<double>>("stable");
        QTest::addColumn<QList<double>>("candidate");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("the same passes") << ten(0.04) << ten(0.04) << Verdict::Pass;
        QTest::newRow("twice the stable still passes") << ten(0.04) << ten(0.08) << Verdict::Pass;
        QTest::newRow("348 ms against 40 ms is marginal")
            << ten(0.04) << ten(0.348) << Verdict::Marginal;
        QTest::newRow("anything against a stable of zero is marginal")
            << ten(0) << ten(0.01) << Verdict::Marginal;
        QTest::newRow("zero against zero passes") << ten(0) << ten(0) << Verdict::Pass;
        QTest::newRow("less than the stable passes") << ten(0.348) << ten(0.04) << Verdict::Pass;
        QTest::newRow("no stable series is no data")
            << QList<double>() << ten(1) << Verdict::NoData;
        QTest::newRow("a stable of NaN is no data") << ten(notANumber) << ten(1) << Verdict::NoData;
    }
    void aCheckWithoutALimitIsComparedWithTheStable()
    {
        QFETCH(QList<double>, stable);
        QFETCH(QList<double>, candidate);
        QFETCH(Verdict, verdict);
        QCOMPARE(judged(compared(), stable, candidate).verdict, verdict);
    }

    void aDecreaseCanBeBad_data()
    {
        QTest::addColumn<Direction>("direction");
        QTest::addColumn<double>("candidate");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("half as many are still well")
            << Direction::Decrease << 60.0 << Verdict::Pass;
        QTest::newRow("fewer than half are striking")
            << Direction::Decrease << 59.0 << Verdict::Marginal;
        QTest::newRow("more are well") << Direction::Decrease << 500.0 << Verdict::Pass;
        QTest::newRow("either: fewer") << Direction::Either << 59.0 << Verdict::Marginal;
        QTest::newRow("either: more") << Direction::Either << 241.0 << Verdict::Marginal;
        QTest::newRow("either: about as many") << Direction::Either << 120.0 << Verdict::Pass;
        QTest::newRow("an increase: fewer are well") << Direction::Increase << 1.0 << Verdict::Pass;
    }
    void aDecreaseCanBeBad()
    {
        QFETCH(Direction, direction);
        QFETCH(double, candidate);
        QFETCH(Verdict, verdict);
        Check check = compared();
        check.direction = direction;
        QCOMPARE(judged(check, ten(120), ten(candidate)).verdict, verdict);
    }

    void aLowerLimitFailsBelowIt_data()
    {
        QTest::addColumn<QList<double>>("candidate");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("at it") << ten(0.9) << Verdict::Pass
                               << QStringLiteral("90 % is within 90 %");
        QTest::newRow("below it") << ten(0.5) << Verdict::Fail
                                  << QStringLiteral("50 % is under 90 %, in 10 of 10 samples");
        QTest::newRow("well again")
            << tenButLast(0.5, 0.95) << Verdict::Marginal
            << QStringLiteral("95 % now, but under 90 % in 9 of 10 samples");
    }
    void aLowerLimitFailsBelowIt()
    {
        QFETCH(QList<double>, candidate);
        QFETCH(Verdict, verdict);
        QFETCH(QString, sentence);
        Check check = limited(0);
        check.max.reset();
        check.min = 0.9;
        check.direction = Direction::Decrease;
        const CheckResult result = judged(check, ten(0.95), candidate);
        QCOMPARE(result.verdict, verdict);
        QCOMPARE(result.sentence, sentence);
        QCOMPARE(result.limit, std::optional<double>(0.9));
    }

    void aCheckThatScalesTellsWhatIsInUse()
    {
        Check check = limited(0.9);
        check.scales = Scaling::WithWeight;
        check.capacity = 1;
        QCOMPARE(judged(check, ten(0.2), ten(0.25)).saturation, std::optional<double>(0.25));
        QVERIFY(!judged(check, ten(0.2), tenButLast(0.25, notANumber)).saturation);
        check.scales = Scaling::Fixed;
        QVERIFY(!judged(check, ten(0.2), ten(0.25)).saturation);
    }

    void theSaturationOfAnotherQueryIsItsNewestFreshValue()
    {
        SeriesSet set;
        set.step = std::chrono::seconds(1);
        set.series.append(series(names.candidate, tenButLast(0.1, 0.2088)));
        QCOMPARE(saturationIn(names, set, start, start.addSecs(9)), std::optional<double>(0.2088));
        QVERIFY(!saturationIn(names, set, start, start.addSecs(20)));
        QVERIFY(!saturationIn(names, {}, start, start.addSecs(9)));
    }

    void aSilentSeriesIsNoData()
    {
        SeriesSet set;
        set.step = std::chrono::seconds(1);
        set.series.append(series(names.candidate, ten(0.002)));
        const auto at = [&](int seconds) {
            return judge(limited(0.01), names, set, start, start.addSecs(seconds)).verdict;
        };
        QCOMPARE(at(9), Verdict::Pass);
        QCOMPARE(at(12), Verdict::Pass);
        QCOMPARE(at(13), Verdict::NoData);
    }

    void onlyTheWindowCounts()
    {
        SeriesSet set;
        set.step = std::chrono::seconds(1);
        set.series.append(series(names.candidate, QList<double>(5, 0.9) + QList<double>(5, 0.002)));
        const Check check = limited(0.01);
        QCOMPARE(judge(check, names, set, start.addSecs(5), start.addSecs(9)).verdict,
                 Verdict::Pass);
        QCOMPARE(judge(check, names, set, start, start.addSecs(4)).verdict, Verdict::Fail);
        QCOMPARE(judge(check, names, set, start.addSecs(5), start.addSecs(9)).samples, 5);
    }

    void anEmptyNameMatchesNoSeries()
    {
        SeriesSet set;
        set.step = std::chrono::seconds(1);
        set.series.append(series(QString(), ten(0.002)));
        const SeriesNames empty{names.label, {}, {}};
        QCOMPARE(judge(limited(0.01), empty, set, start, start.addSecs(9)).verdict,
                 Verdict::NoData);
    }

    void theNumbersOfBothSidesAreShown()
    {
        const CheckResult result = judged(limited(0.01), ten(0.002), ten(0.044));
        QCOMPARE(result.stable, std::optional<double>(0.002));
        QCOMPARE(result.candidate, std::optional<double>(0.044));
        QCOMPARE(result.samples, 10);
        QCOMPARE(result.sentence, QStringLiteral("4.4 % is over 1 %, in 10 of 10 samples"));
    }

    void theWhole_data()
    {
        QTest::addColumn<QList<CheckResult>>("rows");
        QTest::addColumn<Verdict>("verdict");
        using Rows = QList<CheckResult>;
        QTest::newRow("nothing judged is no data") << Rows() << Verdict::NoData;
        QTest::newRow("all pass") << Rows{row(Verdict::Pass, true), row(Verdict::Pass, false)}
                                  << Verdict::Pass;
        QTest::newRow("one marginal")
            << Rows{row(Verdict::Pass, true), row(Verdict::Marginal, false)} << Verdict::Marginal;
        QTest::newRow("one fail is a fail whatever else lacks data")
            << Rows{row(Verdict::NoData, true), row(Verdict::Fail, false)} << Verdict::Fail;
        QTest::newRow("no data where it is needed is never a pass")
            << Rows{row(Verdict::Pass, true), row(Verdict::NoData, true)} << Verdict::NoData;
        QTest::newRow("no data where nothing depends on it does not hide a pass")
            << Rows{row(Verdict::Pass, true), row(Verdict::NoData, false)} << Verdict::Pass;
        QTest::newRow("only a dispensable check, and it has no data: still no pass")
            << Rows{row(Verdict::NoData, false)} << Verdict::NoData;
    }
    void theWhole()
    {
        QFETCH(QList<CheckResult>, rows);
        QFETCH(Verdict, verdict);
        QCOMPARE(overall(rows), verdict);
    }

    void valuesAreReadable_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("ratio") << 0.044 << QStringLiteral("ratio") << QStringLiteral("4.4 %");
        QTest::newRow("small ratio") << 0.002 << QStringLiteral("ratio") << QStringLiteral("0.2 %");
        QTest::newRow("seconds") << 0.205 << QStringLiteral("s") << QStringLiteral("205 ms");
        QTest::newRow("rate") << 60.2 << QStringLiteral("1/s") << QStringLiteral("60 /s");
        QTest::newRow("another unit")
            << 20.0 << QStringLiteral("conn") << QStringLiteral("20 conn");
        QTest::newRow("no unit") << 1.5 << QString() << QStringLiteral("1.5");
        QTest::newRow("NaN") << notANumber << QStringLiteral("s") << QStringLiteral("no data");
    }
    void valuesAreReadable()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        QCOMPARE(measureText(value, unit), text);
    }
};

QTEST_GUILESS_MAIN(TestJudge)

#include "testjudge.moc"

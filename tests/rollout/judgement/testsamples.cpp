#include "rollout/judgement/cleaning.h"
#include "rollout/judgement/effectsize.h"
#include "rollout/judgement/summary.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace pilothouse;

namespace {

using Samples = std::vector<double>;

const double missing = std::numeric_limits<double>::quiet_NaN();

} // namespace

class TestSamples : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingSumsUpToNothing()
    {
        QCOMPARE(summaryOf({}), Summary());
        QCOMPARE(percentile({}, 50), 0.0);
        QCOMPARE(meanOf({}), 0.0);
    }

    void oneValueDoesNotVary()
    {
        const Samples one{4};
        QCOMPARE(summaryOf(one), (Summary{4, 4, 4, 0, 1}));
        QCOMPARE(percentile(one, 0), 4.0);
        QCOMPARE(percentile(one, 100), 4.0);
    }

    void theDeviationIsThatOfASample()
    {
        const Samples samples{2, 4, 4, 4, 5, 5, 7, 9};
        const Summary summary = summaryOf(samples);
        QCOMPARE(summary.mean, 5.0);
        QCOMPARE(summary.deviation, std::sqrt(32.0 / 7));
        QCOMPARE(summary.min, 2.0);
        QCOMPARE(summary.max, 9.0);
        QCOMPARE(summary.count, 8);
    }

    void theMeanOfManyEqualValuesIsThatValue()
    {
        const Samples samples(1'000'003, 0.1);
        QCOMPARE(meanOf(samples), 0.1);
    }

    void percentilesLieBetweenNeighbours_data()
    {
        QTest::addColumn<double>("p");
        QTest::addColumn<double>("expected");
        QTest::newRow("the least") << 0.0 << 1.0;
        QTest::newRow("the median of an even count") << 50.0 << 3.0;
        QTest::newRow("a quarter") << 25.0 << 1.75;
        QTest::newRow("nearly all") << 90.0 << 6.8;
        QTest::newRow("the greatest") << 100.0 << 8.0;
        QTest::newRow("below is the least") << -5.0 << 1.0;
    }

    void percentilesLieBetweenNeighbours()
    {
        QFETCH(double, p);
        QTEST(percentile(Samples{8, 1, 4, 2}, p), "expected");
    }

    void notANumberIsRemovedOrReplaced()
    {
        const Samples samples{missing, 1, missing, 2};
        QCOMPARE(withoutNan(samples, NanStrategy::Remove), (Samples{1, 2}));
        QCOMPARE(withoutNan(samples, NanStrategy::Replace), (Samples{0, 1, 0, 2}));
        QCOMPARE(nanReplaced(samples, 7), (Samples{7, 1, 7, 2}));
        QCOMPARE(withoutNan({}, NanStrategy::Replace), Samples());
    }

    void anInfiniteValueIsNoNan()
    {
        const Samples samples{std::numeric_limits<double>::infinity(), 1};
        QCOMPARE(withoutNan(samples, NanStrategy::Remove), samples);
    }

    void aValueOnTheFenceIsNoOutlier()
    {
        // Q1 = 2, Q3 = 4: with a factor of 1 the fences are 0 and 6.
        const OutlierRule rule{OutlierTest::InterquartileRange, 1, false, 0};
        const Samples samples{0, 2, 3, 4, 6};
        QCOMPARE(percentile(samples, 25), 2.0);
        QCOMPARE(withoutOutliers(samples, rule), samples);
        QCOMPARE(outliers(Samples{0, 2, 3, 4, 6.5}, rule),
                 (std::vector<bool>{false, false, false, false, true}));
        QCOMPARE(withoutOutliers(Samples{-0.5, 2, 3, 4, 6}, rule), (Samples{2, 3, 4, 6}));
    }

    void theMiddleIsSparedWhereAskedFor()
    {
        // Nearly all the same: without sparing everything else is an outlier.
        Samples samples(90, 5.0);
        for (int i = 0; i < 10; ++i)
            samples.push_back(6);
        const OutlierRule harsh{OutlierTest::InterquartileRange, 3, false, 0};
        const OutlierRule mild{OutlierTest::InterquartileRange, 3, true, 0};
        QCOMPARE(withoutOutliers(samples, harsh).size(), size_t(90));
        QCOMPARE(withoutOutliers(samples, mild).size(), size_t(100));
    }

    void deviationsFindWhatLiesFarFromTheMeanOnBothSides()
    {
        Samples samples(40, 10.0);
        samples[3] = -90;
        samples[7] = 110;
        const OutlierRule rule{OutlierTest::Deviations, 3, true, 0};
        const std::vector<bool> marks = outliers(samples, rule);
        QCOMPARE(std::count(marks.begin(), marks.end(), true), 2);
        QVERIFY(marks[3] && marks[7]);
        QCOMPARE(withoutOutliers(Samples(20, 1.0), rule).size(), size_t(20));
        QVERIFY(outliers({}, rule).empty());
    }

    void aSlackKeepsWhatIsOutsideByRoundingOnly()
    {
        OutlierRule rule{OutlierTest::InterquartileRange, 1, false, 0};
        const Samples samples{0, 2, 3, 4, 6 * (1 + 1e-15)};
        QCOMPARE(withoutOutliers(samples, rule).size(), size_t(4));
        rule.slack = 1e-12;
        QCOMPARE(withoutOutliers(samples, rule).size(), size_t(5));
    }

    void theMeanRatioHasNoValueAtZero()
    {
        QCOMPARE(meanRatio(Samples{1, 3}, Samples{4, 4}), 2.0);
        QVERIFY(std::isnan(meanRatio(Samples{0, 0}, Samples{4, 4})));
        QVERIFY(std::isnan(meanRatio(Samples{1, 3}, Samples{0})));
    }

    void theChanceToBeAboveCountsTiesByHalf()
    {
        QCOMPARE(commonLanguageEffect(Samples{1, 2}, Samples{3, 4}), 1.0);
        QCOMPARE(commonLanguageEffect(Samples{3, 4}, Samples{2, 1}), 0.0);
        QCOMPARE(commonLanguageEffect(Samples{1, 2}, Samples{2, 1}), 0.5);
        QCOMPARE(commonLanguageEffect(Samples{1, 2, 3}, Samples{2}), 0.5);
        QVERIFY(std::isnan(commonLanguageEffect(Samples{}, Samples{2})));
    }

    void cohensDIsTheDistanceInDeviations()
    {
        const Summary low = summaryOf(Samples{1, 2, 3});
        const Summary high = summaryOf(Samples{3, 4, 5});
        QCOMPARE(cohensD(low, high), 2.0);
        QCOMPARE(cohensD(high, low), 2.0);
        const Summary ones = summaryOf(Samples{1, 1});
        QVERIFY(std::isinf(cohensD(ones, summaryOf(Samples{2, 2}))));
        QVERIFY(std::isnan(cohensD(ones, ones)));
        QVERIFY(std::isnan(cohensD(Summary(), high)));
    }
};

QTEST_GUILESS_MAIN(TestSamples)
#include "testsamples.moc"

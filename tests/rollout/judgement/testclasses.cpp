#include "rollout/judgement/classification.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace pilothouse;

namespace {

using Samples = std::vector<double>;

const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

const Samples stable{10, 11, 12, 13, 14, 15, 16, 17, 18, 19};
const Samples higher{40, 41, 42, 43, 44, 45, 46, 47, 48, 49};

Samples times(const Samples &samples, double factor)
{
    Samples scaled = samples;
    for (double &sample : scaled)
        sample *= factor;
    return scaled;
}

MetricClass resultOf(const Samples &control, const Samples &experiment,
                     const JudgeSettings &settings = {})
{
    return classify(control, experiment, settings).result;
}

JudgeSettings towards(Direction direction)
{
    JudgeSettings settings;
    settings.direction = direction;
    return settings;
}

JudgeSettings solvedBy(Solver solver)
{
    JudgeSettings settings;
    settings.solver = solver;
    return settings;
}

} // namespace

class TestClasses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMetricIsJudgedTowardsItsDirection()
    {
        QCOMPARE(resultOf(stable, higher), MetricClass::High);
        QCOMPARE(resultOf(higher, stable), MetricClass::Low);
        QCOMPARE(resultOf(stable, higher, towards(Direction::Increase)), MetricClass::High);
        QCOMPARE(resultOf(stable, higher, towards(Direction::Decrease)), MetricClass::Pass);
        QCOMPARE(resultOf(higher, stable, towards(Direction::Decrease)), MetricClass::Low);
        QCOMPARE(resultOf(higher, stable, towards(Direction::Increase)), MetricClass::Pass);
        QCOMPARE(resultOf(stable, stable), MetricClass::Pass);
    }

    void theEvidenceIsTold()
    {
        const Classification judged = classify(stable, higher, {});
        QVERIFY(judged.interval);
        QCOMPARE(judged.interval->estimate, 30.0);
        QVERIFY(judged.interval->lower > 20 && judged.interval->upper < 40);
        QVERIFY(judged.p && *judged.p < 0.001);
        QCOMPARE(judged.controlSamples, 10);
        QCOMPARE(judged.experimentSamples, 10);
        QVERIFY(std::abs(judged.deviation - 44.5 / 14.5) < 1e-12);
        QVERIFY2(judged.reason.contains(QLatin1String("higher than the stable by 30")),
                 qPrintable(judged.reason));
        QVERIFY(judged.reason.contains(QLatin1String("98 % confidence")));
    }

    void noDataIsNeverAPass_data()
    {
        QTest::addColumn<QList<double>>("control");
        QTest::addColumn<QList<double>>("experiment");
        const QList<double> some{1, 2, 3, 4, 5, 6};
        const QList<double> none;
        const QList<double> nans{missing, missing, missing, missing, missing, missing};
        const QList<double> few{1, 2, missing, missing, missing, missing};
        QTest::newRow("nothing at all") << none << none;
        QTest::newRow("none of the candidate") << some << none;
        QTest::newRow("none of the stable") << none << some;
        QTest::newRow("only NaN of the candidate") << some << nans;
        QTest::newRow("only NaN of both") << nans << nans;
        QTest::newRow("too few of the candidate") << some << few;
        QTest::newRow("too few of the stable") << few << some;
        QTest::newRow("too few of both, and equal") << few << few;
    }

    void noDataIsNeverAPass()
    {
        QFETCH(QList<double>, control);
        QFETCH(QList<double>, experiment);
        for (const Solver solver : {Solver::Exact, Solver::KayentaCompatible}) {
            for (const NanStrategy nanStrategy : {NanStrategy::Remove, NanStrategy::Replace}) {
                for (const bool must : {false, true}) {
                    JudgeSettings settings = solvedBy(solver);
                    settings.nan = nanStrategy;
                    settings.mustHaveData = must;
                    for (const Classification &judged :
                         {classify(control, experiment, settings),
                          classifyByMeans(control, experiment, settings)}) {
                        QCOMPARE(judged.result,
                                 must ? MetricClass::NodataFailMetric : MetricClass::Nodata);
                        QVERIFY(!judged.reason.isEmpty());
                        QCOMPARE(judged.deviation, 1.0);
                    }
                }
            }
        }
    }

    void aCriticalMetricWithoutDataIsCritical()
    {
        JudgeSettings settings;
        settings.critical = true;
        settings.mustHaveData = true;
        const Classification judged = classify(stable, {}, settings);
        QCOMPARE(judged.result, MetricClass::Nodata);
        QVERIFY(judged.critical);
    }

    void theMinimumOfSamplesIsASetting()
    {
        JudgeSettings settings;
        settings.minimumSamples = 11;
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::Nodata);
        QVERIFY(classify(stable, higher, settings).reason.contains(QLatin1String("11")));
        settings.minimumSamples = 10;
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::High);
    }

    void tooFewForTheConfidenceIsNoData()
    {
        // 4 + 4 can never show a difference at 98 %, however far apart they are.
        JudgeSettings settings;
        settings.minimumSamples = 0;
        const Samples four{1, 2, 3, 4};
        QCOMPARE(resultOf(four, times(four, 1000), settings), MetricClass::Nodata);
        const Samples five{1, 2, 3, 4, 5};
        QCOMPARE(resultOf(five, times(five, 1000), settings), MetricClass::High);
    }

    void missingValuesMayCountAsZeroOnlyWhereAskedFor()
    {
        Samples gaps = stable;
        gaps.insert(gaps.end(), 30, missing);
        JudgeSettings settings;
        QCOMPARE(resultOf(stable, gaps, settings), MetricClass::Pass);
        settings.nan = NanStrategy::Replace;
        QCOMPARE(resultOf(stable, gaps, settings), MetricClass::Low);
        // Kayenta's rule for nothing at all, which no setting of ours but 0 gives.
        settings.minimumSamples = 0;
        QCOMPARE(resultOf(stable, {}, settings), MetricClass::Pass);
    }

    void infiniteValuesAreAnError()
    {
        Samples broken = stable;
        broken[3] = infinity;
        QCOMPARE(resultOf(stable, broken), MetricClass::Error);
        broken[3] = -infinity;
        QCOMPARE(resultOf(broken, stable), MetricClass::Error);
        QCOMPARE(resultOf(Samples(6, -1.7e308), Samples(6, 1.7e308)), MetricClass::Error);
    }

    void aSmallEffectIsAllowed()
    {
        JudgeSettings settings;
        settings.allowed = EffectLimits{0.5, 4};
        const Classification judged = classify(stable, higher, settings);
        QCOMPARE(judged.result, MetricClass::Pass);
        QVERIFY2(judged.reason.contains(QLatin1String("is allowed")), qPrintable(judged.reason));
        settings.allowed = EffectLimits{0.5, 3};
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::High);
        settings.effect = EffectMeasure::CommonLanguage;
        settings.allowed = EffectLimits{0.2, 1};
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::High);
        QCOMPARE(classify(stable, higher, settings).deviation, 1.0);
    }

    void aCriticalEffectMakesAFailureCritical()
    {
        JudgeSettings settings;
        settings.critical = true;
        settings.criticalLimit = EffectLimits{0.5, 4};
        Classification judged = classify(stable, higher, settings);
        QCOMPARE(judged.result, MetricClass::High);
        QVERIFY(!judged.critical);
        settings.criticalLimit = EffectLimits{0.5, 3};
        judged = classify(stable, higher, settings);
        QVERIFY(judged.critical);
        settings.critical = false;
        QVERIFY(!classify(stable, higher, settings).critical);
    }

    void theToleranceIsAShareOfTheEstimate()
    {
        JudgeSettings settings;
        settings.tolerance = 0.9;
        // The interval reaches below 90 % of its own estimate.
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::Pass);
        settings.tolerance = 0.5;
        QCOMPARE(resultOf(stable, higher, settings), MetricClass::High);
    }

    void oneSpikeIsNoDifferenceWhereOutliersAreRemoved()
    {
        Samples spiked = stable;
        spiked.push_back(1e6);
        JudgeSettings settings;
        settings.removeOutliers = OutlierRule{OutlierTest::InterquartileRange, 3, false, 0};
        const Classification judged = classify(stable, spiked, settings);
        QCOMPARE(judged.result, MetricClass::Pass);
        QCOMPARE(judged.experimentSamples, 10);
    }

    void constantsAreJudgedWithoutChance()
    {
        const Samples tens(6, 10.0);
        const Samples ones(6, 1.0);
        for (const Solver solver : {Solver::Exact, Solver::KayentaCompatible}) {
            const JudgeSettings settings = solvedBy(solver);
            QCOMPARE(resultOf(ones, tens, settings), MetricClass::High);
            QCOMPARE(resultOf(tens, ones, settings), MetricClass::Low);
            QCOMPARE(resultOf(ones, Samples(9, 1.0), settings), MetricClass::Pass);
        }
    }

    void theSameQuestionHasTheSameAnswer()
    {
        std::mt19937_64 random(3);
        std::normal_distribution<double> normal(100, 5);
        Samples control;
        Samples experiment;
        for (int i = 0; i < 700; ++i) {
            control.push_back(normal(random));
            experiment.push_back(normal(random) + 1);
        }
        const Classification first = classify(control, experiment, {});
        // The order of the samples does not matter either.
        std::shuffle(control.begin(), control.end(), random);
        for (int turn = 0; turn < 5; ++turn) {
            const Classification again = classify(control, experiment, {});
            QCOMPARE(again.result, first.result);
            QCOMPARE(again.interval, first.interval);
            QCOMPARE(again.p, first.p);
            QCOMPARE(again.reason, first.reason);
        }
    }

    void anotherUnitNeverChangesTheExactResult()
    {
        std::mt19937_64 random(17);
        std::normal_distribution<double> normal;
        std::poisson_distribution<int> counts(3);
        QMap<MetricClass, int> seen;
        for (int turn = 0; turn < 400; ++turn) {
            Samples control;
            Samples experiment;
            for (int i = 0; i < 20; ++i) {
                const bool counted = turn % 2 != 0;
                control.push_back(counted ? counts(random) : 3 + normal(random));
                experiment.push_back((counted ? counts(random) : 3 + normal(random))
                                     + double(turn % 5));
            }
            JudgeSettings settings;
            settings.tolerance = turn % 3 == 0 ? 0.5 : 0.25;
            settings.effect
                = turn % 7 < 3 ? EffectMeasure::CommonLanguage : EffectMeasure::MeanRatio;
            if (turn % 4 == 0)
                settings.removeOutliers = OutlierRule();
            const MetricClass plain = resultOf(control, experiment, settings);
            ++seen[plain];
            for (int power = -8; power <= 8; ++power) {
                const double factor = std::pow(10.0, power);
                QCOMPARE(resultOf(times(control, factor), times(experiment, factor), settings),
                         plain);
            }
        }
        QVERIFY(seen[MetricClass::Pass] > 50 && seen[MetricClass::High] > 50);
    }

    void whatIsEqualButForRoundingStaysEqualInAnyUnit()
    {
        // The lower limit is exactly the tolerated share of the estimate.
        const Samples control(5, 3.0);
        const Samples experiment(5, 3.3);
        JudgeSettings settings;
        settings.tolerance = 1;
        for (int power = -8; power <= 8; ++power) {
            const double factor = std::pow(10.0, power);
            QCOMPARE(resultOf(times(control, factor), times(experiment, factor), settings),
                     MetricClass::Pass);
        }
        // The effect is exactly the allowed one.
        settings.tolerance = 0.25;
        settings.allowed = EffectLimits{0.9, 1.1};
        for (int power = -8; power <= 8; ++power) {
            const double factor = std::pow(10.0, power);
            QCOMPARE(resultOf(times(control, factor), times(experiment, factor), settings),
                     MetricClass::High);
        }
    }

    void meansAloneAreCompared()
    {
        QCOMPARE(classifyByMeans(stable, higher, {}).result, MetricClass::High);
        QCOMPARE(classifyByMeans(higher, stable, {}).result, MetricClass::Low);
        QCOMPARE(classifyByMeans(stable, stable, {}).result, MetricClass::Pass);
        QCOMPARE(classifyByMeans(stable, higher, towards(Direction::Decrease)).result,
                 MetricClass::Pass);
        JudgeSettings settings;
        settings.critical = true;
        QVERIFY(classifyByMeans(stable, higher, settings).critical);
        QVERIFY(!classifyByMeans(stable, stable, settings).critical);
    }

    void aResultHasAName()
    {
        for (const MetricClass value :
             {MetricClass::Pass, MetricClass::High, MetricClass::Low, MetricClass::Nodata,
              MetricClass::NodataFailMetric, MetricClass::Error}) {
            QCOMPARE(metricClassNamed(metricClassName(value)), std::optional(value));
        }
        QVERIFY(!metricClassNamed(QStringLiteral("pass")));
    }
};

QTEST_GUILESS_MAIN(TestClasses)
#include "testclasses.moc"

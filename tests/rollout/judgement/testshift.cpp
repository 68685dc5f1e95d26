#include "rollout/judgement/brent.h"
#include "rollout/judgement/pairdifferences.h"
#include "rollout/judgement/ranks.h"
#include "rollout/judgement/shiftinterval.h"
#include "vectors.h"

#include <QtTest>

#include <cmath>
#include <random>

using namespace pilothouse;

namespace {

using Samples = std::vector<double>;

Samples allDifferences(const Samples &x, const Samples &y)
{
    Samples all;
    for (const double a : x) {
        for (const double b : y)
            all.push_back(a - b);
    }
    std::sort(all.begin(), all.end());
    return all;
}

double plainMedian(const Samples &sorted)
{
    const size_t half = sorted.size() / 2;
    return sorted.size() % 2 != 0 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

enum class Shape { Even, Ties, Zeros, HeavyTail, TwoClusters };

Samples drawn(std::mt19937_64 &random, size_t size, Shape shape)
{
    std::normal_distribution<double> normal;
    Samples samples(size);
    for (double &sample : samples) {
        const double z = normal(random);
        switch (shape) {
        case Shape::Even:
            sample = z;
            break;
        case Shape::Ties:
            sample = std::round(2 * z);
            break;
        case Shape::Zeros:
            sample = z < 0.8 ? 0 : z;
            break;
        case Shape::HeavyTail:
            sample = std::exp(20 * z);
            break;
        case Shape::TwoClusters:
            sample = z > 0 ? 1e9 : 1 + z * 1e-6;
            break;
        }
    }
    std::sort(samples.begin(), samples.end());
    return samples;
}

/// A case of the list mannWhitney of the tests' vectors.
QJsonObject vectorNamed(const char *name)
{
    for (const QJsonObject &vector :
         test::vectorCases("canary_judge_vectors.json", "mannWhitney")) {
        if (vector[QLatin1String("test")].toString() == QLatin1String(name))
            return vector;
    }
    return {};
}

} // namespace

class TestShift : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anyPlaceAmongTheDifferencesIsFound_data()
    {
        QTest::addColumn<int>("shape");
        QTest::newRow("values without ties") << int(Shape::Even);
        QTest::newRow("values with many ties") << int(Shape::Ties);
        QTest::newRow("mostly zeros") << int(Shape::Zeros);
        QTest::newRow("values of many orders of magnitude") << int(Shape::HeavyTail);
        QTest::newRow("two clusters far apart") << int(Shape::TwoClusters);
    }

    void anyPlaceAmongTheDifferencesIsFound()
    {
        QFETCH(int, shape);
        std::mt19937_64 random(11);
        for (const auto &[m, n] : QList<std::pair<size_t, size_t>>{
                 {1, 1}, {1, 7}, {9, 1}, {2, 2}, {30, 31}, {60, 60}, {3, 900}, {400, 90}}) {
            const Samples x = drawn(random, m, Shape(shape));
            const Samples y = drawn(random, n, Shape(shape));
            const Samples all = allDifferences(x, y);
            const PairDifferences differences(x, y);
            QCOMPARE(differences.count(), qint64(all.size()));
            for (int turn = 0; turn < 40; ++turn) {
                const size_t place = random() % all.size();
                QCOMPARE(differences.at(qint64(place)), all[place]);
            }
            QCOMPARE(differences.at(0), all.front());
            QCOMPARE(differences.at(qint64(all.size()) - 1), all.back());
            QVERIFY(std::abs(differences.median() - plainMedian(all))
                    <= 1e-15 * std::abs(plainMedian(all)));
        }
    }

    void theMedianOfAllEqualDifferencesIsThatOne()
    {
        const Samples tens(500, 10.0);
        const Samples ones(700, 1.0);
        QCOMPARE(PairDifferences(tens, ones).median(), 9.0);
        QCOMPARE(PairDifferences(tens, ones).at(123'456), 9.0);
    }

    void theMedianLiesBetweenTwoRunsOfEqualDifferences()
    {
        Samples halves(500, 0.0);
        halves.insert(halves.end(), 500, 1.0);
        const Samples zeros(1000, 0.0);
        QCOMPARE(PairDifferences(halves, zeros).median(), 0.5);
        QCOMPARE(PairDifferences(zeros, halves).median(), -0.5);
    }

    void theEstimateIsThatOfTheReference()
    {
        int compared = 0;
        for (const QJsonObject &reference :
             test::vectorCases("mannwhitney_reference.json", "cases")) {
            const Samples x = test::sortedNumbers(reference[QLatin1String("x")]);
            const Samples y = test::sortedNumbers(reference[QLatin1String("y")]);
            const double expected = reference[QLatin1String("hodges_lehmann_exact")].toDouble();
            const double got = PairDifferences(x, y).median();
            QVERIFY2(std::abs(got - expected) <= 1e-12 * std::max(1.0, std::abs(expected)),
                     qPrintable(QString::number(got - expected)));
            ++compared;
        }
        QVERIFY(compared >= 25);
    }

    void theLimitsAreWhereTheTestChangesItsMind()
    {
        // Just below the lower limit the shift is refused, just above it is not.
        std::mt19937_64 random(5);
        for (const Shape shape : {Shape::Even, Shape::Ties, Shape::Zeros}) {
            const Samples x = drawn(random, 40, shape);
            const Samples y = drawn(random, 55, shape);
            const double z = 1.959963984540054;
            const auto interval = shiftInterval(x, y, 0.95, Solver::Exact);
            QVERIFY(interval);
            const double little = 1e-9;
            QVERIFY(wilcoxonDifference(x, y, interval->lower - little, z) > 0);
            QVERIFY(wilcoxonDifference(x, y, interval->lower + little, z) <= 0);
            QVERIFY(wilcoxonDifference(x, y, interval->upper - little, -z) >= 0);
            QVERIFY(wilcoxonDifference(x, y, interval->upper + little, -z) < 0);
            QVERIFY(interval->lower <= interval->estimate && interval->estimate <= interval->upper);
        }
    }

    void exchangingTheSidesTurnsTheIntervalAround()
    {
        std::mt19937_64 random(6);
        const Samples x = drawn(random, 33, Shape::Even);
        const Samples y = drawn(random, 47, Shape::Even);
        const auto there = shiftInterval(x, y, 0.98, Solver::Exact);
        const auto back = shiftInterval(y, x, 0.98, Solver::Exact);
        QVERIFY(there && back);
        QCOMPARE(back->lower, -there->upper);
        QCOMPARE(back->upper, -there->lower);
        QCOMPARE(back->estimate, -there->estimate);
    }

    void bothSolversMeetTheTieOutsWithR_data()
    {
        QTest::addColumn<QJsonObject>("vector");
        QTest::addColumn<double>("tolerance");
        QTest::addColumn<int>("solver");
        for (const QJsonObject &vector :
             test::vectorCases("canary_judge_vectors.json", "mannWhitney")) {
            if (vector[QLatin1String("kind")].toString() != QLatin1String("mannWhitneyUTest"))
                continue;
            const QByteArray name = vector[QLatin1String("test")].toString().toUtf8();
            QTest::addRow("%s, exact", name.constData()) << vector << 1e-4 << int(Solver::Exact);
            QTest::addRow("%s, compatible", name.constData())
                << vector << 1e-6 << int(Solver::KayentaCompatible);
        }
    }

    void bothSolversMeetTheTieOutsWithR()
    {
        QFETCH(QJsonObject, vector);
        QFETCH(double, tolerance);
        QFETCH(int, solver);
        const auto interval
            = shiftInterval(test::sortedNumbers(vector[QLatin1String("experiment")]),
                            test::sortedNumbers(vector[QLatin1String("control")]),
                            vector[QLatin1String("confidenceLevel")].toDouble(), Solver(solver));
        QVERIFY(interval);
        const QJsonObject expected = vector[QLatin1String("expected")].toObject();
        const auto near = [&](const char *key, double got) {
            const QJsonObject wanted = expected[QLatin1String(key)].toObject();
            const double allowed
                = std::max(tolerance, wanted[QLatin1String("tolerance")].toDouble());
            return std::abs(got - wanted[QLatin1String("value")].toDouble(1e9)) <= allowed;
        };
        QVERIFY(near("lower", interval->lower));
        QVERIFY(near("upper", interval->upper));
        QVERIFY(near("estimate", interval->estimate));
    }

    void theCompatibleSolverKeepsTheKnownArtefact()
    {
        // Values near 0.0333 that differ far below the absolute tolerance: the published limit and
        // estimate are both 1.808e-5, which no pair of them is apart.
        const QJsonObject vector = vectorNamed("Wilcoxon Diff Function");
        const Samples x = test::sortedNumbers(vector[QLatin1String("x")]);
        const Samples y = test::sortedNumbers(vector[QLatin1String("y")]);
        const auto compatible = shiftInterval(x, y, 0.95, Solver::KayentaCompatible);
        const auto exact = shiftInterval(x, y, 0.95, Solver::Exact);
        QVERIFY(compatible && exact);
        QVERIFY(std::abs(compatible->estimate - 1.808e-5) < 1e-8);
        QCOMPARE(compatible->upper, compatible->estimate);
        QVERIFY(std::abs(exact->estimate) < 1e-7);
    }

    void constantSamplesDifferByTheirDifferenceAndNothingIsRandom()
    {
        const Samples tens(5, 10.0);
        const Samples ones(7, 1.0);
        for (const Solver solver : {Solver::Exact, Solver::KayentaCompatible}) {
            const auto interval = shiftInterval(tens, ones, 0.95, solver);
            QVERIFY(interval);
            QCOMPARE(*interval, (ShiftInterval{9, 9, 9}));
            QCOMPARE(*shiftInterval(tens, ones, 0.95, solver), *interval);
        }
    }

    void tooFewSamplesHaveNoExactInterval()
    {
        const Samples x{11, 12, 13, 14};
        const Samples y{1, 2, 3, 4};
        QCOMPARE(shiftInterval(x, y, 0.98, Solver::Exact).error(), NoInterval::TooFewSamples);
        QVERIFY(shiftInterval(x, y, 0.95, Solver::Exact));
        QCOMPARE(shiftInterval(Samples{1}, Samples{2}, 0.9, Solver::Exact).error(),
                 NoInterval::TooFewSamples);
        QCOMPARE(shiftInterval(Samples{1}, Samples{2}, 0.9, Solver::KayentaCompatible).error(),
                 NoInterval::NoVariance);
    }

    void theExactIntervalKeepsItsUnit()
    {
        std::mt19937_64 random(9);
        const Samples x = drawn(random, 60, Shape::Even);
        const Samples y = drawn(random, 60, Shape::Even);
        const auto plain = shiftInterval(x, y, 0.98, Solver::Exact);
        QVERIFY(plain);
        for (int power = -30; power <= 30; power += 3) {
            const double factor = std::ldexp(1.0, power);
            Samples scaledX = x;
            Samples scaledY = y;
            for (double &value : scaledX)
                value *= factor;
            for (double &value : scaledY)
                value *= factor;
            const auto scaled = shiftInterval(scaledX, scaledY, 0.98, Solver::Exact);
            QVERIFY(scaled);
            // A power of two rounds nothing.
            QCOMPARE(*scaled, (ShiftInterval{plain->lower * factor, plain->upper * factor,
                                             plain->estimate * factor}));
        }
    }

    void brentFindsTheRoot()
    {
        const auto cubic = [](double x) {
            return x * x * x - 2;
        };
        RootSettings fine;
        fine.tolerance = 1e-14;
        const double root = brentRoot(cubic, {0, cubic(0)}, {2, cubic(2)}, fine);
        QVERIFY(std::abs(root - std::cbrt(2.0)) < 1e-13);
        QVERIFY(std::abs(brentRoot(cubic, {0, cubic(0)}, {2, cubic(2)}) - std::cbrt(2.0)) < 1e-4);
        QCOMPARE(brentRoot(cubic, {5, 0}, {2, cubic(2)}), 5.0);
    }

    void brentEndsOnStepsToo()
    {
        int calls = 0;
        const auto step = [&calls](double x) {
            ++calls;
            return x < 0.3 ? 1.0 : -1.0;
        };
        const double root = brentRoot(step, {-1, 1}, {7, -1});
        QVERIFY(std::abs(root - 0.3) < 1e-4);
        QVERIFY(calls < 100);
        RootSettings few;
        few.iterations = 3;
        calls = 0;
        QVERIFY(!std::isnan(brentRoot(step, {-1, 1}, {7, -1}, few)));
        QCOMPARE(calls, 3);
    }
};

QTEST_GUILESS_MAIN(TestShift)
#include "testshift.moc"

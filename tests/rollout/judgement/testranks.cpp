#include "rollout/judgement/exactdistribution.h"
#include "rollout/judgement/normaldistribution.h"
#include "rollout/judgement/ranks.h"
#include "vectors.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <map>
#include <random>

using namespace pilothouse;

namespace {

using Samples = std::vector<double>;

/// U, by looking at every pair.
double plainU(const Samples &x, const Samples &y)
{
    double u = 0;
    for (const double a : x) {
        for (const double b : y)
            u += a > b ? 1 : a == b ? 0.5 : 0;
    }
    return u;
}

/// Σ(t³ - t), by counting each value.
double plainTies(const Samples &x, const Samples &y)
{
    std::map<double, double> counts;
    for (const Samples *side : {&x, &y}) {
        for (const double value : *side)
            counts[value] += 1;
    }
    double sum = 0;
    for (const auto &[value, t] : counts)
        sum += t * t * t - t;
    return sum;
}

Samples drawn(std::mt19937 &random, size_t size, int values)
{
    std::uniform_int_distribution<int> any(0, values);
    Samples samples(size);
    for (double &sample : samples)
        sample = any(random) / 4.0;
    std::sort(samples.begin(), samples.end());
    return samples;
}

Alternative alternativeNamed(const QString &name)
{
    return name == QLatin1String("less")      ? Alternative::Less
           : name == QLatin1String("greater") ? Alternative::Greater
                                              : Alternative::TwoSided;
}

const QStringList alternatives{QStringLiteral("two-sided"), QStringLiteral("less"),
                               QStringLiteral("greater")};

} // namespace

class TestRanks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tiesShareTheMeanOfTheirRanks()
    {
        const RankComparison ranks = compareRanks(Samples{1, 2, 2}, Samples{2, 3});
        // Ranks 1, 3, 3 | 3, 5.
        QCOMPARE(ranks.rankSum, 7.0);
        QCOMPARE(ranks.u, 1.0);
        QCOMPARE(ranks.tieSum, 24.0);
        QCOMPARE(ranks.variance(), 3.0 * 2 / 12 * (6 - 24.0 / 20));
    }

    void uIsThatOfAllPairs()
    {
        std::mt19937 random(7);
        for (int turn = 0; turn < 300; ++turn) {
            const Samples x = drawn(random, 1 + random() % 30, 1 + int(random() % 40));
            const Samples y = drawn(random, 1 + random() % 30, 1 + int(random() % 40));
            const RankComparison ranks = compareRanks(x, y);
            QCOMPARE(ranks.u, plainU(x, y));
            QCOMPARE(ranks.tieSum, plainTies(x, y));
            const RankComparison turned = compareRanks(y, x);
            QCOMPARE(turned.u, ranks.m * ranks.n - ranks.u);
            QCOMPARE(turned.variance(), ranks.variance());
        }
    }

    void aShiftMovesTheFirstSampleDown()
    {
        const Samples x{5, 6, 7};
        const Samples y{1, 2, 3};
        QCOMPARE(compareRanks(x, y, 0).u, 9.0);
        QCOMPARE(compareRanks(x, y, 4).u, 4.5);
        QCOMPARE(compareRanks(x, y, 100).u, 0.0);
        QVERIFY(wilcoxonDifference(x, y, 0, 0) > 0);
        QCOMPARE(wilcoxonDifference(x, y, 4, 0), 0.0);
        QCOMPARE(wilcoxonDifference(x, y, 4, 1.5), -1.5);
        QVERIFY(wilcoxonDifference(x, y, 100, 0) < 0);
    }

    void nothingButTiesHasNoDifference()
    {
        const Samples ones{1, 1, 1};
        QVERIFY(std::isnan(wilcoxonDifference(ones, ones, 0, 0)));
        QCOMPARE(
            asymptoticP(compareRanks(ones, ones), Alternative::TwoSided, Continuity::Corrected),
            1.0);
        QCOMPARE(compareRanks({}, ones).variance(), 0.0);
    }

    void theReferenceIsMetWithin1e9_data()
    {
        QTest::addColumn<QJsonObject>("reference");
        for (const QJsonObject &reference :
             test::vectorCases("mannwhitney_reference.json", "cases")) {
            QTest::addRow("%d %s", reference[QLatin1String("id")].toInt(),
                          qPrintable(reference[QLatin1String("kind")].toString()))
                << reference;
        }
    }

    void theReferenceIsMetWithin1e9()
    {
        QFETCH(QJsonObject, reference);
        const RankComparison ranks
            = compareRanks(test::sortedNumbers(reference[QLatin1String("x")]),
                           test::sortedNumbers(reference[QLatin1String("y")]));
        QCOMPARE(ranks.u, reference[QLatin1String("U1")].toDouble());
        QCOMPARE(ranks.rankSum, reference[QLatin1String("rank_sum_x")].toDouble());
        QCOMPARE(ranks.tieSum, reference[QLatin1String("tie_sum_t3_minus_t")].toDouble());
        int compared = 0;
        for (const QString &name : alternatives) {
            const auto met = [&](const QString &key, double p) {
                const double expected = reference[key].toDouble(-1);
                // Of the value itself, not only of 1: the small ones are what matters.
                QVERIFY2(std::abs(p - expected) <= 1e-9 * expected,
                         qPrintable(QStringLiteral("%1: %2, not %3")
                                        .arg(key)
                                        .arg(p, 0, 'g', 17)
                                        .arg(expected, 0, 'g', 17)));
                ++compared;
            };
            const Alternative alternative = alternativeNamed(name);
            met(QStringLiteral("p_asymptotic_%1_cc").arg(name),
                asymptoticP(ranks, alternative, Continuity::Corrected));
            met(QStringLiteral("p_asymptotic_%1_nocc").arg(name),
                asymptoticP(ranks, alternative, Continuity::Uncorrected));
            const QString exact = QStringLiteral("p_exact_%1").arg(name);
            if (reference.contains(exact))
                met(exact, exactP(ranks, alternative).value_or(-1));
        }
        QVERIFY(compared >= 6);
    }

    void theTailIsRightFarOut_data()
    {
        QTest::addColumn<double>("z");
        QTest::addColumn<double>("expected");
        // Q(z) by its continued fraction, to 15 digits.
        QTest::newRow("the middle") << 0.0 << 0.5;
        QTest::newRow("one") << 1.0 << 0.158655253931457;
        QTest::newRow("below") << -1.0 << 0.841344746068543;
        QTest::newRow("five") << 5.0 << 2.86651571879194e-7;
        QTest::newRow("ten") << 10.0 << 7.61985302416053e-24;
        QTest::newRow("twenty") << 20.0 << 2.75362411860623e-89;
        QTest::newRow("thirty-five") << 35.0 << 1.12491070647241e-268;
    }

    void theTailIsRightFarOut()
    {
        QFETCH(double, z);
        QFETCH(double, expected);
        QVERIFY2(std::abs(normalUpperTail(z) - expected) <= 1e-12 * expected,
                 qPrintable(QString::number(normalUpperTail(z), 'g', 16)));
    }

    void theQuantileUndoesTheTail()
    {
        QVERIFY(std::abs(normalUpperQuantile(0.025) - 1.959963984540054) < 1e-14);
        QVERIFY(std::abs(normalUpperQuantile(0.01) - 2.326347874040841) < 1e-14);
        QCOMPARE(normalUpperQuantile(0.5), 0.0);
        QCOMPARE(normalUpperQuantile(0.975), -normalUpperQuantile(0.025));
        for (double p = 1e-300; p < 0.5; p *= 7.3) {
            const double back = normalUpperTail(normalUpperQuantile(p));
            QVERIFY2(std::abs(back - p) <= 1e-11 * p, qPrintable(QString::number(p)));
        }
        QCOMPARE(normalUpperQuantile(0), std::numeric_limits<double>::infinity());
        QCOMPARE(normalUpperQuantile(1), -std::numeric_limits<double>::infinity());
    }

    void theExactPCountsArrangements()
    {
        // Of the 20 ways to place 3 among 6, one has U = 9 and one U = 8.
        const RankComparison apart = compareRanks(Samples{4, 5, 6}, Samples{1, 2, 3});
        QCOMPARE(exactP(apart, Alternative::Greater), std::optional(1.0 / 20));
        QCOMPARE(exactP(apart, Alternative::TwoSided), std::optional(2.0 / 20));
        QCOMPARE(exactP(apart, Alternative::Less), std::optional(1.0));
        const RankComparison nearly = compareRanks(Samples{3, 5, 6}, Samples{1, 2, 4});
        QCOMPARE(exactP(nearly, Alternative::Greater), std::optional(2.0 / 20));
    }

    void thereIsNoExactPWithTiesOrTooManyPairs()
    {
        QVERIFY(!exactP(compareRanks(Samples{1, 2}, Samples{2, 3}), Alternative::TwoSided));
        QVERIFY(!exactP(compareRanks(Samples{}, Samples{2, 3}), Alternative::TwoSided));
        Samples x(101);
        Samples y(101);
        for (size_t i = 0; i < x.size(); ++i) {
            x[i] = double(i);
            y[i] = double(i) + 0.5;
        }
        QVERIFY(!exactP(compareRanks(x, y), Alternative::TwoSided));
    }

    void theExactPNearsTheNormalOne()
    {
        Samples x;
        Samples y;
        for (int i = 0; i < 40; ++i) {
            x.push_back(i * 1.01 + 3.005);
            y.push_back(i);
        }
        const RankComparison ranks = compareRanks(x, y);
        QCOMPARE(ranks.tieSum, 0.0);
        const double exact = exactP(ranks, Alternative::TwoSided).value_or(-1);
        const double normal = asymptoticP(ranks, Alternative::TwoSided, Continuity::Corrected);
        QVERIFY2(std::abs(exact - normal) < 2e-3, qPrintable(QString::number(exact - normal)));
    }
};

QTEST_GUILESS_MAIN(TestRanks)
#include "testranks.moc"

#include "rollout/analysis/judge.h"

#include <QtTest>

#include <limits>

using namespace pilothouse;

namespace {

const SeriesNames names{QStringLiteral("version"), QStringLiteral("stable"),
                        QStringLiteral("candidate")};
const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'800'000'000'000, Qt::UTC);
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

/// `count` values around `middle`, spread evenly over ±`spread`, out of order.
QList<double> around(double middle, double spread, int count)
{
    QList<double> values;
    for (int i = 0; i < count; ++i)
        values.append(middle + spread * (2.0 * (i * 37 % count) / count - 1));
    return values;
}

Series series(const QString &version, const QList<double> &values)
{
    Series made;
    made.labels.insert(names.label, version);
    for (int i = 0; i < values.size(); ++i)
        made.samples.append({start.addSecs(i).toMSecsSinceEpoch(), values[i]});
    return made;
}

Check tested(Direction direction = Direction::Increase)
{
    Check check;
    check.name = QStringLiteral("p95");
    check.unit = QStringLiteral("s");
    check.method = JudgeMethod::MannWhitney;
    check.direction = direction;
    return check;
}

CheckResult judged(const Check &check, const QList<double> &stable, const QList<double> &candidate)
{
    SeriesSet set;
    set.step = std::chrono::seconds(1);
    if (!stable.isEmpty())
        set.series.append(series(names.stable, stable));
    if (!candidate.isEmpty())
        set.series.append(series(names.candidate, candidate));
    return judge(check, names, set, start,
                 start.addSecs(std::max(stable.size(), candidate.size()) - 1));
}

} // namespace

class TestJudgeByRanks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theBadDirectionDecides_data()
    {
        QTest::addColumn<Direction>("direction");
        QTest::addColumn<double>("candidate");
        QTest::addColumn<Verdict>("verdict");
        QTest::newRow("higher, and an increase is bad")
            << Direction::Increase << 0.080 << Verdict::Fail;
        QTest::newRow("lower, and an increase is bad")
            << Direction::Increase << 0.040 << Verdict::Pass;
        QTest::newRow("lower, and a decrease is bad")
            << Direction::Decrease << 0.040 << Verdict::Fail;
        QTest::newRow("higher, and a decrease is bad")
            << Direction::Decrease << 0.080 << Verdict::Pass;
        QTest::newRow("higher, and either is bad") << Direction::Either << 0.080 << Verdict::Fail;
        QTest::newRow("lower, and either is bad") << Direction::Either << 0.040 << Verdict::Fail;
        QTest::newRow("the same") << Direction::Either << 0.060 << Verdict::Pass;
    }
    void theBadDirectionDecides()
    {
        QFETCH(Direction, direction);
        QFETCH(double, candidate);
        QFETCH(Verdict, verdict);
        const CheckResult result
            = judged(tested(direction), around(0.060, 0.002, 60), around(candidate, 0.002, 60));
        QCOMPARE(result.verdict, verdict);
        QCOMPARE(result.method, JudgeMethod::MannWhitney);
    }

    void theVerdictIsToldWithEstimateAndInterval()
    {
        const CheckResult result = judged(tested(), around(0.040, 0, 60), around(0.348, 0, 60));
        QCOMPARE(result.verdict, Verdict::Fail);
        QCOMPARE(result.sentence,
                 QStringLiteral("higher than the stable: +308 ms (at 98 % confidence)"));
        const Evidence &evidence = result.evidence;
        QCOMPARE(evidence.label, names.label);
        QCOMPARE(evidence.candidateSeries, names.candidate);
        QCOMPARE(evidence.stableSeries, names.stable);
        QCOMPARE(evidence.stableSamples, 60);
        QCOMPARE(evidence.candidateSamples, 60);
        QVERIFY(evidence.shift);
        QVERIFY(qAbs(evidence.shift->estimate - 0.308) < 1e-12);
        QVERIFY(evidence.p && *evidence.p < 1e-9);
    }

    void theIntervalHoldsTheEstimate()
    {
        const CheckResult result
            = judged(tested(), around(0.060, 0.010, 60), around(0.062, 0.010, 60));
        QVERIFY(result.evidence.shift);
        const ShiftInterval &shift = *result.evidence.shift;
        QVERIFY(shift.lower < shift.estimate && shift.estimate < shift.upper);
        QVERIFY(qAbs(shift.estimate - 0.002) < 0.001);
    }

    void fewSamplesAreSaidUntilThereAreFifty_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("said");
        QTest::newRow("20") << 20 << true;
        QTest::newRow("49") << 49 << true;
        QTest::newRow("50") << 50 << false;
    }
    void fewSamplesAreSaidUntilThereAreFifty()
    {
        QFETCH(int, count);
        QFETCH(bool, said);
        const CheckResult result
            = judged(tested(), around(0.060, 0.002, count), around(0.080, 0.002, count));
        QCOMPARE(result.verdict, Verdict::Fail);
        QCOMPARE(result.sentence.endsWith(
                     QStringLiteral("; only %1 samples of the candidate and %1 of the stable: "
                                    "50 of each make it reliable")
                         .arg(count)),
                 said);
    }

    void whatCannotBeComparedIsNoDataAndNeverAPass_data()
    {
        QTest::addColumn<QList<double>>("stable");
        QTest::addColumn<QList<double>>("candidate");
        QTest::addColumn<QString>("sentence");
        const QList<double> fine = around(0.06, 0.002, 60);
        QTest::newRow("no candidate")
            << fine << QList<double>() << QStringLiteral("no series of the candidate");
        QTest::newRow("no stable")
            << QList<double>() << fine << QStringLiteral("no series of the stable");
        QTest::newRow("a candidate of NaN") << fine << QList<double>(60, notANumber)
                                            << QStringLiteral("only NaN or infinite values: no "
                                                              "requests to count");
        QTest::newRow("a stable of NaN")
            << QList<double>(60, notANumber) << fine
            << QStringLiteral("the stable: only NaN or infinite values: no requests to count");
        QTest::newRow("a candidate that went silent")
            << fine << fine.mid(0, 50) << QStringLiteral("no sample for 10 s");
        QTest::newRow("a stable that went silent")
            << fine.mid(0, 50) << fine << QStringLiteral("the stable: no sample for 10 s");
        QList<double> odd = fine;
        odd[3] = infinite;
        QTest::newRow("an infinite value among the others")
            << fine << odd
            << QStringLiteral("Infinite values, or infinitely far apart, cannot be compared.");
    }
    void whatCannotBeComparedIsNoDataAndNeverAPass()
    {
        QFETCH(QList<double>, stable);
        QFETCH(QList<double>, candidate);
        QFETCH(QString, sentence);
        const CheckResult result = judged(tested(), stable, candidate);
        QCOMPARE(result.verdict, Verdict::NoData);
        QCOMPARE(result.sentence, sentence);
        QVERIFY(needed(result));
        QCOMPARE(overall({result}), Verdict::NoData);
    }

    void tooFewSamplesAreNoDataWhateverTheyAre_data()
    {
        QTest::addColumn<JudgeMethod>("method");
        QTest::addColumn<double>("candidate");
        QTest::newRow("threshold, good") << JudgeMethod::Threshold << 0.001;
        QTest::newRow("threshold, bad") << JudgeMethod::Threshold << 0.9;
        QTest::newRow("Mann and Whitney, good") << JudgeMethod::MannWhitney << 0.001;
        QTest::newRow("Mann and Whitney, bad") << JudgeMethod::MannWhitney << 0.9;
    }
    void tooFewSamplesAreNoDataWhateverTheyAre()
    {
        QFETCH(JudgeMethod, method);
        QFETCH(double, candidate);
        Check check = tested();
        check.method = method;
        check.minSamples = 20;
        if (method == JudgeMethod::Threshold)
            check.max = 0.01;
        const CheckResult few
            = judged(check, around(0.001, 0.0001, 60), around(candidate, 0.0001, 19));
        QCOMPARE(few.verdict, Verdict::NoData);
        QCOMPARE(few.sentence, QStringLiteral("19 of 20 samples so far"));
        QVERIFY(needed(few));
        QCOMPARE(overall({few}), Verdict::NoData);
    }

    void fourSamplesProveNothingEvenWithoutAMinimum()
    {
        const CheckResult result = judged(tested(), around(0.06, 0.001, 4), around(0.9, 0.001, 4));
        QCOMPARE(result.verdict, Verdict::NoData);
        QVERIFY(result.sentence.startsWith(QStringLiteral("Too few samples: 4 of the candidate")));
    }

    void aThresholdKeepsTheSameEvidence()
    {
        Check check = tested();
        check.method = JudgeMethod::Threshold;
        check.max = 0.1;
        const CheckResult result = judged(check, around(0.06, 0, 20), around(0.07, 0, 20));
        QCOMPARE(result.verdict, Verdict::Pass);
        QVERIFY(result.evidence.shift);
        QVERIFY(qAbs(result.evidence.shift->estimate - 0.01) < 1e-12);
    }

    void theDifferenceIsTakenWhereBothHaveAValue()
    {
        QList<double> stable{1, 1, notANumber, 1, 1};
        QList<double> candidate{3, 4, 5, infinite, 7, 8};
        Check check = tested();
        check.method = JudgeMethod::Threshold;
        const CheckResult result = judged(check, stable, candidate);
        const auto at = [](int second) {
            return start.addSecs(second).toMSecsSinceEpoch();
        };
        QCOMPARE(result.evidence.difference, (QList<Sample>{{at(0), 2}, {at(1), 3}, {at(4), 6}}));
        QVERIFY(judged(check, {}, candidate).evidence.difference.isEmpty());
    }

    void equalSidesDifferByNothing()
    {
        const CheckResult result = judged(tested(), around(0.06, 0, 60), around(0.06, 0, 60));
        QCOMPARE(result.verdict, Verdict::Pass);
        QCOMPARE(shiftText(result.evidence, QStringLiteral("s")),
                 QStringLiteral("0 ms (at 98 % confidence)"));
    }

    void theRoundingOfRatesIsNoDifference()
    {
        QList<double> stable;
        QList<double> candidate;
        for (int i = 0; i < 60; ++i) {
            stable.append(0.002 * (1 + 1e-13 * i));
            candidate.append(0.002 * (1 + 1e-12 + 1e-13 * i));
        }
        const CheckResult result = judged(tested(), stable, candidate);
        QVERIFY(result.evidence.p && *result.evidence.p < 0.01);
        QCOMPARE(result.verdict, Verdict::Pass);
        QCOMPARE(result.sentence,
                 QStringLiteral("no difference that counts: 0 ms (at 98 % confidence)"));
        for (double &value : candidate)
            value *= 1.0001;
        QCOMPARE(judged(tested(), stable, candidate).verdict, Verdict::Fail);
    }

    void anotherUnitGivesTheSameVerdict()
    {
        for (const double factor : {1e-8, 1.0, 1e8}) {
            const CheckResult high = judged(tested(), around(0.06 * factor, 0.002 * factor, 60),
                                            around(0.064 * factor, 0.002 * factor, 60));
            QCOMPARE(high.verdict, Verdict::Fail);
            const CheckResult same = judged(tested(), around(0.06 * factor, 0.002 * factor, 60),
                                            around(0.06 * factor, 0.002 * factor, 60));
            QCOMPARE(same.verdict, Verdict::Pass);
        }
    }

    void differencesAreReadable_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("seconds") << 0.308 << QStringLiteral("s") << QStringLiteral("+308 ms");
        QTest::newRow("less") << -0.0012 << QStringLiteral("s") << QStringLiteral("−1.2 ms");
        QTest::newRow("ratio") << 0.042 << QStringLiteral("ratio") << QStringLiteral("+4.2 points");
        QTest::newRow("a tiny one is not nothing")
            << 0.0000042 << QStringLiteral("s") << QStringLiteral("+0.0042 ms");
        QTest::newRow("a large one has no exponent")
            << 123456.0 << QStringLiteral("bytes") << QStringLiteral("+123456 bytes");
        QTest::newRow("rounding is nothing")
            << -1e-16 << QStringLiteral("ratio") << QStringLiteral("0 points");
        QTest::newRow("nothing") << 0.0 << QStringLiteral("ratio") << QStringLiteral("0 points");
    }
    void differencesAreReadable()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        QCOMPARE(differenceText(value, unit), text);
    }
};

QTEST_GUILESS_MAIN(TestJudgeByRanks)

#include "testjudgebyranks.moc"

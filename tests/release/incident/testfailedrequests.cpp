#include "release/incident/failedrequests.h"

#include <QtTest>

#include <limits>

using namespace pilothouse;

namespace {

const QDateTime noon(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);
const double none = std::numeric_limits<double>::quiet_NaN();

QList<Sample> samples(const QList<double> &values)
{
    QList<Sample> made;
    for (int i = 0; i < values.size(); ++i)
        made.append({noon.addSecs(i).toMSecsSinceEpoch(), values[i]});
    return made;
}

ChartSeries chart(const QString &name, const QString &unit, const QList<double> &stable,
                  const QList<double> &candidate)
{
    ChartSeries made;
    made.check.name = name;
    made.unit = unit;
    made.stable = samples(stable);
    made.candidate = samples(candidate);
    made.step = std::chrono::seconds(1);
    return made;
}

/// Six seconds: 60 requests a second on each side; of the candidate's one in ten fails from the
/// second to the fourth, then it has no traffic.
QList<ChartSeries> charts()
{
    ChartSeries errors = chart(QStringLiteral("error ratio"), QStringLiteral("ratio"),
                               {0, 0, 0, 0, 0, 0}, {0, 0.1, 0.1, 0.1, none, none});
    errors.limit = 0.01;
    return {chart(QStringLiteral("p95 latency"), QStringLiteral("s"), {1}, {1}), errors,
            chart(QStringLiteral("requests"), QStringLiteral("1/s"), {60, 60, 60, 60, 120, 120},
                  {60, 60, 60, 60, 0, 0})};
}

} // namespace

class TestFailedRequests : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsTheSumOfRatioTimesRate()
    {
        const Damage damage = failedRequests(charts(), noon, noon.addSecs(6));
        QVERIFY(qAbs(damage.failedRequests.value() - 18.0) < 1e-9);
        QCOMPARE(damage.notCounted, QString());
    }

    void onlyTheAskedTimeCounts()
    {
        const Damage damage = failedRequests(charts(), noon.addSecs(1), noon.addSecs(2));
        QVERIFY(qAbs(damage.failedRequests.value() - 12.0) < 1e-9);
    }

    void aGapIsNotFilledWithFailures()
    {
        QList<ChartSeries> gap = charts();
        gap[1].candidate.removeAt(2);
        gap[2].candidate.removeAt(2);
        // The sample after the gap stands for a step and a half at most.
        const Damage damage = failedRequests(gap, noon, noon.addSecs(6));
        QVERIFY(qAbs(damage.failedRequests.value() - 15.0) < 1e-9);
    }

    void requestsWithoutARatioMakeItAtLeast()
    {
        QList<ChartSeries> torn = charts();
        torn[1].candidate[2].value = none;
        const Damage damage = failedRequests(torn, noon, noon.addSecs(6));
        QVERIFY(qAbs(damage.failedRequests.value() - 12.0) < 1e-9);
        QVERIFY(damage.notCounted.contains(QStringLiteral("no error ratio")));
    }

    void samplesThatBeginLateMakeItAtLeast()
    {
        const Damage damage = failedRequests(charts(), noon.addSecs(-60), noon.addSecs(6));
        QVERIFY(damage.failedRequests.has_value());
        QVERIFY(damage.notCounted.contains(QStringLiteral("begin after")));
    }

    void noDataIsNotNoFailure()
    {
        QVERIFY(!failedRequests({}, noon, noon.addSecs(6)).failedRequests.has_value());
        QVERIFY(
            !failedRequests(charts().mid(0, 2), noon, noon.addSecs(6)).failedRequests.has_value());
        const Damage later = failedRequests(charts(), noon.addDays(1), noon.addDays(2));
        QVERIFY(!later.failedRequests.has_value());
        QVERIFY(!later.notCounted.isEmpty());
    }

    void theBadTimeEndsWithTheTraffic()
    {
        const BadTime bad = badTime(charts(), noon);
        QCOMPARE(bad.from, noon.addSecs(1));
        QCOMPARE(bad.to, noon.addSecs(4));
        QVERIFY(!bad.goesOn);
    }

    void itGoesOnWhileTheNewestSampleIsBad()
    {
        QList<ChartSeries> going = charts();
        going[1].candidate = samples({0, 0.1, 0.1, 0.1, 0.1, 0.1});
        QVERIFY(badTime(going, noon).goesOn);
    }

    void aSeriesThatEndedIsOver()
    {
        QList<ChartSeries> ended = charts();
        ended[1].stable = samples({0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        ended[1].candidate = samples({0, 0.1, 0.1});
        QVERIFY(!badTime(ended, noon).goesOn);
        QCOMPARE(badTime(ended, noon).from, noon.addSecs(1));
    }

    void withoutALimitNothingIsBad()
    {
        QList<ChartSeries> free = charts();
        free[1].limit.reset();
        QVERIFY(!badTime(free, noon).from.isValid());
    }
};

QTEST_GUILESS_MAIN(TestFailedRequests)
#include "testfailedrequests.moc"

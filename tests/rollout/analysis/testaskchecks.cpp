#include "rollout/analysis/askchecks.h"

#include <QtTest>

using namespace pilothouse;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

const QDateTime start = QDateTime::fromMSecsSinceEpoch(1'800'000'000'000, Qt::UTC);

Check check(const QString &name)
{
    Check made;
    made.name = name;
    made.query = name + QStringLiteral("{rev=\"${revision}\"}");
    made.max = 1;
    return made;
}

SeriesSet constant(double value)
{
    SeriesSet set;
    set.step = seconds(1);
    Series series;
    series.labels.insert(QStringLiteral("version"), QStringLiteral("new"));
    for (int i = 0; i <= 10; ++i)
        series.samples.append({start.addSecs(i).toMSecsSinceEpoch(), value});
    set.series.append(series);
    return set;
}

ChecksQuestion question(const QList<Check> &checks)
{
    ChecksQuestion made;
    made.checks = checks;
    made.series = {QStringLiteral("version"), QStringLiteral("old"), QStringLiteral("new")};
    made.traffic.candidate = RevisionState{};
    made.traffic.candidate->name = RevisionName(QStringLiteral("r-2"));
    made.window = [](const Check &) {
        return RangeQuery{{}, start, start.addSecs(10), seconds(1)};
    };
    return made;
}

} // namespace

class TestAskChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resultsComeOnceAndInTheOrderOfTheChecks()
    {
        QList<std::pair<RangeQuery, RangeAnswer>> asked;
        QList<QList<CheckResult>> told;
        askChecks(
            question({check(QStringLiteral("a")), check(QStringLiteral("b"))}),
            [&](const RangeQuery &query, const RangeAnswer &answer) {
                asked.append({query, answer});
            },
            [&](const QList<CheckResult> &results) { told.append(results); });
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked[0].first.expression, QStringLiteral("a{rev=\"r-2\"}"));
        asked[1].second(constant(2));
        QVERIFY(told.isEmpty());
        asked[0].second(constant(0.5));
        QCOMPARE(told.size(), 1);
        QCOMPARE(told[0][0].name, QStringLiteral("a"));
        QCOMPARE(told[0][0].verdict, Verdict::Pass);
        QCOMPARE(told[0][1].verdict, Verdict::Fail);
    }

    void answersMayComeAtOnce()
    {
        int told = 0;
        askChecks(
            question({check(QStringLiteral("a")), check(QStringLiteral("b"))}),
            [](const RangeQuery &, const RangeAnswer &answer) { answer(constant(0.5)); },
            [&](const QList<CheckResult> &results) {
                ++told;
                QCOMPARE(results.size(), 2);
            });
        QCOMPARE(told, 1);
    }

    void anErrorIsNoDataWithItsWords()
    {
        QList<CheckResult> told;
        askChecks(
            question({check(QStringLiteral("a"))}),
            [](const RangeQuery &, const RangeAnswer &answer) {
                answer(fail(ErrorKind::BadInput, QStringLiteral("parse error")));
            },
            [&](const QList<CheckResult> &results) { told = results; });
        QCOMPARE(told[0].verdict, Verdict::NoData);
        QCOMPARE(told[0].sentence, QStringLiteral("parse error"));
    }

    void aSaturationBelongsToItsCheck()
    {
        Check held = check(QStringLiteral("held"));
        held.scales = Scaling::WithWeight;
        held.saturationQuery = QStringLiteral("pool");
        QStringList asked;
        QList<CheckResult> told;
        askChecks(
            question({check(QStringLiteral("a")), held}),
            [&](const RangeQuery &query, const RangeAnswer &answer) {
                asked.append(query.expression);
                answer(constant(query.expression == QLatin1String("pool") ? 0.2 : 0.5));
            },
            [&](const QList<CheckResult> &results) { told = results; });
        QCOMPARE(asked.size(), 3);
        QVERIFY(!told[0].saturation);
        QCOMPARE(told[1].saturation, std::optional<double>(0.2));
    }

    void theStepKeepsTheServersLimit_data()
    {
        QTest::addColumn<qint64>("span");
        QTest::addColumn<qint64>("scrape");
        QTest::addColumn<int>("most");
        QTest::addColumn<qint64>("step");
        const qint64 day = 24 * 3'600'000;
        QTest::newRow("the scrape is coarse enough")
            << qint64(900'000) << qint64(15'000) << 1000 << qint64(15'000);
        QTest::newRow("seven days for the screen")
            << 7 * day << qint64(15'000) << 1000 << qint64(605'000);
        QTest::newRow("seven days as fine as may be")
            << 7 * day << qint64(15'000) << 11'000 << qint64(55'000);
        QTest::newRow("two days at the scrape")
            << 2 * day - 60'000 << qint64(15'000) << 11'520 << qint64(15'000);
        QTest::newRow("a short span keeps parts of seconds")
            << qint64(90'000) << qint64(100) << 180 << qint64(500);
    }
    void theStepKeepsTheServersLimit()
    {
        QFETCH(qint64, span);
        QFETCH(qint64, scrape);
        QFETCH(int, most);
        QFETCH(qint64, step);
        const milliseconds found = rangeStep(milliseconds(span), milliseconds(scrape), most);
        QCOMPARE(qint64(found.count()), step);
        QVERIFY(span / found.count() <= most);
    }
};

QTEST_GUILESS_MAIN(TestAskChecks)

#include "testaskchecks.moc"

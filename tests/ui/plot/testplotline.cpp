#include "ui/rollout/plot/plotline.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace pilothouse;

namespace {

constexpr double step = 1000;
const double infinite = std::numeric_limits<double>::infinity();

QList<Sample> samples(const QList<std::pair<int, double>> &points)
{
    QList<Sample> made;
    for (const auto &[second, value] : points)
        made.append({second * 1000LL, value});
    return made;
}

PlotLine lineOf(const QList<std::pair<int, double>> &points)
{
    PlotLine line;
    line.replaceFrom(0, samples(points), step, 1);
    return line;
}

using Stretches = std::vector<PlotLine::Stretch>;

} // namespace

class TestPlotLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anUnbrokenLineIsOneStretch()
    {
        const PlotLine line = lineOf({{1, 5}, {2, 6}, {3, 7}});
        QCOMPARE(line.stretches(), (Stretches{{0, 3}}));
        QVERIFY(line.oddValues().empty());
    }

    void anAbsentPointBreaksIt()
    {
        QCOMPARE(lineOf({{1, 5}, {2, 6}, {4, 7}}).stretches(), (Stretches{{0, 2}, {2, 3}}));
    }

    void aLateSampleDoesNot()
    {
        PlotLine line;
        line.replaceFrom(0, {{1000, 1}, {2500, 2}}, step, 1);
        QCOMPARE(line.stretches(), (Stretches{{0, 2}}));
    }

    void nanAndInfBreakItAndAreKept()
    {
        const PlotLine line
            = lineOf({{1, 5}, {2, std::nan("")}, {3, 7}, {4, infinite}, {5, -infinite}});
        QCOMPARE(line.stretches(), (Stretches{{0, 1}, {2, 3}}));
        QCOMPARE(line.oddValues(), (std::vector<qsizetype>{1, 3, 4}));
        QCOMPARE(line.x().size(), size_t(5));
    }

    void nothingButNanIsNoStretch()
    {
        QVERIFY(lineOf({{1, std::nan("")}, {2, std::nan("")}}).stretches().empty());
        QVERIFY(lineOf({}).stretches().empty());
    }

    void valuesAreScaled()
    {
        PlotLine line;
        line.replaceFrom(0, samples({{1, 0.25}}), step, 100);
        QCOMPARE(line.y().front(), 25.0);
    }

    void aNewerAnswerReplacesItsTimeAndKeepsWhatIsOlder()
    {
        PlotLine line = lineOf({{1, 1}, {2, 2}, {3, 3}});
        const int before = line.revision();
        line.replaceFrom(2000, samples({{2, 20}, {3, 30}, {4, 40}}), step, 1);
        QCOMPARE(line.x(), (std::vector<double>{1000, 2000, 3000, 4000}));
        QCOMPARE(line.y(), (std::vector<double>{1, 20, 30, 40}));
        QCOMPARE(line.stretches(), (Stretches{{0, 4}}));
        QVERIFY(line.revision() != before);
    }

    void anAnswerWithoutTheSeriesLeavesAGapInItsTimeOnly()
    {
        PlotLine line = lineOf({{1, 1}, {2, 2}, {3, 3}});
        line.replaceFrom(2500, {}, step, 1);
        QCOMPARE(line.x(), (std::vector<double>{1000, 2000}));
    }

    void timeStaysInOrderWhateverAnAnswerSays()
    {
        PlotLine line = lineOf({{1, 1}, {2, 2}});
        line.replaceFrom(3000, samples({{1, 10}, {2, 20}, {3, 30}}), step, 1);
        QCOMPARE(line.x(), (std::vector<double>{1000, 2000, 3000}));
        QCOMPARE(line.y(), (std::vector<double>{1, 2, 30}));
    }

    void sevenDaysAreKept()
    {
        const int day = 24 * 3600;
        PlotLine line = lineOf({{0, 1}, {day, 2}, {7 * day, 3}});
        QCOMPARE(line.x().size(), size_t(3));
        line.replaceFrom(7.5 * day * 1000, samples({{8 * day, 4}}), step, 1);
        QCOMPARE(line.y(), (std::vector<double>{2, 3, 4}));
    }

    void anEarlierTimeStandsBeforeWithItsOwnStep()
    {
        PlotLine line = lineOf({{100, 1}, {101, 2}});
        line.setOlder(samples({{40, 4}, {70, 7}, {100, 9}}), 30 * step, 10);
        QCOMPARE(line.x(), (std::vector<double>{40'000, 70'000, 100'000, 101'000}));
        QCOMPARE(line.y(), (std::vector<double>{40, 70, 1, 2}));
        // 30 s apart is no gap there; between the two halves neither.
        QCOMPARE(line.stretches(), (Stretches{{0, 4}}));
        QCOMPARE(line.nearest(60'000).value_or(-1), 1);
        QVERIFY(!line.nearest(103'000));
    }

    void anotherEarlierTimeReplacesTheOneBefore()
    {
        PlotLine line = lineOf({{100, 1}, {101, 2}});
        line.setOlder(samples({{40, 4}, {70, 7}}), 30 * step, 1);
        line.setOlder(samples({{10, 10}, {11, 11}}), step, 1);
        QCOMPARE(line.y(), (std::vector<double>{10, 11, 1, 2}));
        QCOMPARE(line.stretches(), (Stretches{{0, 2}, {2, 4}}));
        line.replaceFrom(101'000, samples({{101, 3}, {102, 4}}), step, 1);
        QCOMPARE(line.y(), (std::vector<double>{10, 11, 1, 3, 4}));
    }

    void whatIsAnsweredAnewIsNoEarlierTimeAnyMore()
    {
        PlotLine line = lineOf({{100, 1}, {101, 2}});
        line.setOlder(samples({{97, 7}, {98, 8}, {99, 9}}), step, 1);
        line.replaceFrom(98'000, samples({{98, 80}, {99, 90}, {100, 1}}), step, 1);
        line.setOlder({}, step, 1);
        QCOMPARE(line.y(), (std::vector<double>{80, 90, 1}));
    }

    void beforeAHoleEverythingIsAnEarlierTime()
    {
        PlotLine line = lineOf({{1, 1}, {2, 2}});
        line.breakAt(500'000);
        line.replaceFrom(500'000, samples({{500, 5}, {501, 6}}), step, 1);
        QCOMPARE(line.stretches(), (Stretches{{0, 2}, {2, 4}}));
        line.setOlder(samples({{2, 2}, {300, 3}, {499, 4}, {500, 9}}), 300 * step, 1);
        QCOMPARE(line.y(), (std::vector<double>{2, 3, 4, 5, 6}));
        QCOMPARE(line.stretches(), (Stretches{{0, 5}}));
    }

    void theNearestSampleIsFound_data()
    {
        QTest::addColumn<double>("time");
        QTest::addColumn<int>("index");
        QTest::newRow("on a sample") << 2000.0 << 1;
        QTest::newRow("a little after") << 2400.0 << 1;
        QTest::newRow("a little before the next") << 2600.0 << 2;
        QTest::newRow("before the first") << 500.0 << 0;
        QTest::newRow("long before the first") << -500.0 << -1;
        QTest::newRow("after the last") << 3900.0 << 2;
        QTest::newRow("long after the last") << 4100.0 << -1;
    }
    void theNearestSampleIsFound()
    {
        QFETCH(double, time);
        QFETCH(int, index);
        const auto found = lineOf({{1, 1}, {2, 2}, {3, 3}}).nearest(time);
        QCOMPARE(found ? int(*found) : -1, index);
        QVERIFY(!PlotLine().nearest(time));
    }
};

QTEST_APPLESS_MAIN(TestPlotLine)
#include "testplotline.moc"

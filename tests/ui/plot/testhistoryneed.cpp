#include "ui/rollout/plot/historyneed.h"

#include <QTest>

using namespace pilothouse;

namespace {

constexpr double minute = 60'000;
constexpr double liveFrom = 1000 * minute;
const HistoryReach reach{100 * minute, 1000};

std::optional<HeldHistory> held(double from, double to, double step)
{
    return HeldHistory{{from * minute, to * minute}, step};
}

} // namespace

class TestHistoryNeed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsHeldIsNotAskedForAgain_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<std::optional<HeldHistory>>("history");
        QTest::addColumn<bool>("asks");
        const std::optional<HeldHistory> none;
        QTest::newRow("live only") << 1000.0 << 1015.0 << none << false;
        QTest::newRow("reaches back before live") << 990.0 << 1005.0 << none << true;
        QTest::newRow("all earlier") << 500.0 << 515.0 << none << true;
        QTest::newRow("before everything") << 50.0 << 90.0 << none << false;
        QTest::newRow("held, and as fine as can be")
            << 500.0 << 515.0 << held(490, 525, 1000) << false;
        QTest::newRow("held up to live") << 990.0 << 1005.0 << held(980, 1000, 1000) << false;
        QTest::newRow("held from the oldest on") << 50.0 << 515.0 << held(100, 1000, 1000) << false;
        QTest::newRow("begins before what is held")
            << 480.0 << 515.0 << held(490, 525, 1000) << true;
        QTest::newRow("ends after what is held") << 500.0 << 530.0 << held(490, 525, 1000) << true;
        QTest::newRow("held, and fine enough to be seen")
            << 500.0 << 515.0 << held(490, 525, 3600) << false;
        QTest::newRow("held, and too coarse") << 500.0 << 515.0 << held(490, 525, 3601) << true;
        QTest::newRow("under way") << 500.0 << 515.0 << held(490, 525, 0) << false;
    }
    void whatIsHeldIsNotAskedForAgain()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(std::optional<HeldHistory>, history);
        QFETCH(bool, asks);
        const auto needed = historyNeeded({from * minute, to * minute}, liveFrom, history, reach);
        QCOMPARE(needed.has_value(), asks);
        if (needed)
            QVERIFY(needed->from < needed->to);
    }

    void halfMoreIsAskedForOnEitherSide()
    {
        const auto needed = historyNeeded({500 * minute, 520 * minute}, liveFrom, {}, reach);
        QVERIFY(needed);
        QCOMPARE(*needed, (TimeSpan{490 * minute, 530 * minute}));
    }

    void nothingIsAskedForThatCannotBeThere()
    {
        const auto needed = historyNeeded({105 * minute, 995 * minute}, liveFrom, {}, reach);
        QVERIFY(needed);
        QCOMPARE(*needed, (TimeSpan{reach.oldest, liveFrom}));
    }
};

QTEST_APPLESS_MAIN(TestHistoryNeed)
#include "testhistoryneed.moc"

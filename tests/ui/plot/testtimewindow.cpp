#include "ui/rollout/plot/timewindow.h"

#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

namespace {

constexpr double second = 1000;
constexpr double minute = 60 * second;

} // namespace

class TestTimeWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_window = std::make_unique<TimeWindow>();
        hold(0, 60 * minute);
    }

    void withoutDataItIsNotValidAndNothingMovesIt()
    {
        TimeWindow empty;
        QSignalSpy changed(&empty, &TimeWindow::changed);
        QVERIFY(!empty.isValid() && empty.isLive());
        empty.pan(5);
        empty.zoom(0.5);
        empty.zoom(0.5, 3);
        empty.showStart();
        empty.showEnd();
        empty.showLive();
        QCOMPARE(changed.count(), 0);
    }

    void liveShowsItsSpanAtTheNewest() { shows(45 * minute, 60 * minute); }

    void liveMovesWithTheData()
    {
        hold(0, 61 * minute);
        shows(46 * minute, 61 * minute);
        QVERIFY(m_window->isLive());
    }

    void panningLeavesLiveAndStands()
    {
        m_window->pan(-5 * minute);
        QVERIFY(!m_window->isLive());
        hold(0, 61 * minute);
        shows(40 * minute, 55 * minute);
    }

    void panningEndsAtTheOldestHeld()
    {
        m_window->pan(-500 * minute);
        shows(0, 15 * minute);
    }

    void panningBackToTheNewestIsLiveAgain()
    {
        m_window->pan(-5 * minute);
        m_window->pan(6 * minute);
        QVERIFY(m_window->isLive());
        shows(45 * minute, 60 * minute);
    }

    void whereNothingOlderIsHeldPanningDoesNothing()
    {
        TimeWindow young;
        young.setHeld(0, 15 * minute, 15 * minute, second);
        young.pan(-minute);
        QVERIFY(young.isLive());
        QCOMPARE(young.from(), 0.0);
    }

    void zoomingKeepsTheTimeUnderTheMouse()
    {
        m_window->zoom(0.5, 50 * minute);
        shows(47.5 * minute, 55 * minute);
        QVERIFY(!m_window->isLive());
    }

    void zoomingByKeysWhileLiveStaysLive()
    {
        m_window->zoom(0.5);
        shows(52.5 * minute, 60 * minute);
        QVERIFY(m_window->isLive());
        hold(0, 61 * minute);
        shows(53.5 * minute, 61 * minute);
    }

    void zoomingByKeysElsewhereIsAroundTheCrosshairElseTheMiddle()
    {
        m_window->pan(-30 * minute); // 15 to 30
        m_window->zoom(0.5);
        shows(18.75 * minute, 26.25 * minute);
        m_window->setCrosshair(18.75 * minute);
        m_window->zoom(0.5);
        shows(18.75 * minute, 22.5 * minute);
    }

    void zoomEndsAtAFewSamplesAndAtAllThatIsHeld()
    {
        for (int i = 0; i < 100; ++i)
            m_window->zoom(0.5);
        QCOMPARE(m_window->span(), 8 * second);
        for (int i = 0; i < 100; ++i)
            m_window->zoom(2);
        shows(0, 60 * minute);
    }

    void liveAgainIsByItsOwnSpanTheEndIsNot()
    {
        m_window->zoom(0.5, 50 * minute);
        m_window->showEnd();
        QVERIFY(m_window->isLive());
        shows(52.5 * minute, 60 * minute);
        m_window->showLive();
        shows(45 * minute, 60 * minute);
        m_window->showStart();
        QVERIFY(!m_window->isLive());
        shows(0, 15 * minute);
    }

    void whatIsNoLongerHeldIsNotShown()
    {
        m_window->showStart();
        hold(10 * minute, 70 * minute);
        shows(10 * minute, 25 * minute);
        QVERIFY(!m_window->isLive());
    }

    void theCrosshairMovesBySamplesInsideWhatIsShown()
    {
        QSignalSpy moved(m_window.get(), &TimeWindow::crosshairMoved);
        m_window->moveCrosshair(-1);
        QCOMPARE(*m_window->crosshair(), 60 * minute);
        m_window->moveCrosshair(-3);
        QCOMPARE(*m_window->crosshair(), 60 * minute - 3 * second);
        m_window->moveCrosshair(50);
        QCOMPARE(*m_window->crosshair(), 60 * minute);
        QCOMPARE(moved.count(), 3);
        m_window->setCrosshair(std::nullopt);
        m_window->setCrosshair(std::nullopt);
        QCOMPARE(moved.count(), 4);
    }

    void changesAreToldOnce()
    {
        QSignalSpy changed(m_window.get(), &TimeWindow::changed);
        hold(0, 60 * minute);
        QCOMPARE(changed.count(), 0);
        m_window->pan(-minute);
        QCOMPARE(changed.count(), 1);
        m_window->pan(0);
        QCOMPARE(changed.count(), 1);
    }

    void timesAreAsExactAsCanBeSeen()
    {
        QCOMPARE(timeFormat(15 * minute), QStringLiteral("HH:mm:ss"));
        QCOMPARE(timeFormat(180 * minute), QStringLiteral("HH:mm"));
        QVERIFY(timeFormat(7 * 24 * 60 * minute).contains(QLatin1String("MMM")));
        const QString oneDay = spanText(12 * 60 * minute, 12 * 60 * minute + 15 * minute);
        QVERIFY2(oneDay.size() == 19, qPrintable(oneDay));
        QVERIFY(spanText(0, 72 * 60 * minute).size() > oneDay.size());
    }

private:
    void hold(double from, double to) { m_window->setHeld(from, to, 15 * minute, second); }
    void shows(double from, double to)
    {
        QCOMPARE(m_window->from(), from);
        QCOMPARE(m_window->to(), to);
    }

    std::unique_ptr<TimeWindow> m_window;
};

QTEST_APPLESS_MAIN(TestTimeWindow)
#include "testtimewindow.moc"

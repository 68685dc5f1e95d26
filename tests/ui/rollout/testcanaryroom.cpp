#include "support/accessiblenames.h"
#include "ui/frame/framewindow.h"
#include "ui/logs/logpanel.h"
#include "ui/nightroom.h"
#include "ui/rollout/metricchart.h"
#include "ui/rollout/rolloutpage.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

using namespace pilothouse;

namespace {

const QString p95 = QStringLiteral("p95");
const QString rate = QStringLiteral("rate");
const QString held = QStringLiteral("held");

Check checkOf(const QString &name, const QString &query, const QString &unit, double most)
{
    Check check = settings().checks.first();
    check.name = name;
    check.query = query;
    check.unit = unit;
    check.max = most;
    return check;
}

RolloutSettings threeChecks()
{
    RolloutSettings made = settings();
    made.checks.append(checkOf(QStringLiteral("p95 latency"), p95, QStringLiteral("s"), 0.1));
    made.checks.append(checkOf(QStringLiteral("connections held"), held, QStringLiteral("s"), 0.2));
    made.requestRateQuery = rate;
    return made;
}

/// The canary page of a release that goes well, with as many reasons as the rehearsal has.
struct Room : NightRoom
{
    explicit Room(const QSize &size) : NightRoom(size, Pages::Rollout, threeChecks())
    {
        night.metrics.values[errors] = {0.002, 0.002, true};
        night.metrics.values[p95] = {0.061, 0.064, true};
        night.metrics.values[held] = {0.04, 0.04, true};
        night.metrics.values[rate] = {60, 60, true};
        night.standalone.rollout->setExternalReasons(
            {}, {{Reason::Kind::For, QStringLiteral("EXPAND of conversations is done"), {}}});
    }
    void goesBad()
    {
        night.metrics.values[errors] = {0.002, 0.044, true};
        night.metrics.values[p95] = {0.061, 0.205, true};
        night.metrics.values[held] = {0.04, 0.348, true};
    }
    [[nodiscard]] TrackView &view() const { return *window->pages().rollout().current(); }
    [[nodiscard]] QPushButton &button(const char *name) const
    {
        return *view().findChild<QPushButton *>(QLatin1String(name));
    }
    [[nodiscard]] QStringList cut() const
    {
        QStringList cut;
        for (const char *name : {"promoteButton", "rollBackButton", "holdButton"}) {
            if (const QString what = cutOf(button(name)); !what.isEmpty())
                cut << what;
        }
        return cut;
    }
    [[nodiscard]] QScrollBar &bar(const char *area) const
    {
        return *view().findChild<QScrollArea *>(QLatin1String(area))->verticalScrollBar();
    }
};

} // namespace

/// However much the canary page tells, its two buttons are in view; and it scrolls only when it
/// must.
class TestCanaryRoom final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void promoteAndRollBackAreInView_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("how");
        for (const QSize &size : {FrameWindow::startSize, QSize(1100, 700)}) {
            for (const char *how : {"well", "badly", "lost", "held"})
                QTest::addRow("%s at %d x %d", how, size.width(), size.height())
                    << size << QString(QLatin1String(how));
        }
    }

    void promoteAndRollBackAreInView()
    {
        QFETCH(QSize, size);
        QFETCH(QString, how);
        Room room(size);
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        if (how == QLatin1String("badly"))
            room.goesBad();
        room.night.start();
        if (how == QLatin1String("lost"))
            room.night.lose(All);
        if (how == QLatin1String("held")) {
            room.night.standalone.traffic.change([&room](TrafficState &state) {
                state.hold = Hold{QStringLiteral("B. Novak"), room.night.clock.now(),
                                  QStringLiteral("rolled back: the pool is full"), CommitId(good)};
            });
            room.night.standalone.traffic.tell();
        }
        room.night.settle();
        QTRY_VERIFY(!room.night.standalone.rollout->verdicts().isEmpty());
        QTRY_VERIFY2(room.cut().isEmpty(), qPrintable(room.cut().join(QLatin1Char('\n'))));
        QCOMPARE(nameless(*room.window), QString());
        const auto *pods = room.view().findChild<QLabel *>(QStringLiteral("podWords"));
        const auto lines = pods->text().split(QLatin1Char('\n')).size();
        QTRY_VERIFY(pods->height() >= lines * pods->fontMetrics().lineSpacing());
    }

    void nothingScrollsAtTheSizeThatTheWindowOpensWith()
    {
        Room room(FrameWindow::startSize);
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.standalone.traffic.world.nextDeploy = NextDeploy{
            NextDeploy::Kind::Keeps,
            QStringLiteral("the next Helm deploy keeps this weight: its chart sets none (checked: "
                           "revision 41)"),
            {}};
        room.night.start();
        QTRY_VERIFY(room.night.standalone.rollout->chartsFrom().isValid());
        QTRY_COMPARE(room.view().findChild<QTableView *>()->model()->rowCount(), 3);
        QTRY_COMPARE(room.view().findChildren<MetricChart *>().size(), 4);
        QTRY_COMPARE(room.bar("chartScroll").maximum(), 0);
        QCOMPARE(room.bar("trackFacts").maximum(), 0);
    }

    void inASmallWindowWhatStandsAboveTheButtonsScrolls()
    {
        Room room(QSize(1100, 700));
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.start();
        QTRY_VERIFY(room.bar("trackFacts").maximum() > 0);
        QTRY_COMPARE(room.bar("chartScroll").maximum(), 0); // one bar is enough
        // All checks stand there, however little of them is in view.
        const auto *table = room.view().findChild<QTableView *>();
        QTRY_COMPARE(table->verticalScrollBar()->maximum(), 0);
        // Under their whole names.
        const QAbstractItemView *view = table;
        QTRY_VERIFY(table->columnWidth(0) >= view->sizeHintForColumn(0));
    }

    void aLogThatIsOpenedComesIntoView()
    {
        Room room(QSize(1100, 700));
        QVERIFY(QTest::qWaitForWindowExposed(room.window.get()));
        room.night.start();
        room.view().openPodLog(QStringLiteral("context-b-6c9f"));
        const auto *log = room.view().findChild<LogPanel *>();
        const auto *table = room.view().findChild<QTableView *>();
        QScrollBar &bar = room.bar("trackFacts");
        // Under all that has its height, to the last line.
        QTRY_VERIFY(bar.value() > 0 && table->height() >= table->sizeHint().height()
                    && log->visibleRegion().boundingRect().bottom() == log->rect().bottom());
        QVERIFY(log->visibleRegion().boundingRect().height() > log->height() / 2);
        QCOMPARE(nameless(*room.window), QString());
        QCOMPARE(room.cut(), QStringList());
        // Whoever scrolls away is not fetched back when something grows.
        bar.triggerAction(QAbstractSlider::SliderToMinimum);
        const int before = bar.maximum();
        room.night.lose(Cluster);
        QTRY_VERIFY(bar.maximum() > before);
        QCOMPARE(bar.value(), 0);
    }
};

QTEST_MAIN(TestCanaryRoom)
#include "testcanaryroom.moc"

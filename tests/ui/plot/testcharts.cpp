#include "ui/rollout/metricchart.h"
#include "ui/rollout/plot/chartcolumn.h"
#include "ui/rollout/plot/lineitem.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QDir>
#include <QPainter>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>
#include <QtCharts/QAbstractAxis>
#include <QtCharts/QChart>

#include <cmath>
#include <limits>

using namespace pilothouse;
using namespace std::chrono_literals;

namespace {

constexpr qint64 second = 1000;
constexpr qint64 minute = 60 * second;
const QDateTime now = QDateTime(QDate(2026, 11, 24), QTime(12, 0), Qt::UTC);

QDateTime before(qint64 ms)
{
    return now.addMSecs(-ms);
}

/// One sample a second; the value is the sample's number from `now` backwards.
QList<Sample> samples(const QDateTime &from, const QDateTime &to, double value)
{
    QList<Sample> made;
    for (qint64 at = from.toMSecsSinceEpoch(); at <= to.toMSecsSinceEpoch(); at += second)
        made.append({at, value});
    return made;
}

ChartSeries series(const QString &name, const QDateTime &from, const QDateTime &to)
{
    ChartSeries made;
    made.check.name = name;
    made.stable = samples(from, to, 20);
    made.candidate = samples(from, to, 40);
    made.stablePresence = made.candidatePresence = ChartSeries::Presence::Present;
    made.limit = 50;
    made.step = 1s;
    return made;
}

/// As an answer about an earlier time comes: a point every ten minutes.
ChartSeries history(const QDateTime &from, const QDateTime &to)
{
    ChartSeries made = series({}, now, now);
    made.stable.clear();
    for (QDateTime at = from; at <= to; at = at.addSecs(600))
        made.stable.append({at.toMSecsSinceEpoch(), 20});
    made.candidate = made.stable;
    made.step = std::chrono::seconds(600);
    return made;
}

} // namespace

class TestCharts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(*qApp); }

    void init()
    {
        m_column = std::make_unique<ChartColumn>();
        m_column->controls()->setParent(m_column.get());
        m_column->resize(800, 500);
        m_column->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_column.get()));
        answer(before(60 * minute), now, 2);
        answer(before(15 * minute), now, 2); // live shows 15 minutes of the hour held
    }

    void atFirstTheChartsAreLive()
    {
        QVERIFY2(m_column->remark().contains(QLatin1String("last 15")),
                 qPrintable(m_column->remark()));
        QVERIFY(!live()->isEnabled());
        QVERIFY(describes(0, "live"));
        QVERIFY(!describes(0, "not live"));
    }

    void whatTheMetricsServerRemarksIsSaidInTheChart()
    {
        ChartSeries remarked = series(QStringLiteral("check 0"), before(15 * minute), now);
        const auto seen = [&] {
            m_column->setCharts({remarked}, before(15 * minute), now);
            QCoreApplication::processEvents();
            return chart(0)->grab().toImage();
        };
        (void)seen(); // one chart alone is higher
        const QImage without = seen();
        remarked.warnings = {QStringLiteral("slow store"), QStringLiteral("not a counter")};
        QVERIFY(seen() != without);
        QVERIFY(describes(0, "the metrics server says: slow store; not a counter"));
        if (const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES"); !folder.isEmpty())
            m_column->grab().save(QDir(folder).filePath(QStringLiteral("chart-remark.png")));
        remarked.warnings.clear();
        QCOMPARE(seen(), without);
        QVERIFY(!describes(0, "the metrics server says"));
    }

    void beforeTheFirstAnswerNoTimeIsTold()
    {
        ChartColumn column;
        column.setCharts({series(QStringLiteral("check"), {}, {})}, {}, {});
        const auto *view = column.findChild<MetricChart *>();
        const QAbstractAxis *time = view->chart()->axes(Qt::Horizontal).first();
        QVERIFY(!time->labelsVisible());
        column.setCharts({series(QStringLiteral("check"), before(15 * minute), now)},
                         before(15 * minute), now);
        QVERIFY(time->labelsVisible());
    }

    void theWheelZoomsAllChartsAroundTheMouse()
    {
        const QPointF place = at(0, 0.5);
        hover(0, 0.5);
        const QString under = timeUnder(0);
        wheel(0, place, 120 * 3);
        QVERIFY(notLive());
        QCOMPARE(timeUnder(0), under);
        hover(0, 0.5);
        QCOMPARE(timeUnder(0), under);
        QCOMPARE(timeUnder(1), under);
        QVERIFY(describes(1, "not live"));
    }

    void draggingPansAllCharts()
    {
        const QString shown = m_column->remark();
        drag(0, 0.3, 0.6);
        QVERIFY(notLive());
        QVERIFY(m_column->remark() != shown);
        QVERIFY2(m_column->remark().contains(spanFrom(15 * minute + qint64(0.3 * 15 * minute))),
                 qPrintable(m_column->remark()));
    }

    void whatIsShownStandsWhileNewSamplesCome()
    {
        drag(0, 0.3, 0.6);
        const QString shown = m_column->remark();
        answer(before(14 * minute), now.addSecs(60), 2);
        QCOMPARE(m_column->remark(), shown);
        QTest::mouseClick(live(), Qt::LeftButton);
        QVERIFY(!notLive());
        QVERIFY(describes(0, qPrintable(timeOf(now.addSecs(60)))));
    }

    void aDoubleClickAndZeroGoBackToLive()
    {
        drag(0, 0.3, 0.6);
        QVERIFY(notLive());
        QTest::mouseDClick(chart(1)->viewport(), Qt::LeftButton, {}, at(1, 0.5).toPoint());
        QVERIFY(!notLive());
        drag(0, 0.3, 0.6);
        QTest::keyClick(chart(0), Qt::Key_0);
        QVERIFY(!notLive());
        QVERIFY(!live()->isEnabled());
    }

    void withoutAReachNothingIsAskedFor()
    {
        QSignalSpy wanted(m_column.get(), &ChartColumn::historyWanted);
        QTest::keyClick(chart(0), Qt::Key_Home);
        QTest::qWait(300);
        QCOMPARE(wanted.size(), 0);
    }

    void anEarlierTimeIsAskedForOnceWhenTheMovementRests()
    {
        m_column->setReach(std::chrono::hours(7 * 24), 1s);
        answer(before(15 * minute), now, 2);
        QSignalSpy wanted(m_column.get(), &ChartColumn::historyWanted);
        for (int i = 0; i < 40; ++i)
            QTest::keyClick(chart(0), Qt::Key_Minus);
        QVERIFY(!notLive());
        QVERIFY2(m_column->remark().contains(QLatin1String("last 7")),
                 qPrintable(m_column->remark()));
        QTRY_COMPARE(wanted.size(), 1);
        const QDateTime from = wanted[0][0].toDateTime();
        const QDateTime to = wanted[0][1].toDateTime();
        QCOMPARE(from, now.addDays(-7));
        QCOMPARE(to, before(60 * minute)); // from there on it is held
        m_column->setHistory({history(from, to), history(from, to)}, from, to);
        QTest::keyClick(chart(0), Qt::Key_Plus);
        QTest::keyClick(chart(0), Qt::Key_Minus);
        QTest::qWait(300);
        QCOMPARE(wanted.size(), 1); // what is held is fine enough
        for (int i = 0; i < 12; ++i)
            QTest::keyClick(chart(0), Qt::Key_Plus);
        QTest::keyClick(chart(0), Qt::Key_Home);
        QTRY_COMPARE(wanted.size(), 2); // from near it is not
        QCOMPARE(wanted[1][0].toDateTime(), now.addDays(-7));
        QVERIFY(wanted[1][1].toDateTime() < to);
    }

    void anEarlierTimeThatFailedIsAskedForAgain()
    {
        m_column->setReach(std::chrono::hours(24), 1s);
        answer(before(15 * minute), now, 2);
        QSignalSpy wanted(m_column.get(), &ChartColumn::historyWanted);
        QTest::keyClick(chart(0), Qt::Key_Home);
        QTRY_COMPARE(wanted.size(), 1);
        ChartSeries failed = history(before(0), now);
        failed.error = QStringLiteral("lost");
        m_column->setHistory({failed, failed}, wanted[0][0].toDateTime(),
                             wanted[0][1].toDateTime());
        QTest::keyClick(chart(0), Qt::Key_Right);
        QTRY_COMPARE(wanted.size(), 2);
    }

    void keysPanAndZoom()
    {
        QTest::keyClick(chart(0), Qt::Key_Plus);
        QVERIFY(!notLive());
        QVERIFY(m_column->remark() != QLatin1String("last 15 min"));
        QTest::keyClick(chart(0), Qt::Key_Minus);
        QTest::keyClick(chart(0), Qt::Key_Left);
        QVERIFY(notLive());
        QTest::keyClick(chart(0), Qt::Key_Right);
        QVERIFY(!notLive());
        QTest::keyClick(chart(0), Qt::Key_Home);
        QVERIFY2(m_column->remark().contains(spanFrom(60 * minute)),
                 qPrintable(m_column->remark()));
        QTest::keyClick(chart(0), Qt::Key_End);
        QVERIFY(!notLive());
    }

    void theCrosshairStandsInAllChartsAndTellsItsValues()
    {
        hover(0, 0.5);
        for (const int i : {0, 1}) {
            QVERIFY(describes(i, "at "));
            QVERIFY(describes(i, "stable 20"));
            QVERIFY(describes(i, "candidate 40"));
        }
        QCOMPARE(timeUnder(0), timeOf(before(minute * 15 / 2)));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(chart(0), &leave);
        QVERIFY(!describes(0, "at "));
    }

    void theCrosshairIsPaintedInEveryChart()
    {
        const QImage without = chart(1)->viewport()->grab().toImage();
        hover(0, 0.5);
        const QImage with = chart(1)->viewport()->grab().toImage();
        const QRectF plot = chart(1)->plotArea();
        int changed = 0;
        const int x = int(plot.center().x());
        for (int y = int(plot.top()); y < int(plot.bottom()); ++y)
            changed += without.pixel(x, y) != with.pixel(x, y);
        QVERIFY2(changed > plot.height() / 2, qPrintable(QString::number(changed)));
    }

    void theCrosshairGoesByKeysToo()
    {
        QTest::keyClick(chart(0), Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(chart(0), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(timeUnder(1), timeOf(before(second)));
        QTest::keyClick(chart(0), Qt::Key_Escape);
        QVERIFY(!describes(1, "at "));
    }

    void gapNanAndInfAreToldApartUnderTheCrosshair()
    {
        ChartSeries odd = series(QStringLiteral("odd"), before(15 * minute), now);
        odd.stable = {{now.toMSecsSinceEpoch() - second, std::nan("")},
                      {now.toMSecsSinceEpoch(), std::numeric_limits<double>::infinity()}};
        odd.candidate.clear();
        odd.candidatePresence = ChartSeries::Presence::NoSeries;
        m_column->setCharts({odd}, before(15 * minute), now);
        QTest::keyClick(chart(0), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(describes(0, "stable ∞"));
        QVERIFY(describes(0, "candidate gap"));
        QVERIFY(describes(0, "no series for candidate"));
        QTest::keyClick(chart(0), Qt::Key_Left, Qt::ShiftModifier);
        QVERIFY(describes(0, "stable NaN"));
    }

    void anErrorKeepsThePointsThatWereThere()
    {
        ChartSeries failed = series(QStringLiteral("errors"), before(15 * minute), now);
        failed.error = QStringLiteral("the server is away");
        m_column->setCharts({failed}, before(10 * minute), now.addSecs(300));
        hover(0, 0.3);
        QVERIFY(describes(0, "stable 20"));
        QVERIFY(chart(0)->oldest());
        QCOMPARE(*chart(0)->oldest(), double(before(60 * minute).toMSecsSinceEpoch()));
    }

    void aSeriesThatIsGoneIsAGapAndItsPastStays()
    {
        ChartSeries gone = series(QStringLiteral("errors"), before(15 * minute), now);
        gone.candidate.clear();
        gone.candidatePresence = ChartSeries::Presence::NoSeries;
        m_column->setCharts({gone}, before(15 * minute), now);
        hover(0, 0.5);
        QVERIFY(describes(0, "candidate gap"));
        QTest::keyClick(chart(0), Qt::Key_Home);
        hover(0, 0.5);
        QVERIFY(describes(0, "candidate 40"));
    }

    void theFirstFourChartsAreShownAndAllOnDemand()
    {
        answer(before(15 * minute), now, 6);
        QCOMPARE(shownCharts(), 4);
        auto *more = m_column->findChild<QPushButton *>(QStringLiteral("moreChartsButton"));
        QVERIFY(more->isVisible());
        QVERIFY(more->text().contains(QLatin1Char('2')));
        QTest::mouseClick(more, Qt::LeftButton);
        QCOMPARE(shownCharts(), 6);
        QTest::mouseClick(more, Qt::LeftButton);
        QCOMPARE(shownCharts(), 4);
    }

    void beforeTheFirstAnswerTheChartsSayWhatTheyWillShow()
    {
        ChartColumn young;
        ChartSeries asked;
        asked.check.name = QStringLiteral("p95");
        young.setCharts({asked}, {}, {});
        const auto *view = young.findChild<MetricChart *>(QStringLiteral("chart-0"));
        QCOMPARE(view->accessibleName(), QStringLiteral("Chart of p95"));
        QVERIFY(young.remark().isEmpty());
        QVERIFY(!view->oldest());
    }

    void allSightsDiffer()
    {
        const qint64 at = before(minute * 15 / 2).toMSecsSinceEpoch();
        const auto sight = [&](double value, ChartSeries::Presence presence) {
            ChartSeries odd = series(QStringLiteral("odd"), before(15 * minute), now);
            odd.stable.clear();
            for (Sample &sample : odd.candidate) {
                if (std::abs(sample.at - at) < 10 * second)
                    sample.value = value;
            }
            if (presence == ChartSeries::Presence::NoSeries)
                odd.candidate.clear();
            odd.candidatePresence = presence;
            if (std::isnan(value) && presence == ChartSeries::Presence::NotAsked)
                odd.candidate.removeIf(
                    [at](const Sample &sample) { return std::abs(sample.at - at) < 10 * second; });
            m_column->setCharts({odd}, before(60 * minute), now);
            return chart(0)->viewport()->grab(chart(0)->plotArea().toRect()).toImage();
        };
        using Presence = ChartSeries::Presence;
        const QList<QImage> sights{
            sight(40, Presence::Present), sight(std::nan(""), Presence::Present),
            sight(std::numeric_limits<double>::infinity(), Presence::Present),
            sight(std::nan(""), Presence::NotAsked), sight(40, Presence::NoSeries)};
        for (qsizetype i = 0; i < sights.size(); ++i)
            QCOMPARE(sights.indexOf(sights[i]), i);
    }

    void aWeekIsPaintedAsAllItsPointsAre()
    {
        // Through the item itself: strokes from pixel to pixel over all points against its columns.
        constexpr int count = 40'320;
        QList<Sample> week;
        for (int i = 0; i < count; ++i)
            week.append({i * 15'000LL, double((i * 7919LL + i / 50) % 100)});
        PlotLine line;
        line.replaceFrom(0, week, 15'000, 1);
        const PlotFrame frame{0, double(week.last().at), 0, 100, QRectF(10, 10, 600, 200)};
        LineItem item;
        item.setLines({{&line, Qt::black}});
        item.setFrame(frame);
        const auto painted = [](const auto &paint) {
            QImage image(620, 220, QImage::Format_ARGB32_Premultiplied);
            image.fill(Qt::white);
            QPainter painter(&image);
            paint(painter);
            painter.end();
            return image;
        };
        const QImage ours
            = painted([&](QPainter &painter) { item.paint(&painter, nullptr, nullptr); });
        const QImage all = painted([&](QPainter &painter) {
            painter.setClipRect(frame.area);
            painter.setPen(QPen(Qt::black, 1));
            const auto pixel = [&](const Sample &sample) {
                return QPoint(PlotFrame::pixel(frame.xOf(double(sample.at))),
                              PlotFrame::pixel(frame.yOf(sample.value)));
            };
            for (int i = 1; i < count; ++i)
                painter.drawLine(pixel(week[i - 1]), pixel(week[i]));
        });
        QVERIFY(ours == all);
        QVERIFY(ours != painted([](QPainter &) {}));
    }

    void theChartsShareTheirEdges()
    {
        QCOMPARE(chart(0)->plotArea().left(), chart(1)->plotArea().left());
        QCOMPARE(chart(0)->plotArea().right(), chart(1)->plotArea().right());
    }

    void aChartThatWasResizedLooksLikeOneThatWasAlwaysSo()
    {
        const auto picture = [this] {
            QCoreApplication::processEvents();
            return chart(1)->viewport()->grab().toImage();
        };
        const QImage before = picture();
        m_column->resize(700, 400);
        QCoreApplication::processEvents();
        m_column->resize(800, 500);
        QCOMPARE(picture(), before);
    }

private:
    void answer(const QDateTime &from, const QDateTime &to, int charts)
    {
        QList<ChartSeries> all;
        for (int i = 0; i < charts; ++i)
            all.append(series(QStringLiteral("check %1").arg(i), from, to));
        m_column->setCharts(all, from, to);
        QCoreApplication::processEvents(); // the layout of new charts
    }
    [[nodiscard]] MetricChart *chart(int i) const
    {
        return m_column->findChild<MetricChart *>(QStringLiteral("chart-%1").arg(i));
    }
    [[nodiscard]] QPushButton *live() const
    {
        return m_column->findChild<QPushButton *>(QStringLiteral("chartsLiveButton"));
    }
    [[nodiscard]] int shownCharts() const
    {
        int shown = 0;
        for (const MetricChart *view : m_column->findChildren<MetricChart *>())
            shown += view->isVisible() ? 1 : 0;
        return shown;
    }
    [[nodiscard]] bool notLive() const
    {
        return m_column->remark().contains(QLatin1String("NOT LIVE")) && live()->isEnabled();
    }
    [[nodiscard]] bool describes(int i, const char *words) const
    {
        return chart(i)->accessibleDescription().contains(QString::fromUtf8(words));
    }
    static QString timeOf(const QDateTime &time)
    {
        return time.toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    }
    static QString spanFrom(qint64 ago) { return timeOf(before(ago)) + QStringLiteral(" –"); }
    [[nodiscard]] QString timeUnder(int i) const
    {
        const QString text = chart(i)->accessibleDescription();
        return text.mid(text.indexOf(QLatin1String("; at ")) + 5, 8);
    }
    [[nodiscard]] QPointF at(int i, double part) const
    {
        const QRectF plot = chart(i)->plotArea();
        return {std::round(plot.left() + plot.width() * part), std::round(plot.center().y())};
    }
    void hover(int i, double part) const
    {
        QTest::mouseMove(chart(i)->viewport(), at(i, part).toPoint() + QPoint(1, 0));
        QTest::mouseMove(chart(i)->viewport(), at(i, part).toPoint());
    }
    void wheel(int i, const QPointF &place, int turned) const
    {
        QWidget *target = chart(i)->viewport();
        QWheelEvent event(place, target->mapToGlobal(place), {}, QPoint(0, turned), {}, {},
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(target, &event);
    }
    void drag(int i, double from, double to) const
    {
        QWidget *target = chart(i)->viewport();
        QTest::mousePress(target, Qt::LeftButton, {}, at(i, from).toPoint());
        QTest::mouseMove(target, at(i, (from + to) / 2).toPoint());
        QTest::mouseMove(target, at(i, to).toPoint());
        QTest::mouseRelease(target, Qt::LeftButton, {}, at(i, to).toPoint());
    }

    std::unique_ptr<ChartColumn> m_column;
};

QTEST_MAIN(TestCharts)
#include "testcharts.moc"

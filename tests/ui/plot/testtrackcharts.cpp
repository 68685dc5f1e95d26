#include "logs/logcontroller.h"
#include "rollout/rolloutbench.h"
#include "ui/rollout/metricchart.h"
#include "ui/rollout/plot/chartcolumn.h"
#include "ui/rollout/trackview.h"
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QLabel>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QtCharts/QChart>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QValueAxis>

using namespace pilothouse;
using namespace std::chrono_literals;

/// The charts in their page, over a controller with everything below its ports in memory.
class TestTrackCharts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(*qApp);
        QVERIFY(m_dir.isValid());
    }
    void init()
    {
        m_view.reset();
        m_bench = std::make_unique<RolloutBench>();
        m_logs = std::make_unique<LogController>(std::vector<LogSource *>{}, m_dir.path(),
                                                 m_bench->clock);
        RolloutSettings two = settings();
        two.checks.append(latency());
        m_bench->metrics.values[latency().query] = {0.061, 0.061, true};
        m_bench->start(&m_bench->metrics, two);
        m_bench->toWeight(10);
        m_view = std::make_unique<TrackView>(*m_bench->rollout, *m_logs);
        m_view->resize(1200, 800);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
        QTRY_VERIFY2(passes([this] {
                         return m_view->findChild<MetricChart *>() != nullptr
                                && m_bench->rollout->chartsFrom().isValid();
                     }),
                     "no chart came");
    }
    void cleanupTestCase()
    {
        m_view.reset();
        m_logs.reset();
    }

    void theChartsFollowTheFeed()
    {
        QVERIFY(chart()->accessibleDescription().startsWith(QLatin1String("live")));
        QVERIFY(says("last 15 min"));
        const QString before = chart()->accessibleDescription();
        m_bench->clock.advance(2min);
        QTRY_VERIFY(chart()->accessibleDescription() != before);
    }

    void panningInThePageSaysSoAndTheButtonBringsLiveBack()
    {
        m_bench->clock.advance(10min);
        QTRY_VERIFY(passes([this] {
            QTest::keyClick(chart(), Qt::Key_Left);
            return says("NOT LIVE");
        }));
        auto *live = m_view->findChild<QPushButton *>(QStringLiteral("chartsLiveButton"));
        QVERIFY(live && live->isVisible() && live->isEnabled());
        QTest::mouseClick(live, Qt::LeftButton);
        QVERIFY(says("last 15 min"));
        QVERIFY(!live->isEnabled());
    }

    void theLimitIsALineAtItsValue_data()
    {
        QTest::addColumn<Theme::Scheme>("scheme");
        QTest::newRow("in the light") << Theme::Scheme::Light;
        QTest::newRow("in the dark") << Theme::Scheme::Dark;
    }
    void theLimitIsALineAtItsValue()
    {
        QFETCH(Theme::Scheme, scheme);
        Theme::instance().setScheme(scheme);
        QCoreApplication::processEvents();
        for (const auto &[name, shown] : {std::pair("chart-0", 1.0), std::pair("chart-1", 100.0)}) {
            const auto *limited = m_view->findChild<MetricChart *>(QLatin1String(name));
            QVERIFY(limited);
            QCOMPARE(levelOf(*limited, Theme::instance().color(ColorRole::Limit)),
                     QList<int>{yOf(*limited, shown)});
        }
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void aChangeOfTheWeightIsMarkedInEveryChart()
    {
        const QColor ink = markColor(ChartMark::Kind::Weight);
        const QDateTime now = m_bench->clock.now();
        const auto charts = m_view->findChildren<MetricChart *>();
        QCOMPARE(charts.size(), 2);
        for (const MetricChart *each : charts)
            QVERIFY(!each->accessibleDescription().contains(QStringLiteral("→ 50 %")));
        m_bench->traffic.change([&now](TrafficState &t) {
            t.changes = {{now.addSecs(-200),
                          QStringLiteral("A. Muster"),
                          Weight{10},
                          Weight{50},
                          {},
                          {},
                          {}}};
        });
        m_bench->traffic.tell();
        QTRY_VERIFY(passes([this] { return marks("→ 50 % at "); }));
        for (const MetricChart *each : charts) {
            QVERIFY(each->accessibleDescription().contains(QStringLiteral("→ 50 % at ")));
            QCOMPARE(uprightOf(*each, ink), QList<int>{xOf(*each, now.addSecs(-200))});
        }
    }

    void anAlertIsMarkedAndItsMarkStaysWhenItIsOver()
    {
        QVERIFY(!marks("HighErrorRatio at "));
        Alert alert;
        alert.name = QStringLiteral("HighErrorRatio");
        alert.state = QStringLiteral("firing");
        alert.activeAt = m_bench->clock.now().addSecs(-60);
        m_bench->metrics.firing = {alert};
        QTRY_VERIFY(passes([this] { return marks("HighErrorRatio at "); }));
        m_bench->metrics.firing.clear();
        QTRY_VERIFY(passes([this] { return m_bench->rollout->alerts().isEmpty(); }));
        QVERIFY(marks("HighErrorRatio at "));
    }

    void anAlertOfBeforeTheStartIsMarkedToo()
    {
        QVERIFY(!marks("HighErrorRatio at "));
        Series series;
        series.labels = {{QStringLiteral("alertname"), QStringLiteral("HighErrorRatio")}};
        const qint64 then = m_bench->clock.now().addSecs(-300).toMSecsSinceEpoch();
        for (qint64 at = then; at < then + 60'000; at += 1'000)
            series.samples.append({at, 1});
        m_bench->metrics.alertSeries = {series};
        QTRY_VERIFY(passes([this] { return marks("HighErrorRatio at "); }));
        QVERIFY(m_bench->rollout->alerts().isEmpty());
        m_bench->metrics.alertSeriesError
            = Error{ErrorKind::NotAllowed, QStringLiteral("Not these."), {}, {}};
        QTRY_VERIFY(passes([this] { return says("earlier alerts not told: Not these."); }));
        QVERIFY(marks("HighErrorRatio at "));
    }

    /// For whoever looks: PILOTHOUSE_PICTURES names a folder.
    void marksThatStandCloseAreTold()
    {
        const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
        const QDateTime now = m_bench->clock.now();
        m_bench->traffic.change([&now](TrafficState &t) {
            const auto to = [&now](int ago, int from, int weight) {
                return WeightChange{now.addSecs(-ago),
                                    QStringLiteral("A. Muster"),
                                    Weight{from},
                                    Weight{weight},
                                    {},
                                    {},
                                    {}};
            };
            t.changes = {to(60, 50, 0), to(200, 10, 50), to(500, 0, 10)};
        });
        m_bench->traffic.tell();
        Series series;
        series.labels = {{QStringLiteral("alertname"), QStringLiteral("HighErrorRatio")}};
        const qint64 then = now.addSecs(-170).toMSecsSinceEpoch();
        for (qint64 at = then; at < then + 60'000; at += 1'000)
            series.samples.append({at, 1});
        m_bench->metrics.alertSeries = {series};
        m_view->setDatabaseSteps(
            {{ChartMark::Kind::DatabaseStep, double(now.addSecs(-240).toMSecsSinceEpoch()),
              QStringLiteral("M2 backfill")}});
        QTRY_VERIFY(passes([this] { return marks("HighErrorRatio at "); }));
        QCOMPARE(m_bench->rollout->firings().size(), 1);
        for (const auto scheme : {Theme::Scheme::Light, Theme::Scheme::Dark}) {
            if (folder.isEmpty())
                break;
            Theme::instance().setScheme(scheme);
            m_view->repaint();
            QTest::qWait(50);
            m_view->grab().save(folder
                                + (scheme == Theme::Scheme::Dark
                                       ? QStringLiteral("/marks-dark.png")
                                       : QStringLiteral("/marks-light.png")));
        }
        Theme::instance().setScheme(Theme::Scheme::Light);
    }

    void databaseStepsAreMarked()
    {
        m_view->setDatabaseSteps({{ChartMark::Kind::DatabaseStep,
                                   double(m_bench->clock.now().addSecs(-60).toMSecsSinceEpoch()),
                                   QStringLiteral("M2 backfill")}});
        QVERIFY(marks("M2 backfill at "));
        m_view->setDatabaseSteps({});
        QVERIFY(!marks("M2 backfill at "));
    }

private:
    /// Time goes on until something is so.
    template <typename Condition>
    bool passes(const Condition &condition)
    {
        m_bench->clock.advance(5s);
        QCoreApplication::processEvents();
        return condition();
    }
    [[nodiscard]] MetricChart *chart() const
    {
        return m_view->findChild<MetricChart *>(QStringLiteral("chart-0"));
    }
    [[nodiscard]] static Check latency()
    {
        Check made;
        made.name = QStringLiteral("p95 latency");
        made.query = QStringLiteral("latency");
        made.unit = QStringLiteral("s");
        made.max = 0.1;
        return made;
    }
    /// The plot as it is painted.
    [[nodiscard]] static QImage plotOf(const MetricChart &of)
    {
        return of.viewport()->grab(of.plotArea().toRect()).toImage();
    }
    /// The rows of the plot in which a third or more of the pixels have this ink.
    [[nodiscard]] static QList<int> levelOf(const MetricChart &of, const QColor &ink)
    {
        const QImage plot = plotOf(of);
        QList<int> rows;
        for (int y = 0; y < plot.height(); ++y) {
            int inked = 0;
            for (int x = 0; x < plot.width(); ++x)
                inked += plot.pixelColor(x, y) == ink ? 1 : 0;
            if (3 * inked > plot.width())
                rows.append(y);
        }
        return rows;
    }
    /// The columns likewise.
    [[nodiscard]] static QList<int> uprightOf(const MetricChart &of, const QColor &ink)
    {
        const QImage plot = plotOf(of);
        QList<int> columns;
        for (int x = 0; x < plot.width(); ++x) {
            int inked = 0;
            for (int y = 0; y < plot.height(); ++y)
                inked += plot.pixelColor(x, y) == ink ? 1 : 0;
            if (2 * inked > plot.height())
                columns.append(x);
        }
        return columns;
    }
    /// In the plot, as the axis counts; `value` in the unit that is shown.
    [[nodiscard]] static int yOf(const MetricChart &of, double value)
    {
        const auto *axis = qobject_cast<QValueAxis *>(of.chart()->axes(Qt::Vertical).constFirst());
        const double part = (value - axis->min()) / (axis->max() - axis->min());
        const QRectF plot = of.plotArea();
        return qRound(plot.bottom() - part * plot.height()) - plot.toRect().top();
    }
    [[nodiscard]] static int xOf(const MetricChart &of, const QDateTime &time)
    {
        const auto *axis
            = qobject_cast<QDateTimeAxis *>(of.chart()->axes(Qt::Horizontal).constFirst());
        const double part
            = double(axis->min().msecsTo(time)) / double(axis->min().msecsTo(axis->max()));
        const QRectF plot = of.plotArea();
        return int(plot.left() + part * plot.width()) - plot.toRect().left();
    }
    /// As who does not see it is told.
    [[nodiscard]] bool marks(const char *words) const
    {
        return chart()->accessibleDescription().contains(QString::fromUtf8(words));
    }
    [[nodiscard]] bool says(const char *words) const
    {
        for (const QLabel *label : m_view->findChildren<QLabel *>()) {
            if (label->text().contains(QLatin1String(words)))
                return true;
        }
        return false;
    }

    QTemporaryDir m_dir;
    std::unique_ptr<RolloutBench> m_bench;
    std::unique_ptr<LogController> m_logs;
    std::unique_ptr<TrackView> m_view;
};

QTEST_MAIN(TestTrackCharts)
#include "testtrackcharts.moc"

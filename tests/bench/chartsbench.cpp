#include "bench/measure.h"
#include "ui/rollout/metricchart.h"
#include "ui/rollout/plot/lineitem.h"
#include "ui/rollout/plot/timewindow.h"

#include <QtCharts/QChart>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <QApplication>
#include <QVBoxLayout>

#include <algorithm>
#include <ctime>
#include <memory>
#include <random>

using namespace pilothouse;

namespace {

constexpr QSize size(1200, 400);
constexpr double week = 7 * 24 * 3'600'000.0;
constexpr double shownPart = 0.9; ///< of what is held; the rest is room to pan
constexpr int frames = 300;
constexpr int seriesCount = 20;
constexpr int weekAtFifteenSeconds = 40'320;
const QDateTime start(QDate(2026, 11, 17), QTime(0, 0), Qt::UTC);

QList<Sample> samples(int count, unsigned seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<double> noise(0, 8);
    const double step = week / count;
    QList<Sample> made;
    made.reserve(count);
    for (int i = 0; i < count; ++i)
        made.append({start.toMSecsSinceEpoch() + qint64(i * step),
                     std::clamp(50 + 20 * std::sin(i * 9.0 / count) + noise(random), 0.0, 100.0)});
    return made;
}

ChartSeries chartOf(const QList<Sample> &stable, const QList<Sample> &candidate, int count)
{
    ChartSeries made;
    made.check.name = QStringLiteral("p95");
    made.stable = stable;
    made.candidate = candidate;
    made.stablePresence = made.candidatePresence = ChartSeries::Presence::Present;
    made.limit = 90;
    made.step = std::chrono::milliseconds(qint64(week / count));
    return made;
}

void hold(TimeWindow &window, int count, double part = shownPart)
{
    const double from = double(start.toMSecsSinceEpoch());
    window.setHeld(from, from + week, week * part, week / count);
}

/// Some pixels to the left, and back again at the end of the room.
double panOf(int frame, double part = shownPart)
{
    const double perFrame = week * part / size.width() * 2;
    return (frame / 50) % 2 == 0 ? -perFrame : perFrame;
}

double quantile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(double(values.size()) * part))];
}

/// One QLineSeries as Qt Charts draws it by itself, in a view like ours.
class PlainChart
{
public:
    explicit PlainChart(int count)
    {
        m_view.setRenderHint(QPainter::Antialiasing);
        m_view.setFrameShape(QFrame::NoFrame);
        QChart *chart = m_view.chart();
        chart->legend()->hide();
        chart->setMargins({});
        chart->addSeries(m_series);
        chart->addAxis(m_time, Qt::AlignBottom);
        chart->addAxis(m_value, Qt::AlignLeft);
        m_series->attachAxis(m_time);
        m_series->attachAxis(m_value);
        QList<QPointF> points;
        for (const Sample &sample : samples(count, 1))
            points.append({double(sample.at), sample.value});
        m_series->replace(points);
        m_value->setRange(0, 100);
        m_view.resize(size);
        m_view.show();
    }

    void show(double from, double to)
    {
        m_time->setRange(QDateTime::fromMSecsSinceEpoch(qint64(from)),
                         QDateTime::fromMSecsSinceEpoch(qint64(to)));
        m_view.viewport()->repaint();
    }

private:
    QChartView m_view;
    QDateTimeAxis *m_time = new QDateTimeAxis; ///< of the chart, as the others
    QValueAxis *m_value = new QValueAxis;
    QLineSeries *m_series = new QLineSeries;
};

void millionAgainstPlain(int count)
{
    constexpr int plainCount = 4800;
    TimeWindow window;
    MetricChart ours(window);
    ours.setTimeAxis(MetricChart::TimeAxis::Shown);
    ours.resize(size);
    ours.setData(chartOf(samples(count, 1), {}, count), start);
    hold(window, count);
    ours.show();
    PlainChart plain(plainCount);
    QCoreApplication::processEvents();
    int frame = 0;
    const auto pan = [&] {
        window.pan(panOf(frame++));
        ours.viewport()->repaint();
    };
    // The same times as ours shows, one frame behind it.
    const bench::Pair pair
        = bench::measure(101, pan, [&] { plain.show(window.from(), window.to() + frame % 2); });
    bench::print("charts", "pan a chart with one series", "pan one QLineSeries of 4,800 points",
                 {{QStringLiteral("points"), count},
                  {QStringLiteral("width"), size.width()},
                  {QStringLiteral("height"), size.height()}},
                 pair);
}

double cpuMilliseconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) / 1e6;
}

/// Beside the time on the wall, what of it this thread worked: others may want the machine too.
template <typename Frame>
void measureFrames(const char *what, int series, const Frame &frame)
{
    std::vector<double> wall;
    std::vector<double> worked;
    for (int i = 0; i < frames; ++i) {
        const double before = cpuMilliseconds();
        wall.push_back(1000 * bench::secondsOf([&] { frame(i); }));
        worked.push_back(cpuMilliseconds() - before);
    }
    const QJsonObject line{{QStringLiteral("bench"), QStringLiteral("charts")},
                           {QStringLiteral("what"), QLatin1String(what)},
                           {QStringLiteral("series"), series},
                           {QStringLiteral("points"), weekAtFifteenSeconds},
                           {QStringLiteral("frames"), frames},
                           {QStringLiteral("median_ms"), quantile(wall, 0.5)},
                           {QStringLiteral("p99_ms"), quantile(wall, 0.99)},
                           {QStringLiteral("cpu_median_ms"), quantile(worked, 0.5)},
                           {QStringLiteral("cpu_p99_ms"), quantile(worked, 0.99)}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
}

/// All series in one picture of 1200×400, with the axes of Qt Charts.
void oneChartOfMany()
{
    std::vector<PlotLine> lines(seriesCount);
    std::vector<LineItem::Shown> shown;
    for (int i = 0; i < seriesCount; ++i) {
        lines[size_t(i)].replaceFrom(0, samples(weekAtFifteenSeconds, unsigned(i + 1)), 15'000, 1);
        shown.push_back({&lines[size_t(i)], QColor::fromHsv(i * 18, 200, 180)});
    }
    TimeWindow window;
    hold(window, weekAtFifteenSeconds);
    auto *time = new QDateTimeAxis; // the chart takes them
    auto *value = new QValueAxis;
    QChartView view;
    view.setRenderHint(QPainter::Antialiasing);
    view.chart()->legend()->hide();
    auto *carrier = new QLineSeries;
    view.chart()->addSeries(carrier);
    view.chart()->addAxis(time, Qt::AlignBottom);
    view.chart()->addAxis(value, Qt::AlignLeft);
    carrier->attachAxis(time);
    carrier->attachAxis(value);
    value->setRange(0, 100);
    view.resize(size);
    auto *item = new LineItem(view.chart());
    item->setZValue(10);
    item->setLines(shown);
    view.show();
    QCoreApplication::processEvents();
    measureFrames("pan one chart with all series", seriesCount, [&](int frame) {
        window.pan(panOf(frame));
        time->setRange(QDateTime::fromMSecsSinceEpoch(qint64(window.from())),
                       QDateTime::fromMSecsSinceEpoch(qint64(window.to())));
        item->setFrame({window.from(), window.to(), 0, 100, view.chart()->plotArea()});
        view.viewport()->repaint();
    });
}

/// The page's own: two series a chart, one time axis.
void chartsOfThePage(const char *what, int charts, double part = shownPart)
{
    TimeWindow window;
    QWidget page;
    auto *column = new QVBoxLayout(&page);
    column->setContentsMargins(0, 0, 0, 0);
    QList<MetricChart *> views;
    for (int i = 0; i < charts; ++i) {
        auto *view = new MetricChart(window);
        column->addWidget(view);
        view->setData(chartOf(samples(weekAtFifteenSeconds, unsigned(2 * i + 1)),
                              samples(weekAtFifteenSeconds, unsigned(2 * i + 2)),
                              weekAtFifteenSeconds),
                      start);
        views.append(view);
    }
    views.last()->setTimeAxis(MetricChart::TimeAxis::Shown);
    hold(window, weekAtFifteenSeconds, part);
    page.resize(size);
    page.show();
    QCoreApplication::processEvents();
    measureFrames(what, charts * 2, [&](int frame) {
        window.pan(panOf(frame, part));
        QCoreApplication::processEvents(); // the updates that the pan asked for
    });
}

} // namespace

int main(int argc, char **argv)
{
    const QApplication app(argc, argv);
    const int points = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 1'000'000;
    millionAgainstPlain(points);
    oneChartOfMany();
    chartsOfThePage("pan the page's charts, a week in each", 4);
    chartsOfThePage("pan the page's charts, smooth lines in each", 4, 0.017);
    chartsOfThePage("pan all charts of a page, a week in each", seriesCount / 2);
    return 0;
}

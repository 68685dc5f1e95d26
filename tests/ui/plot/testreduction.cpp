#include "ui/rollout/plot/reduction.h"

#include <QGuiApplication>
#include <QImage>
#include <QPainter>
#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace pilothouse;

namespace {

constexpr double step = 1000;
constexpr int dash = 3;
const double infinite = std::numeric_limits<double>::infinity();

using Points = QList<std::pair<double, double>>; ///< ms, value

PlotLine lineOf(const Points &points)
{
    QList<Sample> samples;
    for (const auto &[time, value] : points)
        samples.append({qint64(time), value});
    PlotLine line;
    line.replaceFrom(-1e15, samples, step, 1);
    return line;
}

PlotFrame frameOf(double from, double to, int width, int height = 120)
{
    return {from, to, 0, 100, QRectF(7, 5, width, height)};
}

std::vector<PixelColumn> reduced(const PlotLine &line, const PlotFrame &frame)
{
    return reduce(line, seenStretches(line, frame), frame);
}

QImage picture(const Strokes &strokes, const PlotFrame &frame, int width)
{
    QImage image(int(frame.area.right()) + 9, int(frame.area.bottom()) + 9,
                 QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setClipRect(frame.area);
    painter.setPen(QPen(Qt::black, width));
    painter.drawLines(strokes.joins);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::black);
    painter.drawRects(strokes.columns);
    return image;
}

/// A stroke from the pixel of each point to that of the next, over all of them: told from the
/// points themselves, without anything of what is tested.
QList<QLine> everyStroke(const Points &points, const PlotFrame &frame)
{
    const auto pixelOf = [&frame](const std::pair<double, double> &point) {
        const QRectF &area = frame.area;
        const double x
            = area.left() + (point.first - frame.from) * (area.width() / (frame.to - frame.from));
        const double y = area.bottom()
                         - (point.second - frame.low) * (area.height() / (frame.high - frame.low));
        return QPoint(int(std::floor(x)), int(std::floor(y)));
    };
    const auto apart = [&points](qsizetype i) { // of the point before it
        return i <= 0 || i >= points.size() || !std::isfinite(points[i].second)
               || !std::isfinite(points[i - 1].second)
               || points[i].first - points[i - 1].first > 1.5 * step;
    };
    QList<QLine> lines;
    for (qsizetype i = 0; i < points.size(); ++i) {
        if (!std::isfinite(points[i].second))
            continue;
        if (!apart(i))
            lines.append(QLine(pixelOf(points[i - 1]), pixelOf(points[i])));
        else if (apart(i + 1))
            lines.append(QLine(pixelOf(points[i]), pixelOf(points[i]) + QPoint(dash - 1, 0)));
    }
    return lines;
}

Points randomPoints(std::mt19937 &random, int count, int spread)
{
    std::uniform_real_distribution<double> part(0, 1);
    Points points;
    double time = 0;
    double value = 50;
    for (int i = 0; i < count; ++i) {
        time += std::floor(1 + part(random) * 1200);
        const double dice = part(random);
        if (dice < 0.02)
            time += 5 * step;
        value = spread == 0 ? part(random) * 100
                            : std::clamp(value + (part(random) - 0.5) * spread, 0.0, 100.0);
        points.append({time, dice > 0.99 ? std::nan("") : dice > 0.98 ? infinite : value});
    }
    return points;
}

} // namespace

class TestReduction : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itsRasterIsThatOfAllPoints_data()
    {
        QTest::addColumn<Points>("points");
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        std::mt19937 random(20'261'124);
        for (int i = 0; i < 40; ++i) {
            const Points points = randomPoints(random, 20 << (i % 9), (i % 4) * 4);
            const double end = points.last().first;
            QTest::addRow("random %d, whole", i) << points << 0.0 << end;
            QTest::addRow("random %d, a part", i) << points << end * 0.31 << end * 0.62;
        }
        Points saw; // up and down inside each column
        for (int i = 0; i < 4000; ++i)
            saw.append({i * 500.0, i % 2 ? 99.0 : 1.0});
        QTest::newRow("saw") << saw << 0.0 << 2e6;
        Points alternating; // a gap after every point
        for (int i = 0; i < 3000; ++i)
            alternating.append({i * 900.0, i % 2 ? std::nan("") : double(i % 100)});
        QTest::newRow("every second is NaN") << alternating << 0.0 << 2.7e6;
        QTest::newRow("one point") << Points{{500, 40}} << 0.0 << 1000.0;
        QTest::newRow("two in a column") << Points{{500, 10}, {501, 80}} << 0.0 << 1e6;
        QTest::newRow("two in a column, one row") << Points{{500, 10}, {501, 10}} << 0.0 << 1e6;
        QTest::newRow("a jump between columns")
            << Points{{0, 0}, {1000, 0}, {1001, 100}, {2000, 100}} << 0.0 << 2000.0;
        QTest::newRow("a jump in a column")
            << Points{{0, 50}, {400, 50}, {401, 100}, {402, 0}, {403, 50}, {1000, 50}} << 0.0
            << 1000.0;
        QTest::newRow("nothing but NaN")
            << Points{{100, std::nan("")}, {200, infinite}} << 0.0 << 1000.0;
        QTest::newRow("segments enter from outside")
            << Points{{0, 0}, {1000, 100}, {2000, 0}, {3000, 100}} << 300.0 << 2700.0;
        QTest::newRow("one segment across") << Points{{0, 0}, {1000, 100}} << 400.0 << 600.0;
        QTest::newRow("all outside") << Points{{0, 0}, {1000, 100}, {9000, 5}} << 2600.0 << 8000.0;
    }
    void itsRasterIsThatOfAllPoints()
    {
        QFETCH(Points, points);
        QFETCH(double, from);
        QFETCH(double, to);
        const PlotLine line = lineOf(points);
        for (const int width : {1, 2, 64, 333, 600, 1200}) {
            const PlotFrame frame = frameOf(from, to, width);
            const std::vector<PixelColumn> columns = reduced(line, frame);
            for (const int pen : {1, 2}) {
                const QImage all = picture({{}, everyStroke(points, frame)}, frame, pen);
                QVERIFY2(picture(strokes(columns, dash, pen), frame, pen) == all,
                         qPrintable(QStringLiteral("width %1, pen %2").arg(width).arg(pen)));
            }
        }
    }

    void gapsAtTheBordersOfColumnsStayGaps()
    {
        // 10 columns of 1000 ms; the gap lies exactly between two of them.
        const PlotFrame frame = frameOf(0, 10'000, 10);
        const auto columns
            = reduced(lineOf({{2000, 10}, {2999, 20}, {5000, 30}, {5999, 40}}), frame);
        QCOMPARE(columns.size(), size_t(2));
        QCOMPARE(columns[0].x, 9);
        QCOMPARE(columns[1].x, 12);
        QVERIFY(!columns[0].joined && !columns[1].joined);
    }

    void twoStretchesOfOneColumnStayApart()
    {
        const auto columns
            = reduced(lineOf({{100, 10}, {200, 12}, {300, std::nan("")}, {400, 90}, {500, 92}}),
                      frameOf(0, 10'000, 10));
        QCOMPARE(columns.size(), size_t(2));
        QCOMPARE(columns[0].x, columns[1].x);
        QVERIFY(!columns[1].joined);
        QVERIFY(columns[0].top > columns[1].bottom);
    }

    void aColumnTellsFirstLastLowestAndHighest()
    {
        const auto columns = reduced(lineOf({{100, 30}, {200, 90}, {300, 10}, {400, 60}}),
                                     {0, 1000, 0, 100, QRectF(0, 0, 1, 100)});
        QCOMPARE(columns.size(), size_t(1));
        const PixelColumn wanted{0, 70, 40, 10, 90, false, false};
        QVERIFY(columns[0] == wanted);
    }

    void howeverManyPointsThereAreTheColumnsAreThoseOfThePicture()
    {
        Points points;
        for (int i = 0; i < 100'000; ++i)
            points.append({double(i), double((i * 7919) % 100)});
        const auto columns = reduced(lineOf(points), frameOf(0, 99'999, 300));
        QCOMPARE(columns.size(), size_t(301)); // the last point stands on the edge
        const Strokes made = strokes(columns, dash, 1);
        QVERIFY(made.columns.size() + made.joins.size() <= 602);
    }

    void timesFarOutsideDoNotBreakIt()
    {
        const PlotLine line = lineOf({{-3e8, 1}, {-3e8 + 900, 2}, {0, 50}, {1400, 60}, {3e8, 3}});
        QCOMPARE(reduced(line, frameOf(0, 1, 1000)).size(), size_t(2));
        QVERIFY(reduced(line, frameOf(1e7, 2e7, 100)).empty());
    }

    void theRangeOfValuesIsThatOfTheTimeShown()
    {
        const PlotLine line = lineOf({{0, 99}, {1000, 5}, {2000, 7}, {3000, std::nan("")}});
        const auto range = valuesBetween(line, 500, 2500);
        QVERIFY(range);
        QCOMPARE(range->low, 5.0);
        QCOMPARE(range->high, 99.0); // its segment enters
        QCOMPARE(valuesBetween(line, 1500, 2500)->high, 7.0);
        QVERIFY(!valuesBetween(line, 2500, 5000));
    }

    void aFrameKnowsItsTimesAndPlaces()
    {
        const PlotFrame frame = frameOf(1000, 3000, 200);
        QCOMPARE(frame.xOf(1000), 7.0);
        QCOMPARE(frame.xOf(3000), 207.0);
        QCOMPARE(frame.timeAt(107), 2000.0);
        QCOMPARE(frame.yOf(0), 125.0);
        QCOMPARE(frame.yOf(100), 5.0);
        QCOMPARE(PlotFrame::pixel(-0.5), -1);
    }
};

QTEST_MAIN(TestReduction)
#include "testreduction.moc"

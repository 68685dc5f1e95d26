#include "ui/rollout/plot/reduction.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double thickestPen = 8; ///< px; also the shortest dash
constexpr double farthest = 1e6;  ///< px; whatever lies beyond is out of every picture

/// The first stretch that ends at or after a time.
std::vector<PlotLine::Stretch>::const_iterator firstAt(const PlotLine &line, double time)
{
    return std::partition_point(
        line.stretches().cbegin(), line.stretches().cend(),
        [&](const PlotLine::Stretch &stretch) { return line.x()[size_t(stretch.end - 1)] < time; });
}

SeenStretch seenOf(const std::vector<double> &times, const PlotLine::Stretch &stretch, double from,
                   double to)
{
    const auto x = times.cbegin();
    const qsizetype begin = std::lower_bound(x + stretch.begin, x + stretch.end, from) - x;
    const qsizetype end = std::upper_bound(x + begin, x + stretch.end, to) - x;
    if (begin == stretch.end || (begin == end && begin == stretch.begin))
        return {};
    return {std::max<qsizetype>(stretch.begin, begin - 1),
            std::min<qsizetype>(stretch.end, end + 1), stretch.end - stretch.begin == 1};
}

/// The first of [from, end) that is not in the column that ends at `edge`, by steps that double:
/// few in a column cost few comparisons, many cost their logarithm.
qsizetype columnEnd(const double *x, qsizetype from, qsizetype end, const PlotFrame &frame,
                    double edge)
{
    qsizetype below = from;
    qsizetype step = 1;
    while (below + step < end && frame.xOf(x[below + step]) < edge) {
        below += step;
        step *= 2;
    }
    const qsizetype above = std::min(end, below + step);
    const auto *first = std::partition_point(x + below + 1, x + above,
                                             [&](double time) { return frame.xOf(time) < edge; });
    return first - x;
}

/// Whether the stroke from one column to the next lights nothing that the two do not light.
bool covers(const PixelColumn &before, const PixelColumn &after)
{
    return after.x == before.x + 1 && before.top <= after.first && after.first <= before.bottom
           && after.top <= before.last && before.last <= after.bottom;
}

} // namespace

double PlotFrame::timeAt(double x) const
{
    return from + (x - area.left()) / area.width() * (to - from);
}

int PlotFrame::pixel(double place)
{
    return int(std::floor(std::clamp(place, -farthest, farthest)));
}

std::vector<SeenStretch> seenStretches(const PlotLine &line, double from, double to)
{
    std::vector<SeenStretch> all;
    for (auto it = firstAt(line, from); it != line.stretches().cend(); ++it) {
        if (line.x()[size_t(it->begin)] > to)
            break;
        if (const SeenStretch seen = seenOf(line.x(), *it, from, to); seen.begin < seen.end)
            all.push_back(seen);
    }
    return all;
}

std::vector<SeenStretch> seenStretches(const PlotLine &line, const PlotFrame &frame)
{
    const double perPixel = (frame.to - frame.from) / frame.area.width();
    const double margin = std::max(line.step() / 2, thickestPen * perPixel);
    return seenStretches(line, frame.from - margin, frame.to + margin);
}

std::vector<PixelColumn> reduce(const PlotLine &line, const std::vector<SeenStretch> &seen,
                                const PlotFrame &frame)
{
    std::vector<PixelColumn> columns;
    columns.reserve(size_t(frame.area.width()) + 4);
    const double *x = line.x().data();
    const double *y = line.y().data();
    const auto row = [&frame](double value) {
        return PlotFrame::pixel(frame.yOf(value));
    };
    for (const SeenStretch &stretch : seen) {
        for (qsizetype begin = stretch.begin; begin < stretch.end;) {
            const int column = PlotFrame::pixel(frame.xOf(x[begin]));
            const qsizetype end = columnEnd(x, begin, stretch.end, frame, column + 1.0);
            double low = y[begin];
            double high = low;
            for (qsizetype i = begin + 1; i < end; ++i) {
                low = y[i] < low ? y[i] : low;
                high = y[i] > high ? y[i] : high;
            }
            columns.push_back({column, row(y[begin]), row(y[end - 1]), row(high), row(low),
                               begin != stretch.begin, stretch.lone});
            begin = end;
        }
    }
    return columns;
}

Strokes strokes(const std::vector<PixelColumn> &columns, int dash, int pen)
{
    Strokes made;
    made.columns.reserve(qsizetype(columns.size()));
    for (size_t i = 0; i < columns.size(); ++i) {
        const PixelColumn &column = columns[i];
        const bool reached = column.joined && !covers(columns[i - 1], column);
        if (reached)
            made.joins.append(QLine(columns[i - 1].x, columns[i - 1].last, column.x, column.first));
        // A column with one row is drawn by the line that reaches it.
        if (!reached || column.top != column.bottom) {
            const int along = column.lone ? dash - 1 : 0;
            made.columns.append(QRect(column.x - pen / 2, column.top - pen / 2, along + pen,
                                      column.bottom - column.top + pen));
        }
    }
    return made;
}

std::optional<ValueRange> valuesBetween(const PlotLine &line, double from, double to)
{
    std::optional<ValueRange> range;
    const double *y = line.y().data();
    for (const SeenStretch &seen : seenStretches(line, from, to)) {
        double low = range ? range->low : y[seen.begin];
        double high = range ? range->high : y[seen.begin];
        for (qsizetype i = seen.begin; i < seen.end; ++i) {
            low = y[i] < low ? y[i] : low;
            high = y[i] > high ? y[i] : high;
        }
        range = ValueRange{low, high};
    }
    return range;
}

} // namespace pilothouse

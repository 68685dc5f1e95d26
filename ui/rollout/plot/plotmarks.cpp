#include "ui/rollout/plot/plotmarks.h"

#include "base/words.h"
#include "ui/rollout/plot/timewindow.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr int signSize = 7;
constexpr qsizetype mostSpoken = 5;
constexpr int oddSize = 4;

} // namespace

QColor markColor(ChartMark::Kind kind)
{
    switch (kind) {
    case ChartMark::Kind::Weight:
        break;
    case ChartMark::Kind::Alert:
        return Theme::instance().color(ColorRole::Danger);
    case ChartMark::Kind::DatabaseStep:
        return Theme::instance().color(ColorRole::Text);
    }
    return Theme::instance().color(ColorRole::Mark);
}

void paintSign(QPainter *painter, ChartMark::Kind kind, double x, double ground)
{
    const double half = signSize / 2.0;
    if (kind == ChartMark::Kind::Weight) {
        painter->setPen(QPen(markColor(kind), 1));
        painter->drawLine(QPointF(x, ground - signSize), QPointF(x, ground));
        return;
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(markColor(kind));
    if (kind == ChartMark::Kind::Alert)
        painter->drawPolygon(QPolygonF(
            {QPointF(x - half, ground), QPointF(x + half, ground), QPointF(x, ground - signSize)}));
    else
        painter->drawRect(QRectF(x - half, ground - signSize, signSize, signSize));
}

QList<ChartMark> weightMarks(const QList<WeightMark> &changes)
{
    QList<ChartMark> marks;
    for (const WeightMark &change : changes)
        marks.append({ChartMark::Kind::Weight, double(change.at.toMSecsSinceEpoch()),
                      Words::tr("→ %1 %").arg(change.to.percent)});
    return marks;
}

QList<ChartMark> alertMarks(const QList<Firing> &firings)
{
    QList<ChartMark> marks;
    for (const Firing &firing : firings)
        marks.append({ChartMark::Kind::Alert, double(firing.alert.activeAt.toMSecsSinceEpoch()),
                      firing.alert.name});
    return marks;
}

QStringList spokenMarks(const QList<ChartMark> &marks, double from, double to)
{
    QList<ChartMark> seen;
    for (const ChartMark &mark : marks) {
        if (mark.at >= from && mark.at <= to)
            seen.append(mark);
    }
    std::stable_sort(seen.begin(), seen.end(),
                     [](const ChartMark &a, const ChartMark &b) { return a.at > b.at; });
    QStringList words;
    for (const ChartMark &mark : seen.mid(0, mostSpoken))
        words << Words::tr("%1 at %2").arg(mark.words, timeText(mark.at, to - from));
    if (seen.size() > mostSpoken)
        words << Words::tr("%1 earlier ones").arg(seen.size() - mostSpoken);
    return words;
}

QStringList markLegend(const QList<ChartMark> &marks)
{
    const auto has = [&marks](ChartMark::Kind kind) {
        return std::any_of(marks.cbegin(), marks.cend(),
                           [kind](const ChartMark &mark) { return mark.kind == kind; });
    };
    QStringList words{Words::tr("│ weight changed")};
    if (has(ChartMark::Kind::Alert))
        words << Words::tr("▲ alert");
    if (has(ChartMark::Kind::DatabaseStep))
        words << Words::tr("■ database step");
    return words;
}

void paintMarks(QPainter *painter, const QList<ChartMark> &marks, const PlotFrame &frame,
                double top)
{
    const QRectF plot = frame.area;
    for (const ChartMark &mark : marks) {
        if (mark.at < frame.from || mark.at > frame.to)
            continue;
        const double x = std::floor(frame.xOf(mark.at)) + 0.5;
        const bool weight = mark.kind == ChartMark::Kind::Weight;
        painter->setPen(QPen(markColor(mark.kind), 1, weight ? Qt::SolidLine : Qt::DotLine));
        painter->drawLine(QPointF(x, top), QPointF(x, plot.bottom()));
        if (!weight)
            paintSign(painter, mark.kind, x, plot.bottom());
    }
}

void paintHaloed(QPainter *painter, const QRectF &place, int flags, const QString &words,
                 const QColor &color)
{
    painter->setPen(Theme::instance().color(ColorRole::Surface));
    for (const QPointF &by : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1)})
        painter->drawText(place.translated(by), flags, words);
    painter->setPen(color);
    painter->drawText(place, flags, words);
}

void paintOddValues(QPainter *painter, const PlotLine &line, const PlotFrame &frame,
                    const QColor &color)
{
    const QRectF plot = frame.area;
    painter->setPen(Qt::NoPen);
    painter->setBrush(color);
    const auto &odd = line.oddValues();
    auto it = std::partition_point(odd.cbegin(), odd.cend(),
                                   [&](qsizetype at) { return line.x()[size_t(at)] < frame.from; });
    int nanAt = -1; // one sign a column is as much as can be seen
    int infAt = -1;
    for (; it != odd.cend() && line.x()[size_t(*it)] <= frame.to; ++it) {
        const double x = frame.xOf(line.x()[size_t(*it)]);
        const double value = line.y()[size_t(*it)];
        const int column = PlotFrame::pixel(x);
        int &before = std::isnan(value) ? nanAt : infAt;
        if (before == column)
            continue;
        before = column;
        if (std::isnan(value)) {
            painter->drawRect(QRectF(x - 1, plot.bottom() - oddSize, 2, oddSize));
            continue;
        }
        const double tip = value > 0 ? plot.top() : plot.bottom();
        const double foot = value > 0 ? tip + signSize : tip - signSize;
        painter->drawPolygon(
            QPolygonF({QPointF(x - oddSize, foot), QPointF(x + oddSize, foot), QPointF(x, tip)}));
    }
}

} // namespace pilothouse

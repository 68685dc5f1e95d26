#include "ui/rollout/plot/crosshair.h"

#include "ui/rollout/plot/timewindow.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double dotRadius = 3.5;
constexpr int timePillHeight = 16;
constexpr int pillGap = 2; ///< below the plot
constexpr int tickRoom = 20;

double lineAt(double time, const PlotFrame &frame)
{
    return std::floor(frame.xOf(time)) + 0.5;
}

} // namespace

void paintCrosshair(QPainter *painter, double time, const PlotFrame &frame,
                    const std::vector<LineItem::Shown> &lines)
{
    const Theme &theme = Theme::instance();
    const double x = lineAt(time, frame);
    painter->setPen(QPen(theme.color(ColorRole::Text), 1));
    painter->drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()));
    painter->setPen(QPen(theme.color(ColorRole::Surface), 1.5));
    for (const LineItem::Shown &shown : lines) {
        const auto at = shown.line->nearest(time);
        if (!at || !std::isfinite(shown.line->y()[size_t(*at)]))
            continue;
        const QPointF place(frame.xOf(shown.line->x()[size_t(*at)]),
                            frame.yOf(shown.line->y()[size_t(*at)]));
        painter->setBrush(shown.color);
        if (frame.area.contains(place))
            painter->drawEllipse(place, dotRadius, dotRadius);
    }
}

void paintTimePill(QPainter *painter, double time, const PlotFrame &frame, const TimeTicks &ticks,
                   double width)
{
    const Theme &theme = Theme::instance();
    const QRectF plot = frame.area;
    painter->setFont(theme.smallFont());
    const QFontMetricsF metrics(painter->font());
    const QString words = timeText(time, frame.to - frame.from);
    const double wide = metrics.horizontalAdvance(words) + spacing::Small * 2;
    const double left
        = std::clamp(lineAt(time, frame) - wide / 2, 0.0, std::max(0.0, width - wide));
    const QRectF pill(left, plot.bottom() + pillGap, wide, timePillHeight);
    const double tickWide
        = metrics.horizontalAdvance(localTime(frame.from).toString(ticks.format)) + spacing::Hair;
    for (int tick = 0; tick < ticks.count; ++tick) {
        const double middle = plot.left() + plot.width() * tick / (ticks.count - 1);
        const QRectF label(middle - tickWide / 2, plot.bottom() + pillGap, tickWide, tickRoom);
        if (label.intersects(pill))
            painter->fillRect(label, theme.color(ColorRole::Surface));
    }
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.color(ColorRole::Text));
    painter->drawRoundedRect(pill, spacing::Hair, spacing::Hair);
    painter->setPen(theme.color(ColorRole::Surface));
    painter->drawText(pill, Qt::AlignCenter, words);
}

} // namespace pilothouse

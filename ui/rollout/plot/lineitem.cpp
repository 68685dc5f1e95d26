#include "ui/rollout/plot/lineitem.h"

#include "ui/rollout/plot/coverage.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace pilothouse {
namespace {

constexpr double roomForCurves = 1.5; ///< px a point; with less between them, strokes
constexpr double lineWidth = 1.8;
constexpr int shortestDash = 4;

PlotFrame scaled(const PlotFrame &frame, double ratio)
{
    PlotFrame made = frame;
    made.area = QRectF(frame.area.topLeft() * ratio, frame.area.size() * ratio);
    return made;
}

int dashOf(const PlotLine &line, const PlotFrame &frame)
{
    const double half = line.step() / 2 * frame.area.width() / (frame.to - frame.from);
    return std::max(shortestDash, PlotFrame::pixel(half));
}

} // namespace

LineItem::LineItem(QGraphicsItem *parent) : QGraphicsItem(parent) {}

void LineItem::setLines(const std::vector<Shown> &lines)
{
    m_drawn.clear();
    for (const Shown &shown : lines) {
        Drawn drawn;
        drawn.shown = shown;
        m_drawn.push_back(drawn);
    }
    update();
}

void LineItem::setFrame(const PlotFrame &frame)
{
    if (frame.area != m_frame.area)
        prepareGeometryChange();
    m_frame = frame;
    update();
}

void LineItem::setLimit(std::optional<double> value, const QColor &color)
{
    m_limit = value;
    m_limitColor = color;
    update();
}

void LineItem::work(Drawn &drawn, const PlotFrame &frame, int pen)
{
    const PlotLine &line = *drawn.shown.line;
    if (drawn.revision == line.revision() && drawn.frame == frame)
        return;
    drawn.revision = line.revision();
    drawn.frame = frame;
    drawn.strokes = {};
    drawn.curves.clear();
    const std::vector<SeenStretch> seen = seenStretches(line, frame);
    qsizetype points = 0;
    for (const SeenStretch &stretch : seen)
        points += stretch.end - stretch.begin;
    drawn.dense = double(points) * roomForCurves > frame.area.width();
    if (drawn.dense) {
        drawn.strokes = strokes(reduce(line, seen, frame), dashOf(line, frame), pen);
        return;
    }
    for (const SeenStretch &stretch : seen) {
        const auto place = [&](qsizetype i) {
            return QPointF(frame.xOf(line.x()[size_t(i)]), frame.yOf(line.y()[size_t(i)]));
        };
        for (qsizetype i = stretch.begin + 1; i < stretch.end; ++i)
            drawn.curves.append(QLineF(place(i - 1), place(i)));
        if (stretch.lone) {
            const QPointF only = place(stretch.begin);
            drawn.curves.append(QLineF(only, only + QPointF(dashOf(line, frame), 0)));
        }
    }
}

/// A line lies over those before it: what of their columns it hides need not be painted.
std::vector<QList<QRect>> LineItem::seenColumns(const QRect &picture) const
{
    std::vector<QList<QRect>> seen(m_drawn.size());
    Coverage coverage(picture);
    for (size_t i = m_drawn.size(); i-- > 0;) {
        const Drawn &drawn = m_drawn[i];
        const bool hides = drawn.dense && drawn.shown.color.alpha() == 255;
        seen[i] = hides ? coverage.uncovered(drawn.strokes.columns) : drawn.strokes.columns;
    }
    return seen;
}

void LineItem::paintLimit(QPainter *painter) const
{
    if (!m_limit)
        return;
    painter->setPen(QPen(m_limitColor, 1.2, Qt::DashLine, Qt::FlatCap));
    const double y = std::round(m_frame.yOf(*m_limit)) + 0.5;
    painter->drawLine(QPointF(m_frame.area.left(), y), QPointF(m_frame.area.right(), y));
}

void LineItem::paint(QPainter *painter, const QStyleOptionGraphicsItem *, QWidget *)
{
    if (m_frame.area.isEmpty() || !(m_frame.to > m_frame.from))
        return;
    painter->save();
    painter->setClipRect(m_frame.area);
    // Columns are the screen's own pixels, however many of them a unit has.
    const double ratio = painter->device()->devicePixelRatioF();
    const PlotFrame frame = scaled(m_frame, ratio);
    painter->save();
    painter->scale(1 / ratio, 1 / ratio);
    const int pen = ratio < 2 ? 1 : 2;
    for (Drawn &drawn : m_drawn)
        work(drawn, frame, pen);
    const std::vector<QList<QRect>> columns = seenColumns(frame.area.toAlignedRect());
    for (size_t i = 0; i < m_drawn.size(); ++i) {
        const Drawn &drawn = m_drawn[i];
        const QColor &color = drawn.shown.color;
        painter->setRenderHint(QPainter::Antialiasing, !drawn.dense);
        if (drawn.dense) {
            painter->setPen(Qt::NoPen);
            painter->setBrush(color);
            painter->drawRects(columns[i]);
            painter->setPen(QPen(color, pen));
            painter->drawLines(drawn.strokes.joins);
            continue;
        }
        painter->setPen(QPen(color, lineWidth * ratio, Qt::SolidLine, Qt::SquareCap));
        // One by one: a thick polyline that crosses itself often takes seconds, and round ends take
        // more than the lines.
        painter->drawLines(drawn.curves);
    }
    painter->restore();
    painter->setRenderHint(QPainter::Antialiasing, true);
    paintLimit(painter);
    painter->restore();
}

} // namespace pilothouse

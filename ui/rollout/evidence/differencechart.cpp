#include "ui/rollout/evidence/differencechart.h"

#include "ui/rollout/plot/plotmarks.h"
#include "ui/rollout/plot/timewindow.h"
#include "ui/rollout/plot/valueaxis.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QtCharts/QChart>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <QGraphicsLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int differenceLabels = 60; ///< px left of the plot
constexpr int differenceRight = 28;  ///< half a time label
constexpr int differenceHead = 22;
constexpr int differenceAxis = 22;
constexpr int differenceLowest = 150;
constexpr int differenceTicks = 4;
constexpr int differenceTickHeight = 14;
constexpr float intervalOpacity = 0.18F;
constexpr double headroom = 1.1;

} // namespace

DifferenceChart::DifferenceChart(QWidget *parent)
    : QChartView(parent), m_lines(new LineItem(chart())), m_time(new QDateTimeAxis(this)),
      m_value(new QValueAxis(this))
{
    setObjectName(QStringLiteral("differenceChart"));
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setRubberBand(QChartView::NoRubberBand);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setMinimumHeight(differenceLowest);
    setAccessibleName(tr("Difference of candidate and stable"));
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->setBackgroundVisible(false);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->addAxis(m_time, Qt::AlignBottom);
    chart()->addAxis(m_value, Qt::AlignLeft);
    // The axes need a series to belong to; our own item draws.
    auto *carrier = new QLineSeries(chart());
    chart()->addSeries(carrier);
    carrier->attachAxis(m_time);
    carrier->attachAxis(m_value);
    m_value->setLabelsVisible(false); // written by hand, as in the other charts
    m_value->setTickCount(3);
    m_time->setTickCount(differenceTicks);
    connect(&Theme::instance(), &Theme::changed, this, &DifferenceChart::restyle);
    restyle();
}

void DifferenceChart::setEvidence(const Evidence &evidence, const QString &unit)
{
    m_evidence = evidence;
    m_unit = unit;
    m_line.replaceFrom(0, evidence.difference, double(evidence.step.count()), shownScale(unit));
    double most = 0;
    double least = 0;
    const auto hold = [&](double value) {
        most = std::max(most, value * shownScale(unit));
        least = std::min(least, value * shownScale(unit));
    };
    for (const Sample &sample : evidence.difference)
        hold(sample.value);
    if (evidence.shift) {
        hold(evidence.shift->lower);
        hold(evidence.shift->upper);
    }
    // What is left of a subtraction of equals is no value.
    const double dust = 1e-9 * std::max(most, -least);
    least = least > -dust ? 0 : least;
    most = most < dust ? 0 : most;
    m_value->setRange(least < 0 ? -roundUp(-least * headroom) : 0,
                      most > 0 || least == 0 ? roundUp(most * headroom) : 0);
    if (evidence.from.isValid() && evidence.from < evidence.to) {
        m_time->setFormat(timeFormat(double(evidence.from.msecsTo(evidence.to))));
        m_time->setRange(evidence.from.toLocalTime(), evidence.to.toLocalTime());
    }
    describe();
    layOut();
}

void DifferenceChart::restyle()
{
    const Theme &theme = Theme::instance();
    setBackgroundBrush(theme.color(ColorRole::Surface));
    for (QAbstractAxis *axis : std::initializer_list<QAbstractAxis *>{m_time, m_value}) {
        axis->setLabelsFont(theme.smallFont());
        axis->setLabelsColor(theme.color(ColorRole::Muted));
        axis->setGridLineColor(theme.color(ColorRole::Border));
        axis->setLinePenColor(theme.color(ColorRole::Border));
    }
    m_lines->setZValue(10);
    m_lines->setLines({{&m_line, theme.color(ColorRole::SeriesCandidate)}});
    layOut();
}

void DifferenceChart::layOut()
{
    const QRectF area(
        differenceLabels, differenceHead + spacing::Hair,
        std::max(1, viewport()->width() - differenceLabels - differenceRight),
        std::max(1, viewport()->height() - differenceHead - spacing::Small - differenceAxis));
    if (area != chart()->plotArea()) {
        chart()->setPlotArea(area);
        chart()->layout()->invalidate(); // else the axes keep their old places
        chart()->layout()->activate();
    }
    m_lines->setFrame({double(m_time->min().toMSecsSinceEpoch()),
                       double(m_time->max().toMSecsSinceEpoch()), m_value->min(), m_value->max(),
                       area});
    m_lines->setLimit(m_evidence.shift
                          ? std::optional(m_evidence.shift->estimate * shownScale(m_unit))
                          : std::nullopt,
                      Theme::instance().color(ColorRole::SeriesCandidate));
    viewport()->update();
}

void DifferenceChart::describe()
{
    const QString shift = shiftText(m_evidence, m_unit);
    setAccessibleDescription(shift.isEmpty() ? absence() : shift);
}

QString DifferenceChart::absence() const
{
    if (!m_evidence.difference.isEmpty())
        return {};
    if (m_evidence.candidateSamples == 0)
        return tr("no samples of the candidate");
    return m_evidence.stableSamples == 0 ? tr("no samples of the stable to compare with")
                                         : tr("no time at which both have a value");
}

void DifferenceChart::drawBackground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawBackground(painter, rect);
    if (!m_evidence.shift)
        return;
    const PlotFrame &frame = m_lines->frame();
    const double top = frame.yOf(m_evidence.shift->upper * shownScale(m_unit));
    const double bottom = frame.yOf(m_evidence.shift->lower * shownScale(m_unit));
    QColor band = Theme::instance().color(ColorRole::SeriesCandidate);
    band.setAlphaF(intervalOpacity);
    // An interval of no height is still to be seen.
    painter->fillRect(
        QRectF(frame.area.left(), top, frame.area.width(), std::max(2.0, bottom - top))
            .intersected(frame.area),
        band);
}

void DifferenceChart::drawForeground(QPainter *painter, const QRectF &)
{
    const Theme &theme = Theme::instance();
    painter->resetTransform();
    const PlotFrame &frame = m_lines->frame();
    const double zero = std::round(frame.yOf(0)) + 0.5;
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->setPen(QPen(theme.color(ColorRole::Muted), 1));
    painter->drawLine(QPointF(frame.area.left(), zero), QPointF(frame.area.right(), zero));
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(theme.smallFont());
    const double range = m_value->max() - m_value->min();
    for (int tick = 0; tick < m_value->tickCount(); ++tick) {
        const double part = double(tick) / (m_value->tickCount() - 1);
        const QRectF place(
            0, frame.area.bottom() - part * frame.area.height() - differenceTickHeight / 2.0,
            frame.area.left() - spacing::Small, differenceTickHeight);
        painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                          tickText(m_value->min() + range * part));
    }
    drawHead(painter);
    if (const QString absent = absence(); !absent.isEmpty()) {
        painter->setFont(theme.textFont());
        paintHaloed(painter, frame.area, Qt::AlignCenter | Qt::TextWordWrap, absent,
                    theme.color(ColorRole::Muted));
    }
}

void DifferenceChart::drawHead(QPainter *painter) const
{
    const Theme &theme = Theme::instance();
    painter->setFont(theme.smallFont());
    double right = viewport()->width() - spacing::Hair;
    if (m_evidence.shift) {
        const QString words = tr("estimate %1, and the interval it lies in")
                                  .arg(differenceText(m_evidence.shift->estimate, m_unit));
        const double width = painter->fontMetrics().horizontalAdvance(words);
        painter->setPen(theme.color(ColorRole::SeriesCandidate));
        painter->drawText(QRectF(right - width, 0, width + 1, differenceHead), Qt::AlignVCenter,
                          words);
        right -= width + spacing::Medium;
    }
    QFont bold = theme.textFont();
    bold.setWeight(QFont::DemiBold);
    painter->setFont(bold);
    painter->setPen(theme.color(ColorRole::Text));
    const QString unit = m_unit == QLatin1String("ratio") ? tr("points") : shownUnit(m_unit);
    const QString name = unit.isEmpty() ? tr("candidate minus stable")
                                        : tr("candidate minus stable, %1").arg(unit);
    painter->drawText(QRectF(0, 0, std::max(0.0, right), differenceHead),
                      Qt::AlignLeft | Qt::AlignVCenter,
                      painter->fontMetrics().elidedText(name, Qt::ElideRight, int(right)));
}

void DifferenceChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    layOut();
}

} // namespace pilothouse

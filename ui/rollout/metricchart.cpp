#include "ui/rollout/metricchart.h"

#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/words.h"

#include <QtCharts/QChart>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <cmath>

namespace pilothouse {
namespace {

constexpr int labelWidth = 52;
constexpr int markGap = 3; ///< between a mark's line and its words
constexpr int markHeight = 14;
constexpr int markWidth = 48; ///< room right of the plot for the words of a mark at its edge
constexpr int headHeight = 22;
constexpr int axisHeight = 22;
constexpr int lowest = 68;
constexpr int timeTicks = 4;
constexpr int valueTicks = 3;
constexpr int roomForAllTicks = 48; ///< px of plot; in less only the ends are labelled
constexpr int tickLabelHeight = 14;

/// The next of 1, 2, 2.5, 5 times a power of ten: axes end at round values.
double roundUp(double value)
{
    if (value <= 0)
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0, 10.0}) {
        if (value <= step * power)
            return step * power;
    }
    return 10 * power;
}

} // namespace

MetricChart::MetricChart(TimeAxis axis, QWidget *parent)
    : QChartView(parent), m_axisShown(axis), m_time(new QDateTimeAxis(this)),
      m_value(new QValueAxis(this))
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setRubberBand(QChartView::NoRubberBand);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    setMinimumHeight(lowest + (axis == TimeAxis::Shown ? axisHeight : 0));
    chart()->legend()->hide();
    chart()->setMargins({});
    chart()->setBackgroundRoundness(0);
    chart()->setAnimationOptions(QChart::NoAnimation);
    chart()->addAxis(m_time, Qt::AlignBottom);
    chart()->addAxis(m_value, Qt::AlignLeft);
    m_value->setLabelsVisible(false); // Qt shortens them to dots in a low chart
    m_time->setFormat(QStringLiteral("HH:mm:ss"));
    m_time->setTickCount(timeTicks);
    m_time->setLabelsVisible(axis == TimeAxis::Shown);
    connect(&Theme::instance(), &Theme::changed, this, &MetricChart::restyle);
    restyle();
}

void MetricChart::restyle()
{
    const Theme &theme = Theme::instance();
    setBackgroundBrush(theme.color(ColorRole::Surface));
    chart()->setBackgroundBrush(theme.color(ColorRole::Surface));
    chart()->setBackgroundPen(Qt::NoPen);
    for (QAbstractAxis *axis : std::initializer_list<QAbstractAxis *>{m_time, m_value}) {
        axis->setLabelsFont(theme.smallFont());
        axis->setLabelsColor(theme.color(ColorRole::Muted));
        axis->setGridLineColor(theme.color(ColorRole::Border));
        axis->setLinePenColor(theme.color(ColorRole::Border));
    }
    rebuild();
}

double MetricChart::scale() const
{
    if (m_data.unit == QLatin1String("ratio"))
        return 100;
    return m_data.unit == QLatin1String("s") ? 1000 : 1;
}

void MetricChart::setData(const ChartSeries &shown, const QDateTime &from, const QDateTime &to,
                          const QList<WeightMark> &marks)
{
    m_data = shown;
    m_from = from;
    m_to = to;
    m_marks = marks;
    setAccessibleName(tr("Chart of %1").arg(shown.check.name));
    rebuild();
}

void MetricChart::rebuild()
{
    chart()->removeAllSeries();
    if (!m_from.isValid())
        return;
    double top = m_data.limit ? *m_data.limit * scale() * 1.2 : 0;
    for (const QList<Sample> *samples : {&m_data.stable, &m_data.candidate}) {
        for (const Sample &sample : *samples) {
            if (std::isfinite(sample.value))
                top = std::max(top, sample.value * scale());
        }
    }
    m_time->setRange(m_from.toLocalTime(), m_to.toLocalTime());
    const double end = roundUp(top * 1.05);
    m_value->setRange(0, end);
    addLine(m_data.stable, ColorRole::SeriesStable);
    addLine(m_data.candidate, ColorRole::SeriesCandidate);
    if (m_data.limit) {
        auto *limit = new QLineSeries;
        limit->append(double(m_from.toMSecsSinceEpoch()), *m_data.limit * scale());
        limit->append(double(m_to.toMSecsSinceEpoch()), *m_data.limit * scale());
        limit->setPen(QPen(Theme::instance().color(ColorRole::Limit), 1.2, Qt::DashLine));
        chart()->addSeries(limit);
        limit->attachAxis(m_time);
        limit->attachAxis(m_value);
    }
    layOut();
    viewport()->update();
}

/// One line series for each unbroken stretch: Qt Charts draws through gaps otherwise.
void MetricChart::addLine(const QList<Sample> &samples, ColorRole color)
{
    QList<QPointF> stretch;
    const auto close = [&] {
        if (!stretch.isEmpty()) {
            auto *series = new QLineSeries;
            if (stretch.size() == 1) // a lone sample is a short dash, not invisible
                stretch.append(stretch.first() + QPointF(double(m_data.step.count()) / 2, 0));
            series->append(stretch);
            series->setPen(QPen(Theme::instance().color(color), 1.8));
            chart()->addSeries(series);
            series->attachAxis(m_time);
            series->attachAxis(m_value);
        }
        stretch.clear();
    };
    qint64 before = 0;
    for (const Sample &sample : samples) {
        const bool gap = !stretch.isEmpty() && sample.at - before > m_data.step.count() * 3 / 2;
        if (gap || !std::isfinite(sample.value))
            close();
        if (std::isfinite(sample.value))
            stretch.append(QPointF(double(sample.at), sample.value * scale()));
        before = sample.at;
    }
    close();
}

QString MetricChart::absence() const
{
    using Presence = ChartSeries::Presence;
    if (!m_data.error.isEmpty() && m_data.stable.isEmpty() && m_data.candidate.isEmpty())
        return m_data.error;
    if (m_data.stablePresence == Presence::NotAsked
        && m_data.candidatePresence == Presence::NotAsked)
        return tr("not asked yet");
    QStringList missing;
    if (m_data.stablePresence == Presence::NoSeries)
        missing << tr("stable");
    if (m_data.candidatePresence == Presence::NoSeries)
        missing << tr("candidate");
    return missing.isEmpty() ? QString() : tr("no series for %1").arg(missing.join(tr(" and ")));
}

void MetricChart::drawOddValues(QPainter *painter, const QList<Sample> &samples, ColorRole color)
{
    const QRectF plot = chart()->plotArea();
    painter->setPen(Qt::NoPen);
    painter->setBrush(Theme::instance().color(color));
    for (const Sample &sample : samples) {
        if (std::isfinite(sample.value))
            continue;
        const double x = chart()->mapToPosition(QPointF(double(sample.at), 0)).x();
        if (std::isnan(sample.value))
            painter->drawRect(QRectF(x - 1, plot.bottom() - 4, 2, 4));
        else
            painter->drawPolygon(
                QPolygonF({QPointF(x - 4, plot.top() + 7), QPointF(x + 4, plot.top() + 7),
                           QPointF(x, plot.top())}));
    }
}

void MetricChart::drawValueLabels(QPainter *painter) const
{
    const QRectF plot = chart()->plotArea();
    painter->setFont(Theme::instance().smallFont());
    painter->setPen(Theme::instance().color(ColorRole::Muted));
    const int ticks = m_value->tickCount();
    for (int tick = 0; tick < ticks; ++tick) {
        const double part = double(tick) / (ticks - 1);
        const QRectF place(0, plot.bottom() - part * plot.height() - tickLabelHeight / 2.0,
                           plot.left() - spacing::Small, tickLabelHeight);
        painter->drawText(
            place, Qt::AlignRight | Qt::AlignVCenter,
            QString::number(m_value->max() * part, 'f', m_value->max() >= 10 ? 0 : 1));
    }
}

void MetricChart::drawForeground(QPainter *painter, const QRectF &)
{
    const Theme &theme = Theme::instance();
    painter->resetTransform();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF plot = chart()->plotArea();
    if (m_from.isValid()) {
        drawValueLabels(painter);
        // Newest first: where two marks stand close together the newer one keeps its words, and no
        // words stand on another mark.
        double free = plot.right() + markWidth;
        for (auto it = m_marks.crbegin(); it != m_marks.crend(); ++it) {
            const WeightMark &mark = *it;
            if (mark.at < m_from || mark.at > m_to)
                continue;
            const double x
                = chart()->mapToPosition(QPointF(double(mark.at.toMSecsSinceEpoch()), 0)).x();
            painter->setPen(QPen(theme.color(ColorRole::Mark), 1));
            painter->drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
            const QString words = tr("→ %1 %").arg(mark.to.percent);
            painter->setFont(theme.smallFont());
            const double wide = painter->fontMetrics().horizontalAdvance(words) + spacing::Hair;
            if (x + markGap + wide <= free)
                painter->drawText(QRectF(x + markGap, plot.top(), wide, markHeight), Qt::AlignLeft,
                                  words);
            free = x;
        }
        drawOddValues(painter, m_data.stable, ColorRole::SeriesStable);
        drawOddValues(painter, m_data.candidate, ColorRole::SeriesCandidate);
    }

    const QRectF head(0, 0, viewport()->width(), headHeight);
    QFont bold = theme.textFont();
    bold.setWeight(QFont::DemiBold);
    painter->setFont(bold);
    painter->setPen(theme.color(ColorRole::Text));
    const QString unit = m_data.unit == QLatin1String("ratio") ? QStringLiteral("%")
                         : m_data.unit == QLatin1String("s")   ? QStringLiteral("ms")
                                                               : m_data.unit;
    painter->drawText(head, Qt::AlignLeft | Qt::AlignVCenter,
                      unit.isEmpty() ? m_data.check.name
                                     : QStringLiteral("%1, %2").arg(m_data.check.name, unit));
    painter->setFont(theme.smallFont());
    const auto newest = [](const QList<Sample> &samples) {
        return samples.isEmpty() ? std::nan("") : samples.last().value;
    };
    double right = head.right() - spacing::Hair;
    const auto legend = [&](const QString &text, ColorRole color) {
        const double width = painter->fontMetrics().horizontalAdvance(text);
        painter->setPen(theme.color(color));
        painter->drawText(QRectF(right - width, 0, width + 1, headHeight), Qt::AlignVCenter, text);
        right -= width + spacing::Medium;
    };
    if (m_data.limit)
        legend(tr("limit %1").arg(valueText(*m_data.limit, m_data.unit)), ColorRole::Limit);
    legend(tr("candidate %1").arg(valueText(newest(m_data.candidate), m_data.unit)),
           ColorRole::SeriesCandidate);
    legend(tr("stable %1").arg(valueText(newest(m_data.stable), m_data.unit)),
           ColorRole::SeriesStable);

    const QString absent = absence();
    if (!absent.isEmpty()) {
        painter->setFont(theme.textFont());
        const QRectF box = plot.adjusted(spacing::Medium, 0, -spacing::Medium, 0);
        painter->setPen(theme.color(ColorRole::Muted));
        painter->drawText(box, Qt::AlignCenter | Qt::TextWordWrap, absent);
    }
}

void MetricChart::layOut()
{
    // One left edge for all charts of a column, so that they share one time axis.
    const int bottom = m_axisShown == TimeAxis::Shown ? axisHeight : spacing::Hair;
    const int height = std::max(1, viewport()->height() - headHeight - spacing::Small - bottom);
    m_value->setTickCount(height < roomForAllTicks ? 2 : valueTicks);
    chart()->setPlotArea(QRectF(labelWidth, headHeight + spacing::Hair,
                                std::max(1, viewport()->width() - labelWidth - markWidth), height));
}

void MetricChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    layOut();
}

} // namespace pilothouse

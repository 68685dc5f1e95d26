#include "ui/rollout/metricchart.h"

#include "ui/rollout/plot/crosshair.h"
#include "ui/rollout/plot/markstrip.h"
#include "ui/rollout/plot/timewindow.h"
#include "ui/rollout/plot/valueaxis.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QtCharts/QChart>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLegend>
#include <QtCharts/QLineSeries>
#include <QtCharts/QValueAxis>

#include <QGraphicsLayout>
#include <QKeyEvent>

#include <cmath>

namespace pilothouse {
namespace {

constexpr int axisHeight = 22;
constexpr int lowestWithAxis = 78; ///< in a lower one Qt shortens the times to dots
constexpr int markHeight = 26;     ///< two rows of words
constexpr int lowest = 44;
constexpr int timeTicks = 4;
constexpr int valueTicks = 3;
constexpr int roomForAllTicks = 48; ///< px of plot; in less only the ends are labelled
constexpr int tickLabelHeight = 14;
constexpr float pastOpacity = 0.6F;
constexpr int linesAbove = 10; ///< the chart's own items

} // namespace

MetricChart::MetricChart(TimeWindow &window, QWidget *parent)
    : QChartView(parent), m_window(window), m_gestures(window), m_lines(new LineItem(chart())),
      m_time(new QDateTimeAxis(this)), m_value(new QValueAxis(this))
{
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setRubberBand(QChartView::NoRubberBand);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::StrongFocus);
    viewport()->setMouseTracking(true);
    setMinimumHeight(lowest);
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
    m_lines->setZValue(linesAbove);
    m_value->setLabelsVisible(false); // Qt shortens them to dots in a low chart
    m_time->setTickCount(timeTicks);
    m_time->setLabelsVisible(false);
    connect(&Theme::instance(), &Theme::changed, this, &MetricChart::restyle);
    connect(&m_window, &TimeWindow::changed, this, &MetricChart::refresh);
    connect(&m_window, &TimeWindow::crosshairMoved, this, &MetricChart::moveCrosshair);
    restyle();
}

void MetricChart::setTimeAxis(TimeAxis axis)
{
    if (axis == m_axisShown)
        return;
    m_axisShown = axis;
    fitHeight();
    // Without a window there is no time to tell.
    m_time->setLabelsVisible(axis == TimeAxis::Shown && m_window.isValid());
    refresh();
}

void MetricChart::setMarkWords(MarkWords words)
{
    if (words == m_wordsShown)
        return;
    m_wordsShown = words;
    fitHeight();
    refresh();
}

void MetricChart::fitHeight()
{
    const bool axis = m_axisShown == TimeAxis::Shown;
    setMinimumHeight(stripHeight() + (axis ? lowestWithAxis : lowest));
}

int MetricChart::stripHeight() const
{
    return m_wordsShown == MarkWords::Shown ? markHeight : 0;
}

/// Into the room right of the plot, too.
QRectF MetricChart::markStrip() const
{
    const QRectF plot = plotArea();
    return {plot.left(), plot.top() - spacing::Hair - markHeight, viewport()->width() - plot.left(),
            markHeight};
}

void MetricChart::restyle()
{
    const Theme &theme = Theme::instance();
    setBackgroundBrush(theme.color(ColorRole::Surface));
    for (QAbstractAxis *axis : std::initializer_list<QAbstractAxis *>{m_time, m_value}) {
        axis->setLabelsFont(theme.smallFont());
        axis->setLabelsColor(theme.color(ColorRole::Muted));
        axis->setGridLineColor(theme.color(ColorRole::Border));
        axis->setLinePenColor(theme.color(ColorRole::Border));
    }
    m_lines->setLines(shownLines());
    refresh();
}

std::vector<LineItem::Shown> MetricChart::shownLines() const
{
    const Theme &theme = Theme::instance();
    return {{&m_stable, theme.color(ColorRole::SeriesStable)},
            {&m_candidate, theme.color(ColorRole::SeriesCandidate)}};
}

double MetricChart::scale() const
{
    return shownScale(m_data.unit);
}

QString MetricChart::unit() const
{
    return shownUnit(m_data.unit);
}

void MetricChart::setData(const ChartSeries &shown, const QDateTime &from)
{
    m_data = shown;
    setAccessibleName(tr("Chart of %1").arg(shown.check.name));
    const double step = double(shown.step.count());
    const auto take = [&](PlotLine &line, const QList<Sample> &samples) {
        // After an error the samples are those of an earlier answer, about an earlier time.
        if (shown.error.isEmpty())
            line.replaceFrom(double(from.toMSecsSinceEpoch()), samples, step, scale());
        else if (!samples.isEmpty())
            line.replaceFrom(double(samples.first().at), samples, step, scale());
    };
    take(m_stable, shown.stable);
    take(m_candidate, shown.candidate);
    refresh();
    viewport()->update();
}

void MetricChart::setMarks(const QList<ChartMark> &marks)
{
    m_marks = marks;
    describe();
    viewport()->update();
}

void MetricChart::setCandidate(Candidate candidate)
{
    if (candidate == m_candidateNow)
        return;
    m_candidateNow = candidate;
    describe();
    viewport()->update();
}

void MetricChart::setOlder(const ChartSeries &older)
{
    if (!older.error.isEmpty())
        return; // what was seen stays
    const double step = double(older.step.count());
    m_stable.setOlder(older.stable, step, scale());
    m_candidate.setOlder(older.candidate, step, scale());
    refresh();
}

void MetricChart::breakAt(const QDateTime &from)
{
    m_stable.breakAt(double(from.toMSecsSinceEpoch()));
    m_candidate.breakAt(double(from.toMSecsSinceEpoch()));
}

std::optional<double> MetricChart::oldest() const
{
    std::optional<double> found;
    for (const PlotLine *line : {&m_stable, &m_candidate}) {
        if (!line->x().empty())
            found = std::min(found.value_or(line->x().front()), line->x().front());
    }
    return found;
}

QRectF MetricChart::plotArea() const
{
    return chart()->plotArea();
}

void MetricChart::refresh()
{
    if (!m_window.isValid() || isHidden())
        return;
    const double from = m_window.from();
    const double to = m_window.to();
    double top = m_data.limit ? *m_data.limit * scale() * 1.2 : 0;
    double ground = 0;
    for (const PlotLine *line : {&m_stable, &m_candidate}) {
        if (const auto seen = valuesBetween(*line, from, to)) {
            top = std::max(top, seen->high);
            ground = std::min(ground, seen->low);
        }
    }
    const double high = roundUp(top * 1.05);
    const double low = ground < 0 ? -roundUp(-ground * 1.05) : 0;
    m_time->setLabelsVisible(m_axisShown == TimeAxis::Shown);
    m_time->setFormat(timeFormat(to - from));
    m_time->setRange(localTime(from), localTime(to));
    m_value->setRange(low, high);
    m_lines->setLimit(m_data.limit ? std::optional(*m_data.limit * scale()) : std::nullopt,
                      Theme::instance().color(ColorRole::Limit));
    layOut();
    m_lines->setFrame({from, to, low, high, plotArea()});
    describe();
    viewport()->update();
}

void MetricChart::moveCrosshair()
{
    describe();
    viewport()->update();
}

void MetricChart::describe()
{
    if (!m_window.isValid())
        return;
    QStringList words{m_window.isLive()
                          ? tr("live, %1").arg(spanText(m_window.from(), m_window.to()))
                          : tr("not live, %1").arg(spanText(m_window.from(), m_window.to()))};
    if (const auto time = m_window.crosshair())
        words << tr("at %1").arg(timeText(*time, m_window.span()));
    words << tr("stable %1").arg(stableText()) << tr("candidate %1").arg(candidateText());
    if (m_data.limit)
        words << tr("limit %1").arg(valueText(*m_data.limit, m_data.unit));
    if (const QString absent = absence(); !absent.isEmpty())
        words << absent;
    if (const QString said = remark(); !said.isEmpty())
        words << said;
    words << spokenMarks(m_marks, m_window.from(), m_window.to());
    const QString all = words.join(QStringLiteral("; "));
    if (all != accessibleDescription())
        setAccessibleDescription(all);
}

/// Under the crosshair, else the newest.
QString MetricChart::valueOf(const PlotLine &line, const QList<Sample> &newest) const
{
    const auto time = m_window.crosshair();
    if (!time)
        return valueText(newest.isEmpty() ? std::nan("") : newest.last().value, m_data.unit);
    const auto at = line.nearest(*time);
    if (!at)
        return tr("gap");
    const double value = line.y()[size_t(*at)] / scale();
    return std::isnan(value) ? QStringLiteral("NaN") : valueText(value, m_data.unit);
}

QString MetricChart::stableText() const
{
    return valueOf(m_stable, m_data.stable);
}

QString MetricChart::candidateText() const
{
    const bool idle = m_candidateNow == Candidate::Idle && !m_window.crosshair();
    return idle ? tr("no traffic") : valueOf(m_candidate, m_data.candidate);
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

QString MetricChart::remark() const
{
    return m_data.warnings.isEmpty()
               ? QString()
               : tr("the metrics server says: %1").arg(m_data.warnings.join(QStringLiteral("; ")));
}

/// High up, where the lines of what goes well are not.
void MetricChart::drawRemark(QPainter *painter) const
{
    const QString said = remark();
    if (said.isEmpty())
        return;
    const Theme &theme = Theme::instance();
    painter->setFont(theme.smallFont());
    const QRectF box = chart()->plotArea().adjusted(spacing::Small, spacing::Hair, -spacing::Small,
                                                    -spacing::Hair);
    paintHaloed(painter, box, Qt::AlignLeft | Qt::AlignTop,
                painter->fontMetrics().elidedText(said, Qt::ElideRight, int(box.width())),
                theme.color(ColorRole::Muted));
}

void MetricChart::drawValueLabels(QPainter *painter) const
{
    const QRectF plot = chart()->plotArea();
    painter->setFont(Theme::instance().smallFont());
    painter->setPen(Theme::instance().color(ColorRole::Muted));
    const int ticks = m_value->tickCount();
    const double range = m_value->max() - m_value->min();
    for (int tick = 0; tick < ticks; ++tick) {
        const double part = double(tick) / (ticks - 1);
        const QRectF place(0, plot.bottom() - part * plot.height() - tickLabelHeight / 2.0,
                           plot.left() - spacing::Small, tickLabelHeight);
        painter->drawText(place, Qt::AlignRight | Qt::AlignVCenter,
                          tickText(m_value->min() + range * part));
    }
}

void MetricChart::drawCrosshair(QPainter *painter) const
{
    const auto time = m_window.crosshair();
    const PlotFrame &frame = m_lines->frame();
    if (!time || *time < frame.from || *time > frame.to)
        return;
    paintCrosshair(painter, *time, frame, shownLines());
    if (m_axisShown == TimeAxis::Shown)
        paintTimePill(painter, *time, frame, {timeTicks, m_time->format()}, viewport()->width());
}

ChartWords MetricChart::chartWords() const
{
    // Away from the newest time, what is newest is called so.
    const bool now = !m_window.isLive() && !m_window.crosshair();
    const QString candidate = candidateText();
    const QString stable = stableText();
    return {unit().isEmpty() ? m_data.check.name
                             : QStringLiteral("%1, %2").arg(m_data.check.name, unit()),
            m_data.limit ? tr("limit %1").arg(valueText(*m_data.limit, m_data.unit)) : QString(),
            now ? tr("candidate now %1").arg(candidate) : tr("candidate %1").arg(candidate),
            now ? tr("stable now %1").arg(stable) : tr("stable %1").arg(stable)};
}

void MetricChart::drawBackground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawBackground(painter, rect);
    if (m_window.isLive())
        return;
    QColor past
        = Theme::instance().color(ColorRole::WarningSurface); // never to be mistaken for live
    past.setAlphaF(pastOpacity);
    painter->fillRect(plotArea(), past);
}

void MetricChart::drawForeground(QPainter *painter, const QRectF &)
{
    const Theme &theme = Theme::instance();
    painter->resetTransform();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRectF plot = chart()->plotArea();
    if (m_window.isValid()) {
        const PlotFrame &frame = m_lines->frame();
        drawValueLabels(painter);
        const bool words = m_wordsShown == MarkWords::Shown;
        paintMarks(painter, m_marks, frame, words ? markStrip().bottom() : plot.top());
        if (words) {
            paintMarkStrip(painter, m_marks, frame, markStrip());
            paintMarkLegend(painter, m_marks, markStrip());
        }
        paintOddValues(painter, m_stable, frame, theme.color(ColorRole::SeriesStable));
        paintOddValues(painter, m_candidate, frame, theme.color(ColorRole::SeriesCandidate));
        drawCrosshair(painter);
    }
    const ChartWords words = chartWords();
    paintName(painter, words, plot);
    paintValues(painter, words, plot);
    const QString absent = absence();
    if (!absent.isEmpty()) {
        painter->setFont(theme.textFont());
        const QRectF box = plot.adjusted(spacing::Medium, 0, -spacing::Medium, 0);
        paintHaloed(painter, box, Qt::AlignCenter | Qt::TextWordWrap, absent,
                    theme.color(ColorRole::Muted));
    }
    drawRemark(painter);
    if (hasFocus()) {
        painter->setPen(QPen(theme.color(ColorRole::Accent), 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(plot.adjusted(-0.5, -0.5, 0.5, 0.5));
    }
}

void MetricChart::layOut()
{
    // One left edge for all charts of a column, so that they share one time axis.
    const int bottom = m_axisShown == TimeAxis::Shown ? axisHeight : spacing::Hair;
    const int above = stripHeight() + spacing::Hair;
    const int height = std::max(1, viewport()->height() - above - spacing::Hair - bottom);
    const int ticks = height < roomForAllTicks ? 2 : valueTicks;
    const auto [left, right] = gutterWidths();
    const QRectF area(left, above, std::max(1.0, viewport()->width() - left - right), height);
    if (ticks != m_value->tickCount())
        m_value->setTickCount(ticks);
    if (area != chart()->plotArea()) {
        chart()->setPlotArea(area);
        chart()->layout()->invalidate(); // else the axes keep their old places
        chart()->layout()->activate();
    }
    m_gestures.setArea(area);
}

void MetricChart::resizeEvent(QResizeEvent *event)
{
    QChartView::resizeEvent(event);
    layOut();
    refresh();
}

void MetricChart::showEvent(QShowEvent *event)
{
    QChartView::showEvent(event);
    refresh();
}

void MetricChart::wheelEvent(QWheelEvent *event)
{
    event->setAccepted(m_gestures.wheel(*event));
}

void MetricChart::mousePressEvent(QMouseEvent *event)
{
    event->setAccepted(m_gestures.press(*event));
    if (m_gestures.isDragging())
        viewport()->setCursor(Qt::ClosedHandCursor);
}

void MetricChart::mouseMoveEvent(QMouseEvent *event)
{
    event->setAccepted(m_gestures.move(*event));
}

void MetricChart::mouseReleaseEvent(QMouseEvent *event)
{
    event->setAccepted(m_gestures.release(*event));
    viewport()->unsetCursor();
}

void MetricChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    event->setAccepted(m_gestures.doubleClick(*event));
}

void MetricChart::keyPressEvent(QKeyEvent *event)
{
    if (!m_gestures.key(*event))
        QChartView::keyPressEvent(event);
}

void MetricChart::leaveEvent(QEvent *event)
{
    m_gestures.leave();
    QChartView::leaveEvent(event);
}

void MetricChart::focusInEvent(QFocusEvent *event)
{
    QChartView::focusInEvent(event);
    viewport()->update();
}

void MetricChart::focusOutEvent(QFocusEvent *event)
{
    QChartView::focusOutEvent(event);
    viewport()->update();
}

} // namespace pilothouse

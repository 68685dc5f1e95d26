#include "ui/rollout/plot/chartcolumn.h"

#include "ui/rollout/plot/plotline.h"
#include "ui/rollout/plot/timewindow.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/words.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype chartsAtFirst = 4;
constexpr int restMs = 200; ///< without movement, until the time shown is asked for

} // namespace

ChartColumn::ChartColumn(QWidget *parent)
    : QWidget(parent), m_window(new TimeWindow(this)), m_scroll(new QScrollArea), m_column(nullptr),
      m_controls(new QWidget(this)), m_live(new QPushButton), m_more(new QPushButton)
{
    setObjectName(QStringLiteral("chartColumn"));
    auto *inside = new QWidget;
    m_column = new QVBoxLayout(inside);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(spacing::Hair);
    QScrollArea *scroll = m_scroll;
    scroll->setObjectName(QStringLiteral("chartScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    scroll->viewport()->setAutoFillBackground(false); // the panel's surface shows through
    inside->setAutoFillBackground(false);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(spacing::Hair);
    all->addWidget(scroll, 1);

    m_live->setObjectName(QStringLiteral("chartsLiveButton"));
    m_live->setIcon(themedIcon(QStringLiteral("activity")));
    m_more->setObjectName(QStringLiteral("moreChartsButton"));
    auto *row = new QHBoxLayout(m_controls);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::Hair);
    row->addWidget(m_more);
    row->addWidget(m_live);
    m_live->setText(tr("Back to Live"));
    m_live->setMinimumWidth(m_live->sizeHint().width()); // nothing moves when it says less
    connect(m_live, &QPushButton::clicked, m_window, &TimeWindow::showLive);
    connect(m_more, &QPushButton::clicked, this, &ChartColumn::toggleMore);
    connect(m_window, &TimeWindow::changed, this, &ChartColumn::refreshControls);
    m_asking.setSingleShot(true);
    m_asking.setInterval(restMs);
    connect(m_window, &TimeWindow::changed, &m_asking, qOverload<>(&QTimer::start));
    connect(&m_asking, &QTimer::timeout, this, &ChartColumn::askForHistory);
    refreshControls();
}

void ChartColumn::setCharts(const QList<ChartSeries> &charts, const QDateTime &from,
                            const QDateTime &to)
{
    const bool holed = m_to.isValid() && from > m_to;
    m_charts = charts;
    m_from = from;
    m_to = to;
    arrange();
    const double begin = double(from.toMSecsSinceEpoch());
    if (holed) {
        // Nobody asked for a while: what came before is a history like any other.
        for (MetricChart *view : std::as_const(m_views))
            view->breakAt(from);
        m_liveFrom = begin;
        m_history.reset();
    }
    double oldest = begin;
    double step = 0;
    for (qsizetype i = 0; i < m_charts.size(); ++i) {
        m_views[i]->setData(m_charts[i], from);
        oldest = std::min(oldest, m_views[i]->oldest().value_or(oldest));
        step = std::max(step, double(m_charts[i].step.count()));
    }
    if (!from.isValid())
        return; // not asked yet: the charts say so
    if (m_liveFrom == 0 || begin < m_liveFrom)
        m_liveFrom = begin;
    const double end = double(to.toMSecsSinceEpoch());
    if (m_reach > 0)
        oldest = std::min(oldest, end - m_reach);
    m_window->setHeld(oldest, end, end - begin, step);
}

void ChartColumn::setReach(std::chrono::milliseconds reach, std::chrono::milliseconds finest)
{
    m_reach = std::min(double(reach.count()), PlotLine::longest);
    m_finest = double(finest.count());
}

void ChartColumn::askForHistory()
{
    if (m_reach <= 0 || !m_window->isValid() || m_liveFrom == 0)
        return;
    const auto needed = historyNeeded({m_window->from(), m_window->to()}, m_liveFrom, m_history,
                                      {m_window->heldTo() - m_reach, m_finest});
    if (!needed)
        return;
    // Counts as answered until it is: one movement asks once.
    m_history = HeldHistory{*needed, 0};
    const auto moment = [](double at) {
        return QDateTime::fromMSecsSinceEpoch(qint64(at), Qt::UTC);
    };
    Q_EMIT historyWanted(moment(needed->from), moment(needed->to));
}

void ChartColumn::setHistory(const QList<ChartSeries> &charts, const QDateTime &from,
                             const QDateTime &to)
{
    double step = 0;
    bool failed = false;
    for (qsizetype i = 0; i < std::min(charts.size(), m_views.size()); ++i) {
        m_views[i]->setOlder(charts[i]);
        step = std::max(step, double(charts[i].step.count()));
        failed = failed || !charts[i].error.isEmpty();
    }
    if (failed)
        m_history.reset();
    else
        m_history
            = HeldHistory{{double(from.toMSecsSinceEpoch()), double(to.toMSecsSinceEpoch())}, step};
}

void ChartColumn::setMarks(const QList<ChartMark> &marks)
{
    m_marks = marks;
    for (MetricChart *view : std::as_const(m_views))
        view->setMarks(marks);
}

void ChartColumn::setCandidate(MetricChart::Candidate candidate)
{
    m_candidate = candidate;
    for (MetricChart *view : std::as_const(m_views))
        view->setCandidate(candidate);
}

/// Every series has its chart, so that what it told is kept; those of the first are shown.
void ChartColumn::arrange()
{
    while (m_views.size() > m_charts.size())
        delete m_views.takeLast();
    const qsizetype shown = m_all ? m_charts.size() : std::min(m_charts.size(), chartsAtFirst);
    while (m_views.size() < m_charts.size()) {
        auto *view = new MetricChart(*m_window);
        view->setObjectName(QStringLiteral("chart-%1").arg(m_views.size()));
        view->setMarks(m_marks);
        view->setCandidate(m_candidate);
        m_column->addWidget(view, 1);
        m_views.append(view);
    }
    for (qsizetype i = 0; i < m_views.size(); ++i) {
        m_views[i]->setVisible(i < shown);
        m_views[i]->setMarkWords(i == 0 ? MetricChart::MarkWords::Shown
                                        : MetricChart::MarkWords::Hidden);
        m_views[i]->setTimeAxis(i + 1 == shown ? MetricChart::TimeAxis::Shown
                                               : MetricChart::TimeAxis::Hidden);
    }
    // Those of the first never scroll in here; where they have no room the page scrolls.
    int least = 0;
    for (qsizetype i = 0; i < std::min(shown, chartsAtFirst); ++i)
        least += m_views[i]->minimumHeight() + (i > 0 ? m_column->spacing() : 0);
    m_scroll->setMinimumHeight(least);
    refreshControls();
}

void ChartColumn::toggleMore()
{
    m_all = !m_all;
    arrange();
}

QString ChartColumn::remark() const
{
    if (!m_window->isValid())
        return {};
    if (!m_window->isLive())
        return tr("NOT LIVE: %1").arg(spanText(m_window->from(), m_window->to()));
    return tr("last %1").arg(ageText(std::chrono::milliseconds(qint64(m_window->span()))));
}

void ChartColumn::refreshControls()
{
    const bool live = !m_window->isValid() || m_window->isLive();
    m_live->setVisible(m_window->isValid());
    m_live->setText(live ? tr("Live") : tr("Back to Live"));
    m_live->setEnabled(!live);
    m_live->setToolTip(
        live ? tr("The charts follow the newest samples. Wheel, + and − zoom; dragging, "
                  "← and → pan; 0 comes back.")
             : tr("Follow the newest samples again (0)"));
    m_live->setAccessibleDescription(m_live->toolTip());
    const qsizetype hidden = m_charts.size() - chartsAtFirst;
    m_more->setVisible(hidden > 0);
    m_more->setText(m_all ? tr("Fewer") : tr("+%1 more").arg(hidden));
    m_more->setToolTip(m_all ? tr("Only the first charts") : tr("All charts of this track"));
    m_more->setAccessibleDescription(m_more->toolTip());
    Q_EMIT remarkChanged();
}

} // namespace pilothouse

#pragma once

#include "rollout/rolloutviews.h"
#include "ui/rollout/plot/chartgutters.h"
#include "ui/rollout/plot/lineitem.h"
#include "ui/rollout/plot/plotgestures.h"
#include "ui/widgets/theme.h"

#include <QtCharts/QChartView>

class QDateTimeAxis;
class QValueAxis;

namespace pilothouse {

class TimeWindow;

/// One check over time: stable against candidate, limit, and a line where something changed. It
/// shows the time that its window shows, and keeps what earlier answers told.
///
/// Four different sights: an absent point breaks the line; NaN breaks it and leaves a tick on the
/// ground; Inf puts a triangle at the edge; no series is said in words.
class MetricChart final : public QChartView
{
    Q_OBJECT

public:
    enum class TimeAxis { Shown, Hidden };
    enum class MarkWords { Shown, Hidden };
    enum class Candidate { Serves, Idle };

    /// The window must outlive it.
    explicit MetricChart(TimeWindow &window, QWidget *parent = nullptr);

    /// Whether it labels the time; the lowest of a column does.
    void setTimeAxis(TimeAxis axis);

    /// Whether the words of its marks stand above it; in a column above the highest.
    void setMarkWords(MarkWords words);

    /// The answer about all time after `from`; older points stay.
    void setData(const ChartSeries &shown, const QDateTime &from);
    /// The answer about an earlier time that was asked for by itself.
    void setOlder(const ChartSeries &older);
    /// What lies before `from` has a hole behind it.
    void breakAt(const QDateTime &from);
    void setMarks(const QList<ChartMark> &marks);
    /// One without traffic has no values now: what its series says is said in words instead.
    void setCandidate(Candidate candidate);

    /// The time of the oldest point; nullopt = there is none.
    [[nodiscard]] std::optional<double> oldest() const;
    /// Where the lines lie, in the viewport.
    [[nodiscard]] QRectF plotArea() const;

protected:
    void drawBackground(QPainter *painter, const QRectF &rect) override;
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    void restyle();
    void refresh();
    void moveCrosshair();
    void fitHeight();
    void layOut();
    [[nodiscard]] int stripHeight() const;
    [[nodiscard]] QRectF markStrip() const;
    void describe();
    void drawValueLabels(QPainter *painter) const;
    void drawCrosshair(QPainter *painter) const;
    [[nodiscard]] ChartWords chartWords() const;
    [[nodiscard]] QString valueOf(const PlotLine &line, const QList<Sample> &newest) const;
    [[nodiscard]] QString stableText() const;
    [[nodiscard]] QString candidateText() const;
    [[nodiscard]] std::vector<LineItem::Shown> shownLines() const;
    [[nodiscard]] double scale() const;
    [[nodiscard]] QString unit() const;
    [[nodiscard]] QString absence() const;
    /// What the metrics server remarks on its answer; empty = nothing.
    [[nodiscard]] QString remark() const;
    void drawRemark(QPainter *painter) const;

    TimeWindow &m_window;
    PlotGestures m_gestures;
    ChartSeries m_data;
    PlotLine m_stable;
    PlotLine m_candidate;
    QList<ChartMark> m_marks;
    LineItem *m_lines; ///< of the scene
    TimeAxis m_axisShown = TimeAxis::Hidden;
    MarkWords m_wordsShown = MarkWords::Hidden;
    Candidate m_candidateNow = Candidate::Serves;
    QDateTimeAxis *m_time;
    QValueAxis *m_value;
};

} // namespace pilothouse

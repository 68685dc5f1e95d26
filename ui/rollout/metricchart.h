#pragma once

#include "rollout/rolloutviews.h"
#include "ui/widgets/theme.h"

#include <QtCharts/QChartView>

class QDateTimeAxis;
class QValueAxis;

namespace pilothouse {

/// One check over time: stable against candidate, limit, and a line where the weight changed.
///
/// Four different sights: an absent point breaks the line; NaN breaks it and leaves a tick on the
/// ground; Inf puts a triangle at the upper edge; no series is said in words.
class MetricChart final : public QChartView
{
    Q_OBJECT

public:
    enum class TimeAxis { Shown, Hidden };

    explicit MetricChart(TimeAxis axis, QWidget *parent = nullptr);

    void setData(const ChartSeries &shown, const QDateTime &from, const QDateTime &to,
                 const QList<WeightMark> &marks);

protected:
    void drawForeground(QPainter *painter, const QRectF &rect) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void restyle();
    void rebuild();
    void addLine(const QList<Sample> &samples, ColorRole color);
    void drawValueLabels(QPainter *painter) const;
    void drawOddValues(QPainter *painter, const QList<Sample> &samples, ColorRole color);
    void layOut();
    [[nodiscard]] double scale() const;
    [[nodiscard]] QString absence() const;

    ChartSeries m_data;
    QDateTime m_from;
    QDateTime m_to;
    QList<WeightMark> m_marks;
    TimeAxis m_axisShown;
    QDateTimeAxis *m_time;
    QValueAxis *m_value;
};

} // namespace pilothouse

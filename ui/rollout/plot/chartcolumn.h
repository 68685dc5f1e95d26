#pragma once

#include "ui/rollout/plot/plotmarks.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace pilothouse {

class MetricChart;
class TimeWindow;

/// The charts of a track, one below the other, on one time axis.
class ChartColumn final : public QWidget
{
    Q_OBJECT

public:
    explicit ChartColumn(QWidget *parent = nullptr);

    /// The answers about the time between `from` and `to`; what earlier ones told stays.
    void setCharts(const QList<ChartSeries> &charts, const QDateTime &from, const QDateTime &to);
    void setMarks(const QList<ChartMark> &marks);

    /// Buttons for a heading: back to live, and the charts that are not shown. It owns them until
    /// somebody else does.
    [[nodiscard]] QWidget *controls() const { return m_controls; }
    /// What is seen, in a few words: "last 15 min", or "NOT LIVE" and the time shown.
    [[nodiscard]] QString remark() const;

Q_SIGNALS:
    void remarkChanged();

private:
    void restyle();
    void arrange();
    void refreshControls();
    void toggleMore();

    TimeWindow *m_window;
    QList<ChartSeries> m_charts;
    QDateTime m_from;
    QDateTime m_to;
    QList<ChartMark> m_marks;
    QList<MetricChart *> m_views;
    QVBoxLayout *m_column;
    QLabel *m_legend;
    QWidget *m_controls;
    QPushButton *m_live;
    QPushButton *m_more;
    bool m_all = false;
};

} // namespace pilothouse

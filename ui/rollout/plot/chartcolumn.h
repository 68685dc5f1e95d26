#pragma once

#include "ui/rollout/metricchart.h"
#include "ui/rollout/plot/historyneed.h"

#include <QTimer>
#include <QWidget>

#include <chrono>
#include <optional>

class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace pilothouse {

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
    /// Whether the candidate has traffic now.
    void setCandidate(MetricChart::Candidate candidate);
    /// How far back a time may be looked for, and the finest step there. Without it only what came
    /// by itself can be seen.
    void setReach(std::chrono::milliseconds reach, std::chrono::milliseconds finest);
    /// The answer about an earlier time, as historyWanted() asked for it; one that failed leaves
    /// what was seen, and is asked for again when the time shown is another one.
    void setHistory(const QList<ChartSeries> &charts, const QDateTime &from, const QDateTime &to);

    /// Buttons for a heading: back to live, and the charts that are not shown. It owns them until
    /// somebody else does.
    [[nodiscard]] QWidget *controls() const { return m_controls; }
    /// What is seen, in a few words: "last 15 min", or "NOT LIVE" and the time shown.
    [[nodiscard]] QString remark() const;

Q_SIGNALS:
    void remarkChanged();
    /// What is seen lies before what is held, or was asked for too coarsely.
    void historyWanted(const QDateTime &from, const QDateTime &to);

private:
    void askForHistory();
    void arrange();
    void refreshControls();
    void toggleMore();

    TimeWindow *m_window;
    QList<ChartSeries> m_charts;
    QDateTime m_from;
    QDateTime m_to;
    QList<ChartMark> m_marks;
    MetricChart::Candidate m_candidate = MetricChart::Candidate::Serves;
    QList<MetricChart *> m_views;
    QScrollArea *m_scroll;
    QVBoxLayout *m_column;
    QWidget *m_controls;
    QPushButton *m_live;
    QPushButton *m_more;
    bool m_all = false;
    double m_liveFrom = 0; ///< ms since the epoch: where points begin that came by themselves
    double m_reach = 0;    ///< ms
    double m_finest = 0;   ///< ms
    std::optional<HeldHistory> m_history;
    QTimer m_asking; ///< until a movement has come to rest
};

} // namespace pilothouse

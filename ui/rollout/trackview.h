#pragma once

#include "action/actionrunner.h"
#include "ui/rollout/plot/plotmarks.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace pilothouse {

class ChartColumn;
class ConfirmationFlow;
class ContentArea;
class EvidenceDialog;
class GuardControls;
class LogController;
class LogPanel;
class OwnMenu;
class Panel;
class PodStrip;
class ReasonList;
class RolloutController;
class StageRail;
class StateView;
class ThingDesk;
class TrackPods;
class VerdictModel;
class WeightBar;

/// One track: rail and weights, charts and verdicts, pods, the next action and its reasons.
/// The controllers must outlive it.
class TrackView final : public QWidget
{
    Q_OBJECT

public:
    TrackView(RolloutController &track, LogController &podLogs, QWidget *parent = nullptr);

    /// The confirmations, as the buttons, the keys and the palette open them.
    void promote();
    void rollBack();
    void back();
    void hold(); ///< or lift
    void retire();
    void guard(); ///< arm or disarm
    /// What the verdicts rest on, now and in times past: one window for both.
    void showEvidence();
    void showPastWindows();

    /// What the strip of pods tells besides. It outlives the view.
    void setPods(TrackPods &pods);
    void openPodLog(const QString &pod);

    /// Steps of database changes, as marks in every chart.
    void setDatabaseSteps(const QList<ChartMark> &steps);

    /// Chooses one of its pods, if it has such a one.
    void choosePod(const QString &pod);

    /// Offers to copy and open what is shown. The desk outlives the view.
    void setThings(ThingDesk &desk);

    [[nodiscard]] RolloutController &track() const { return m_track; }

    /// The least that it can do with: NEXT and its buttons, and the beginning of what stands above.
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void follow(ConfirmationFlow &flow);
    QWidget *makeHeading();
    QWidget *makeNext();
    void refresh();
    void refreshWeights();
    void refreshNextDeploy();
    void refreshCharts();
    void refreshMarks();
    void refreshChartRemark();
    void openProgramLog();
    void showLog();

    RolloutController &m_track;
    LogController &m_podLogs;
    ContentArea *m_above = nullptr; ///< all but NEXT
    Panel *m_heading;
    StageRail *m_rail;
    WeightBar *m_weights;
    QLabel *m_progress; ///< of the traffic system's own steps
    QLabel *m_nextDeploy;
    QLabel *m_problem;
    QLabel *m_stillAble; ///< to promote, though it was rolled back
    GuardControls *m_guard;
    Panel *m_charts;
    ChartColumn *m_chartColumn;
    QList<ChartMark> m_databaseMarks; ///< as others tell them
    StateView *m_noCharts;
    VerdictModel *m_verdicts;
    QTableView *m_verdictTable;
    QLabel *m_verdictAge;
    QPointer<EvidenceDialog> m_evidence;
    PodStrip *m_pods;
    LogPanel *m_log;
    Panel *m_next;
    QLabel *m_sentence;
    QLabel *m_blocked;
    ReasonList *m_reasons;
    QPushButton *m_rollBackButton;
    QPushButton *m_backButton;
    QPushButton *m_holdButton;
    QPushButton *m_retireButton;
    OwnMenu *m_more;
    QPushButton *m_promoteButton;
    QPushButton *m_copyForChat;
};

} // namespace pilothouse

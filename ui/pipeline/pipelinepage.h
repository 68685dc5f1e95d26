#pragma once

#include "pipeline/folding/buildnodes.h"
#include "release/budget.h"

#include <QWidget>

class QLabel;
class QSplitter;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace pilothouse {

class BudgetBar;
class BuildPanel;
class BuildStage;
class GraphView;
class JobLogs;
class JobPanel;
class LastGreen;
class LogController;
class LogPanel;
class Panel;
class PipelineController;
class ProblemList;
class RunActions;
class RunSearch;
class StateView;
class ThingDesk;
struct Finding;
struct Thing;

/// The graph of one commit, the chosen job with its steps, and its log; with `actions`, the buttons
/// that act upon its runs. Controllers outlive it.
class PipelinePage final : public QWidget
{
    Q_OBJECT

public:
    PipelinePage(PipelineController &pipeline, LogController &logs, RunActions *actions = nullptr,
                 QWidget *parent = nullptr);

    /// Shows the builds of a service beside the CI host as a node behind the job that hands them
    /// over, and in a panel there.
    void addBuilds(BuildStage &stage, RunActions &actions);

    /// Chooses the node of this build; false if it is none of the commit that is shown.
    bool showBuild(const RunId &build);

    /// Offers the search through all jobs of a run, and the comparison with the last green one.
    void setRunSearch(RunSearch &search);
    void setLastGreen(LastGreen &green);
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

    [[nodiscard]] GraphView *graphView() const { return m_graph; }
    [[nodiscard]] LogPanel *logPanel() const { return m_log; }
    void setBudgets(const QList<BudgetView> &budgets);
    /// Why there is no commit to draw; nullopt = it is being looked for.
    void setUnread(const std::optional<Error> &error);
    /// Ages go on between answers; called by the window's one timer.
    void refreshAges();

Q_SIGNALS:
    void readAgainRequested(); ///< of the repository

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refreshGraph();
    void refreshOverlay();
    void followSelection();
    void tellOrigin();
    void showStep(int number);
    void choose(const NodeId &node);
    void followBuild();
    [[nodiscard]] NodeId chosenOnGraph() const;
    /// The chosen job or build, its run, the commit: as far as they are there.
    [[nodiscard]] QList<Thing> things() const;
    void refreshProblems();
    [[nodiscard]] NodeId nodeOf(const Finding &finding) const;
    void showGraphOrProblems();

    struct Build
    {
        BuildStage *stage;
        BuildPanel *panel;
    };

    PipelineController &m_pipeline;
    LogController &m_logs;
    Panel *m_panel;
    QStackedWidget *m_stack;
    GraphView *m_graph;
    StateView *m_state;
    QLabel *m_legend;
    BudgetBar *m_budgets;
    QToolButton *m_problemsButton;
    ProblemList *m_problems;
    JobPanel *m_job;
    QVBoxLayout *m_right;
    LogPanel *m_log;
    JobLogs *m_jobLogs; ///< a child of the panel
    QList<Build> m_builds;
    GraphWithBuilds m_drawn;
    std::optional<Error> m_unread;
    NodeId m_chosenBuild;  ///< its job is chosen in the controller; empty = the job itself is
    QString m_openedBuild; ///< whose log was opened because its node was chosen
};

} // namespace pilothouse

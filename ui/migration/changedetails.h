#pragma once

#include "migration/migrationcontroller.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;
class QScrollArea;
class QTableView;

namespace pilothouse {

class ChecklistModel;
class CodeView;
class ConfirmationFlow;
class Panel;
class ReasonList;
class Reminders;
class SnoozeButton;

/// One change in one database: phases, checklist with proofs, the chosen step's statements and
/// locks, what stops it, and who is in the way. The controller must outlive it.
class ChangeDetails final : public QWidget
{
    Q_OBJECT

public:
    explicit ChangeDetails(MigrationController &controller, QWidget *parent = nullptr);

    void show(const ChangeKey &key);
    /// Whose reminder can be put off here. They outlive it.
    void setReminders(Reminders &reminders);
    /// Opens the confirmation of the next step that can be run.
    void runNext();
    /// Ages go on between answers; called by the window's one timer.
    void refreshAges();

private:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void refresh();
    void refreshStep();
    void refreshRunning();
    void runStep(StepId step);
    void undoStep();
    void followRun(ConfirmationFlow *flow);
    void cancelBlocker();
    void pauseElsewhere();
    [[nodiscard]] std::optional<StepView> chosenStep() const;

    MigrationController &m_controller;
    ChangeKey m_key;
    std::optional<ChangeView> m_view;
    Panel *m_heading;
    QPushButton *m_ticket;
    SnoozeButton *m_snooze;
    Reminders *m_reminders = nullptr;
    QLabel *m_phases;
    QLabel *m_drift;
    Panel *m_running;
    QProgressBar *m_progress;
    QLabel *m_progressWords;
    QLabel *m_wait;
    QPushButton *m_pause;
    QPushButton *m_stop;
    QPushButton *m_cancelBlocker;
    Panel *m_checklist;
    ChecklistModel *m_steps;
    QTableView *m_table;
    Panel *m_step;
    CodeView *m_sql;
    QLabel *m_locks;
    ReasonList *m_reasons;
    QScrollArea *m_beside; ///< holds the reasons
    QPushButton *m_undo;
    QPushButton *m_run;
    std::optional<StepId> m_shownNext;
};

} // namespace pilothouse

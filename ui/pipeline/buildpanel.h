#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QListView;
class QPushButton;

namespace pilothouse {

class BuildStage;
class RunActions;
class StepModel;

/// The build that the chosen job handed over: state, steps, its log, and deciding about it. Shown
/// only at that job. Both controllers outlive it.
class BuildPanel final : public Panel
{
    Q_OBJECT

public:
    BuildPanel(BuildStage &stage, RunActions &actions, QWidget *parent = nullptr);

    /// Asks for the log of the build, if there is one.
    void openLog();
    /// The age goes on between answers; called by the window's one timer.
    void refreshAge();

Q_SIGNALS:
    /// `build` as its service spells it.
    void logWanted(const QString &build, const QString &title);
    /// A step of that build was opened, by a double click or Enter; comes after `logWanted`.
    void stepChosen(int number);

private:
    void refresh();

    BuildStage &m_stage;
    RunActions &m_actions;
    QLabel *m_words;
    QLabel *m_came;
    StepModel *m_steps;
    QListView *m_list;
    QPushButton *m_log;
    QPushButton *m_approve;
    QPushButton *m_reject;
    QPushButton *m_cancel;
};

} // namespace pilothouse

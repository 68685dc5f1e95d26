#pragma once

#include "pipeline/act/runcontrol.h"
#include "ui/widgets/panel.h"

class QLabel;
class QListView;
class QPushButton;
class QStackedWidget;

namespace pilothouse {

class PipelineController;
class Pill;
class RunActions;
class StateView;
class StepModel;

/// The chosen job: state, times, legs, and its steps, live. The controller must outlive it.
class JobPanel final : public Panel
{
    Q_OBJECT

public:
    explicit JobPanel(PipelineController &controller, QWidget *parent = nullptr);

    /// Offers to run the chosen job again. The controller must outlive the panel.
    void setActions(RunActions &actions);

Q_SIGNALS:
    /// The button was pressed: something is to be confirmed.
    void ordered(const pilothouse::RunOrder &order);
    /// A step of the chosen job was opened, by a double click or Enter.
    void stepChosen(int number);

private:
    void refresh();
    void refreshRerun();
    void refreshCondition();

    PipelineController &m_controller;
    RunActions *m_actions = nullptr;
    QStackedWidget *m_stack;
    StateView *m_empty;
    Pill *m_pill;
    QLabel *m_times;
    QLabel *m_legs;
    QLabel *m_condition;
    StepModel *m_steps;
    QListView *m_list;
    QPushButton *m_rerun;
};

} // namespace pilothouse

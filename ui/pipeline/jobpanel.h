#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QListView;
class QStackedWidget;

namespace pilothouse {

class PipelineController;
class Pill;
class StateView;
class StepModel;

/// The chosen job: state, times, legs, and its steps, live. The controller must outlive it.
class JobPanel final : public Panel
{
    Q_OBJECT

public:
    explicit JobPanel(PipelineController &controller, QWidget *parent = nullptr);

private:
    void refresh();

    PipelineController &m_controller;
    QStackedWidget *m_stack;
    StateView *m_empty;
    Pill *m_pill;
    QLabel *m_times;
    QLabel *m_legs;
    StepModel *m_steps;
    QListView *m_list;
};

} // namespace pilothouse

#pragma once

#include "action/reason.h"
#include "pipeline/act/runcontrol.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace pilothouse {

class RunActions;

/// Opens the confirmation of an order over `window`, if it may be given.
void confirmOrder(QWidget *window, RunActions &actions, const RunOrder &order);
/// Off with its reasons, and how to settle them, where a person looks: on the button.
void bindButton(QPushButton *button, const Permission &permission);

/// The line above the graph: which run the buttons are about, what stands in its way, and what may
/// be done with it. Each button opens a confirmation. The controller outlives it.
class RunBar final : public QWidget
{
    Q_OBJECT

public:
    explicit RunBar(RunActions &actions, QWidget *parent = nullptr);

    /// The confirmation of any order about these runs, as the buttons here and elsewhere open it.
    void confirm(const RunOrder &order);
    /// Asks for workflow, branch and inputs first.
    void startWorkflow();

private:
    void refresh();

    RunActions &m_actions;
    QLabel *m_words;
    QLabel *m_came;
    QPushButton *m_rerun;
    QPushButton *m_cancel;
    QPushButton *m_approve;
    QPushButton *m_reject;
    QPushButton *m_start;
    QPushButton *m_open;
};

} // namespace pilothouse

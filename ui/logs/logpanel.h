#pragma once

#include "ui/widgets/panel.h"

class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace pilothouse {

class LogController;
class LogStore;
class LogView;
class StateView;

/// The log of the chosen job or pod: heading, search, the lines, and one line that says where the
/// transfer stands. The controller must outlive it.
class LogPanel final : public Panel
{
    Q_OBJECT

public:
    explicit LogPanel(LogController &controller, QWidget *parent = nullptr);

    /// Ctrl+F: the search field.
    void find();
    void findNext();
    void findPrevious();
    void showFirstError();
    [[nodiscard]] LogView *view() const { return m_view; }

private:
    void refresh();
    void grow();
    void refreshSearch();
    void refreshRemark();

    LogController &m_controller;
    const LogStore *m_shown = nullptr;
    QStackedWidget *m_stack;
    LogView *m_view;
    StateView *m_state;
    QLineEdit *m_needle;
    QLabel *m_hits;
    QLabel *m_line;
    QToolButton *m_follow;
    QToolButton *m_firstError;
    QToolButton *m_next;
    QToolButton *m_previous;
};

} // namespace pilothouse

#pragma once

#include "migration/migrationcontroller.h"

#include <QWidget>

class QListView;
class QStackedWidget;

namespace pilothouse {

class ChangeDetails;
class ChangeModel;
class LeftOpenList;
class Panel;
class Reminders;
class StateView;
class ThingDesk;

/// The list of changes and the chosen one. The controller must outlive it.
class MigrationPage final : public QWidget
{
    Q_OBJECT

public:
    explicit MigrationPage(MigrationController &controller, QWidget *parent = nullptr);

    void showChange(const ChangeKey &key);
    [[nodiscard]] ChangeDetails *details() const { return m_details; }
    /// Shows what is left open without a change file. They outlive the page.
    void setReminders(Reminders &reminders);
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

private:
    void refresh();

    MigrationController &m_controller;
    Panel *m_panel;
    ChangeModel *m_model;
    QListView *m_list;
    LeftOpenList *m_leftOpen;
    QStackedWidget *m_stack;
    StateView *m_state;
    ChangeDetails *m_details;
};

} // namespace pilothouse

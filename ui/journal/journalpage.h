#pragma once

#include "journal/journal.h"

#include <QWidget>

class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace pilothouse {

class CodeView;
class IncidentList;
class Panel;
class RecordModel;
class StateView;
class ThingDesk;

/// What this machine's journal tells: newest first, searchable, with the state of its chain. The
/// journal must outlive it.
class JournalPage final : public QWidget
{
    Q_OBJECT

public:
    JournalPage(Journal &journal, QString actor, QWidget *parent = nullptr);

    void refresh();
    /// Ctrl+N.
    void addNote();
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

private:
    void showRecord();
    void verify();

    Journal &m_journal;
    QString m_actor;
    IncidentList *m_incidents;
    Panel *m_panel;
    QLineEdit *m_find;
    QLineEdit *m_note;
    RecordModel *m_model;
    QSortFilterProxyModel *m_filter;
    QTableView *m_table;
    StateView *m_state;
    QStackedWidget *m_stack;
    CodeView *m_body;
    int m_generation = 0;
};

} // namespace pilothouse

#pragma once

#include "journal/journal.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace pilothouse {

class CodeView;
class IncidentList;
class Panel;
class RecordModel;
class ReleaseController;
class StateView;
class ThingDesk;

/// What this machine's journal tells and what others did, as the systems tell: newest first,
/// searchable, with the state of the journal's chain, and with what cannot be heard. The journal
/// and the release must outlive it.
class JournalPage final : public QWidget
{
    Q_OBJECT

public:
    JournalPage(Journal &journal, QString actor, ReleaseController &release,
                QWidget *parent = nullptr);

    void refresh();
    /// Ctrl+N.
    void addNote();
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

private:
    void showRows();
    void showUnheard();
    void showRecord();
    void verify();
    void distrust(const QString &why);

    Journal &m_journal;
    QString m_actor;
    ReleaseController &m_release;
    QList<Record> m_records;
    bool m_read = false; ///< the journal answered
    IncidentList *m_incidents;
    Panel *m_panel;
    QLineEdit *m_find;
    QLineEdit *m_note;
    QCheckBox *m_own;
    QCheckBox *m_others;
    QLabel *m_unheard;
    QLabel *m_untrue; ///< why the records cannot be relied on
    RecordModel *m_model;
    QSortFilterProxyModel *m_filter;
    QTableView *m_table;
    StateView *m_state;
    QStackedWidget *m_stack;
    CodeView *m_body;
    int m_generation = 0;
};

} // namespace pilothouse

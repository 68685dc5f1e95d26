#pragma once

#include "ui/widgets/panel.h"

#include <QTimer>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace pilothouse {

class HitMap;
class LogController;
class LogMenus;
class LogSearchBar;
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
    [[nodiscard]] LogMenus *menus() const { return m_menus; }

private:
    void refresh();
    void refreshState();
    void refreshStateLine();
    void grow();
    void search();
    void refreshSearch();
    void refreshErrors();
    void refreshRemark();
    void refreshMap();
    void showMenu(const QPoint &place);
    void say(const QString &sentence);

    LogController &m_controller;
    const LogStore *m_shown = nullptr;
    bool m_firstErrorWanted = false; ///< shown as soon as it is found
    QStackedWidget *m_stack;
    QWidget *m_lines; ///< the view with its map
    LogView *m_view;
    HitMap *m_map;
    LogMenus *m_menus;
    StateView *m_state;
    LogSearchBar *m_search;
    QLabel *m_line;
    QString m_said; ///< what the last action answered, for a while
    QTimer m_saidFor;
    QToolButton *m_follow;
    QToolButton *m_firstError;
    QToolButton *m_jump;
    QToolButton *m_copy;
    QToolButton *m_open;
};

} // namespace pilothouse

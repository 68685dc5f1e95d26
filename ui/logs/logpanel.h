#pragma once

#include "logs/logsource.h"
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
class RunSearch;
class RunSearchList;
class SignInDesk;
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
    /// Offers the search through all jobs of a run. It must outlive the panel.
    void setRunSearch(RunSearch &search);
    /// Where a log cannot be had because its vendor is signed out, the way to sign in is offered
    /// for what this desk knows. It must outlive the panel.
    void setSignIn(const SignInDesk &desk);
    /// Asks again for a log that could not be had.
    void readAgain();
    /// The button that compares with the last green run; somebody else answers its clicks.
    [[nodiscard]] QToolButton *lastGreenButton() const { return m_lastGreen; }
    /// One sentence, shown for a while.
    void say(const QString &sentence);
    [[nodiscard]] LogView *view() const { return m_view; }
    [[nodiscard]] LogMenus *menus() const { return m_menus; }

Q_SIGNALS:
    /// A hit of another job was opened: its log is shown now.
    void hitOpened(const pilothouse::LogTarget &target);
    /// The vendor of the log that is to be shown is signed out; named as its chip.
    void signInRequested(const QString &source);

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
    [[nodiscard]] bool searchesAllJobs() const;
    /// The source that has to be signed in to for this log, and can be; empty = none.
    [[nodiscard]] QString signedOutSource() const;
    void changeWhatIsSearched();
    void openHit(const LogTarget &target, const QString &title, qint64 line);

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
    QToolButton *m_lastGreen;
    const SignInDesk *m_signIn = nullptr;
    RunSearch *m_runSearch = nullptr;
    RunSearchList *m_runHits = nullptr; ///< with `m_runSearch`
    bool m_openingHit = false;          ///< the list gives way, its search stays open
};

} // namespace pilothouse

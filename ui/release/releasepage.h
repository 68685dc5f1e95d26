#pragma once

#include "release/compare/comparepair.h"
#include "ui/release/compare/comparesections.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace pilothouse {

class LiveMenu;
class LiveModel;
class NextView;
class Panel;
class PillStrip;
class ReleaseController;
class ReminderCard;
class Reminders;
class RolloutController;
class ShownDiff;
class StateView;
class ThingDesk;

/// The first screen: what is next on each track and for the schema, what is live where, gates,
/// where the time went, what differs from stable, what happened lately. The controllers must
/// outlive it.
class ReleasePage final : public QWidget
{
    Q_OBJECT

public:
    ReleasePage(ReleaseController &controller, const ShownDiff &diff, QWidget *parent = nullptr);

    [[nodiscard]] NextView *nextView() const { return m_next; }
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);
    /// Says above all else what is late. They outlive the page.
    void setReminders(Reminders &reminders);
    /// Whose rows of LIVE can be held and retired. They outlive the page.
    void setTracks(const QList<RolloutController *> &tracks);

Q_SIGNALS:
    /// A button of NEXT was pressed.
    void nextActivated(const pilothouse::NextRow &row);
    /// A row of LIVE was activated (double click, Enter).
    void trackActivated(const pilothouse::TrackName &track);
    /// The menu of a row of LIVE asks for it.
    void holdRequested(const pilothouse::TrackName &track); ///< or to lift
    void retireRequested(const pilothouse::TrackName &track);
    void migrationsRequested(); ///< something is late there, and wants to be seen
    /// Two commits are to be compared, beginning with this section.
    void compareRequested(const pilothouse::ComparePair &pair, pilothouse::CompareSection first);

private:
    void refresh();
    void refreshLately();
    void requestShown(CompareSection first);

    ReleaseController &m_controller;
    const ShownDiff &m_diff;
    QStackedLayout *m_stack;
    StateView *m_loading;
    ReminderCard *m_reminder;
    NextView *m_next;
    QPushButton *m_copyForChat;
    Panel *m_livePanel;
    LiveModel *m_liveModel;
    QTableView *m_live;
    LiveMenu *m_liveMenu;
    Panel *m_gatesPanel;
    PillStrip *m_gates;
    Panel *m_pathPanel;
    PillStrip *m_path;
    QListWidget *m_lately;
    qsizetype m_unheardRows = 0; ///< rows of LATELY above its lines: what does not answer
};

} // namespace pilothouse

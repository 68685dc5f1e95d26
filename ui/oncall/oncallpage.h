#pragma once

#include "release/oncall/oncallviews.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QVBoxLayout;

namespace pilothouse {

class NightChanges;
class ContentArea;
class LastKnownList;
class OnCall;
class Panel;
class StateView;
class ThingDesk;
class WayRow;

/// The screen of a night: what hurts since when, what changed before that or lately, and one key
/// for each way out; those beyond the last key stand above. The keys 1 to 9 open a dialog or a log;
/// none acts by itself. With less height than all of it needs the ways out with a key stay in view,
/// and what stands above them scrolls. The controller must outlive it.
class OnCallPage final : public QWidget
{
    Q_OBJECT

public:
    explicit OnCallPage(OnCall &controller, QWidget *parent = nullptr);

    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

    /// What stands on it now.
    [[nodiscard]] const OnCallView &shown() const { return m_shown; }

    /// The least that it can do with: the ways out, and the beginning of what stands above.
    [[nodiscard]] int heightForWidth(int width) const override;

Q_SIGNALS:
    void rollBackRequested(const pilothouse::TrackName &track);
    void holdRequested(const pilothouse::TrackName &track);
    void podLogRequested(const pilothouse::TrackName &track, const QString &pod);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void refreshSoon();
    void refresh();
    void showLost(const OnCallView &view);
    void showLastKnown(const OnCallView &view);
    void showHurting(const OnCallView &view);
    void showAlerts(const OnCallView &view);
    void showChanges(const OnCallView &view);
    void showWays(const OnCallView &view);
    void act(const WayLine &line);

    OnCall &m_controller;
    ThingDesk *m_desk = nullptr; ///< nullptr = nothing is offered
    OnCallView m_shown;
    bool m_due = false;
    bool m_told = false; ///< the start bench was told
    bool m_alertsInDark = false;
    ContentArea *m_above; ///< all but the ways out
    Panel *m_lost;
    QGridLayout *m_lostRows;
    Panel *m_lastKnown;
    LastKnownList *m_lastKnownList;
    Panel *m_hurting;
    QGridLayout *m_hurtRows;
    Panel *m_alerts;
    QVBoxLayout *m_alertRows;
    Panel *m_changesPanel;
    NightChanges *m_changes;
    Panel *m_ways;
    Panel *m_keyless; ///< the ways beyond the last key; scrolls with what stands above
    StateView *m_waiting;
    QList<WayRow *> m_wayRows;
};

} // namespace pilothouse

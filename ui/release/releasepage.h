#pragma once

#include "release/releaseviews.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QPushButton;
class QStackedLayout;
class QTableView;

namespace pilothouse {

class LiveModel;
class NextView;
class Panel;
class PillStrip;
class ReleaseController;
class StateView;
class ThingDesk;

/// The first screen: what is next on each track and for the schema, what is live where, gates,
/// where the time went, what happened lately. The controller must outlive it.
class ReleasePage final : public QWidget
{
    Q_OBJECT

public:
    explicit ReleasePage(ReleaseController &controller, QWidget *parent = nullptr);

    [[nodiscard]] NextView *nextView() const { return m_next; }
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);

Q_SIGNALS:
    /// A button of NEXT was pressed.
    void nextActivated(const pilothouse::NextRow &row);
    /// A row of LIVE was activated (double click, Enter).
    void trackActivated(const pilothouse::TrackName &track);

private:
    void refresh();
    void refreshLately();

    ReleaseController &m_controller;
    QStackedLayout *m_stack;
    StateView *m_loading;
    NextView *m_next;
    QPushButton *m_copyForChat;
    Panel *m_livePanel;
    LiveModel *m_liveModel;
    QTableView *m_live;
    Panel *m_gatesPanel;
    PillStrip *m_gates;
    Panel *m_pathPanel;
    PillStrip *m_path;
    QListWidget *m_lately;
};

} // namespace pilothouse

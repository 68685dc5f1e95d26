#pragma once

#include "base/id.h"

#include <QList>
#include <QWidget>

class QStackedWidget;
class QTabBar;

namespace pilothouse {

class LogController;
class RolloutController;
class ThingDesk;
class TrackPods;
class TrackView;

/// The canary of every track of the workspace, one at a time. Controllers outlive it.
class RolloutPage final : public QWidget
{
    Q_OBJECT

public:
    RolloutPage(const QList<RolloutController *> &tracks, LogController &podLogs,
                QWidget *parent = nullptr);

    /// What the pods of each track tell; a track without one shows less. They outlive the page.
    void setPods(const QList<TrackPods *> &pods);
    void showTrack(const TrackName &track);
    /// nullptr if the workspace has no track.
    [[nodiscard]] TrackView *current() const;
    /// Offers to copy and open what is shown. The desk outlives the page.
    void setThings(ThingDesk &desk);
    /// The least that it can do with.
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] TrackView *viewOf(const TrackName &track) const;

private:
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    QList<TrackView *> m_views;
};

} // namespace pilothouse

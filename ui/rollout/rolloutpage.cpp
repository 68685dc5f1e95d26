#include "ui/rollout/rolloutpage.h"

#include "release/pods/trackpods.h"
#include "rollout/rolloutcontroller.h"
#include "ui/rollout/trackthings.h"
#include "ui/rollout/trackview.h"
#include "ui/things/thingdesk.h"
#include "ui/widgets/contentarea.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/stateview.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace pilothouse {

RolloutPage::RolloutPage(const QList<RolloutController *> &tracks, LogController &podLogs,
                         QWidget *parent)
    : QWidget(parent), m_tabs(new QTabBar(this)), m_stack(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("rolloutPage"));
    m_tabs->setObjectName(QStringLiteral("trackTabs"));
    m_tabs->setAccessibleName(tr("Track"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(spacing::Small);
    column->addWidget(m_tabs);
    column->addWidget(m_stack, 1);
    for (RolloutController *track : tracks) {
        auto *view = new TrackView(*track, podLogs);
        m_views.append(view);
        m_stack->addWidget(view);
        m_tabs->addTab(track->track().value);
    }
    m_tabs->setVisible(tracks.size() > 1);
    if (tracks.isEmpty()) {
        auto *empty = new StateView;
        empty->showEmpty(tr("No track"),
                         tr("Add “tracks” to pilothouse.yaml to watch and move traffic here."));
        m_stack->addWidget(empty);
    }
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);
}

void RolloutPage::setPods(const QList<TrackPods *> &pods)
{
    for (TrackPods *each : pods) {
        if (TrackView *view = viewOf(each->track().track()))
            view->setPods(*each);
    }
}

void RolloutPage::showTrack(const TrackName &track)
{
    for (qsizetype i = 0; i < m_views.size(); ++i) {
        if (m_views[i]->track().track() == track)
            m_tabs->setCurrentIndex(int(i));
    }
}

void RolloutPage::setThings(ThingDesk &desk)
{
    for (TrackView *view : std::as_const(m_views))
        view->setThings(desk);
    desk.serve(*this, [this] {
        const TrackView *shown = current();
        return shown ? trackThings(shown->track()) : QList<Thing>();
    });
}

int RolloutPage::heightForWidth(int width) const
{
    return ContentArea::leastHeight(*this, width);
}

TrackView *RolloutPage::current() const
{
    return m_views.value(m_stack->currentIndex());
}

TrackView *RolloutPage::viewOf(const TrackName &track) const
{
    for (TrackView *view : m_views) {
        if (view->track().track() == track)
            return view;
    }
    return nullptr;
}

} // namespace pilothouse

#include "ui/release/livemenu.h"

#include "release/releasecontroller.h"
#include "rollout/rolloutcontroller.h"
#include "ui/release/livemodel.h"
#include "ui/things/thingmenu.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/words.h"

#include <QAction>
#include <QTableView>

#include <algorithm>

namespace pilothouse {
namespace {

void offer(QAction *action, const QString &text, const Permission &permission)
{
    const QString why = permission.first(Reason::Kind::Blocks);
    action->setVisible(true);
    action->setEnabled(permission.allowed());
    action->setText(permission.allowed()
                        ? text
                        : LiveMenu::tr("%1  (off: %2)").arg(text, menuText(firstSentence(why))));
}

} // namespace

LiveMenu::LiveMenu(QTableView &view, LiveModel &model, ReleaseController &controller)
    : QObject(&view), m_view(view), m_model(model), m_controller(controller),
      m_compare(added("compareRowAction", "git-branch")), m_hold(added("holdRowAction", "hand")),
      m_retire(added("retireRowAction", "ban"))
{
    view.setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(view.selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &LiveMenu::refresh);
    connect(m_compare, &QAction::triggered, this, [this] {
        if (const auto chosen = pair())
            Q_EMIT compareRequested(*chosen);
    });
    connect(m_hold, &QAction::triggered, this, [this] {
        if (const RolloutController *chosen = track())
            Q_EMIT holdRequested(chosen->track());
    });
    connect(m_retire, &QAction::triggered, this, [this] {
        if (const RolloutController *chosen = track())
            Q_EMIT retireRequested(chosen->track());
    });
    refresh();
}

QAction *LiveMenu::added(const char *objectName, const char *icon)
{
    auto *action = new QAction(themedIcon(QLatin1String(icon)), QString(), &m_view);
    action->setObjectName(QLatin1String(objectName));
    m_view.addAction(action);
    return action;
}

void LiveMenu::setTracks(const QList<RolloutController *> &tracks)
{
    m_tracks = tracks;
    for (RolloutController *each : tracks)
        connect(each, &RolloutController::changed, this, &LiveMenu::refresh);
    refresh();
}

std::optional<ComparePair> LiveMenu::pair() const
{
    const QModelIndex row = m_view.currentIndex();
    return row.isValid() ? livePair(m_model.rowAt(row.row()), m_controller.shown()) : std::nullopt;
}

RolloutController *LiveMenu::track() const
{
    const QModelIndex row = m_view.currentIndex();
    if (!row.isValid() || m_model.rowAt(row.row()).kind != LiveRow::Kind::Track)
        return nullptr;
    const TrackName name(m_model.rowAt(row.row()).where);
    const auto found
        = std::find_if(m_tracks.cbegin(), m_tracks.cend(),
                       [&name](const RolloutController *each) { return each->track() == name; });
    return found == m_tracks.cend() ? nullptr : *found;
}

void LiveMenu::refresh()
{
    const auto compared = pair();
    m_compare->setText(
        compared ? tr("Compare %1 with %2").arg(shortSha(compared->to), shortSha(compared->from))
                 : tr("Compare"));
    m_compare->setEnabled(compared && compared->from != compared->to);
    const RolloutController *chosen = track();
    if (!chosen) {
        m_hold->setVisible(false);
        m_retire->setVisible(false);
        return;
    }
    offer(m_hold, chosen->hold() ? tr("Lift Hold…") : tr("Hold…"), chosen->mayHold());
    offer(m_retire, tr("Retire Way Back…"), chosen->mayRetire());
}

} // namespace pilothouse

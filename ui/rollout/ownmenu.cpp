#include "ui/rollout/ownmenu.h"

#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationflow.h"

#include <QMenu>

#include <algorithm>

namespace pilothouse {
namespace {

/// Undo to a revision, and the like: "argo.undo:4" belongs to "argo.undo".
QString groupOf(const QString &id)
{
    return id.section(QLatin1Char(':'), 0, 0);
}

/// One "&" would mark a key.
QString plainText(QString text)
{
    return text.replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace

OwnMenu::OwnMenu(RolloutController &track, QWidget *parent)
    : QPushButton(tr("More…"), parent), m_track(track), m_menu(new QMenu(this))
{
    setObjectName(QStringLiteral("moreButton"));
    m_menu->setObjectName(QStringLiteral("moreMenu"));
    setAccessibleDescription(tr("What only this traffic control can do"));
    setMenu(m_menu);
    hide();
    connect(m_menu, &QMenu::aboutToShow, this, &OwnMenu::fill);
}

void OwnMenu::refresh()
{
    // What is offered follows the object; a tick of the clock is no reason to ask again.
    const QString version = m_track.traffic() ? m_track.traffic()->value.version : QString();
    if (m_version == version)
        return;
    m_version = version;
    setVisible(!m_track.ownActions().isEmpty());
    setToolTip(tr("What only %1 can do").arg(m_track.systemName()));
}

void OwnMenu::fill()
{
    m_menu->clear();
    QString group;
    for (const OwnAction &own : m_track.ownActions()) {
        const QString its = groupOf(own.id);
        if (own.id.contains(QLatin1Char(':')) && its != group)
            m_menu->addSeparator();
        group = its;
        const Permission may = m_track.mayRunOwn(own.id);
        const QString why = may.first(Reason::Kind::Blocks);
        const QString name = tr("%1…").arg(plainText(own.title));
        // A menu shows no tooltip: why it is off, or what choosing it breaks, stands beside it.
        const QString breaks = own.chosen ? may.first(Reason::Kind::Against) : QString();
        auto *action
            = m_menu->addAction(!why.isEmpty()      ? tr("%1  (off: %2)").arg(name, plainText(why))
                                : !breaks.isEmpty() ? tr("%1  (! %2)").arg(name, plainText(breaks))
                                                    : name);
        action->setData(own.id);
        action->setEnabled(may.allowed());
        connect(action, &QAction::triggered, this, [this, id = own.id] { confirm(id); });
    }
}

void OwnMenu::confirm(const QString &id)
{
    if (!m_track.mayRunOwn(id).allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window(),
        [this, id]() -> std::optional<Preview> {
            const QList<OwnAction> all = m_track.ownActions();
            const bool isThere
                = std::any_of(all.cbegin(), all.cend(),
                              [&id](const OwnAction &action) { return action.id == id; });
            if (!isThere)
                return std::nullopt;
            m_track.tryOut(OwnVerb{id});
            return m_track.previewOwn(id);
        },
        [this, id](const Confirmation &confirmation) { return m_track.runOwn(id, confirmation); });
    if (flow)
        connect(&m_track, &RolloutController::previewChanged, flow, &ConfirmationFlow::refresh);
}

} // namespace pilothouse

#include "ui/rollout/guardcontrols.h"

#include "rollout/guard/rolloutguard.h"
#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationflow.h"
#include "ui/widgets/icon.h"
#include "ui/widgets/ink.h"

#include <QLabel>
#include <QPushButton>

namespace pilothouse {

GuardControls::GuardControls(RolloutController &track, QObject *parent)
    : QObject(parent), m_track(track), m_words(new QLabel), m_trouble(new QLabel),
      m_button(new QPushButton)
{
    m_words->setObjectName(QStringLiteral("guardWords"));
    m_words->setTextFormat(Qt::PlainText);
    m_trouble->setObjectName(QStringLiteral("guardTrouble"));
    m_trouble->setTextFormat(Qt::PlainText);
    m_trouble->setWordWrap(true);
    m_trouble->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_button->setObjectName(QStringLiteral("guardButton"));
    m_button->setIcon(themedIcon(QStringLiteral("shield-alert")));
    connect(m_button, &QPushButton::clicked, this, &GuardControls::confirm);
    connect(&m_track, &RolloutController::changed, this, &GuardControls::refresh);
    refresh();
}

void GuardControls::refresh()
{
    using Kind = GuardView::Kind;
    const RolloutGuard &guard = m_track.guard();
    const GuardView &view = guard.view();
    const WeightView weights = m_track.weights();
    const bool inFlight = weights.asked && weights.asked->percent > 0;
    const bool blind = view.kind == Kind::Unwatched;
    switch (view.kind) {
    case Kind::Unwatched:
        m_words->setText(tr("UNWATCHED"));
        break;
    case Kind::RollBack:
        m_words->setText(tr("guard: rolls back"));
        break;
    case Kind::Elsewhere:
    case Kind::Waiting:
    case Kind::Watching:
        m_words->setText(tr("guard: %1").arg(view.words));
        break;
    case Kind::Off:
        m_words->setText(view.words.isEmpty() ? (inFlight ? tr("no guard") : QString())
                                              : tr("no guard: %1").arg(view.words));
        break;
    }
    const bool alarming = blind || view.kind == Kind::RollBack;
    if (alarming)
        setInk(m_words, Tone::Danger);
    else
        setInk(m_words, view.kind == Kind::Off && inFlight ? Tone::Warning : Tone::Neutral);
    m_trouble->setVisible(blind);
    m_trouble->setText(
        view.howToGo.isEmpty()
            ? view.words
            : tr("%1\nWatch on without this window: %2").arg(view.words, view.howToGo));
    setInk(m_trouble, Tone::Danger);

    const Permission may = guard.isArmed() ? guard.mayDisarm() : guard.mayArm();
    m_button->setText(guard.isArmed() ? tr("Disarm Guard…") : tr("Arm Guard…"));
    m_button->setEnabled(may.allowed());
    m_button->setToolTip(may.allowed() && !guard.isArmed()
                             ? tr("Rolls back by itself while this computer is awake")
                             : may.first(Reason::Kind::Blocks));
    m_button->setAccessibleDescription(m_button->toolTip());
}

void GuardControls::confirm()
{
    RolloutGuard &guard = m_track.guard();
    const bool disarms = guard.isArmed();
    if (!(disarms ? guard.mayDisarm() : guard.mayArm()).allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        m_button->window(),
        [&guard, disarms] {
            return std::optional(disarms ? guard.previewDisarm() : guard.previewArm());
        },
        [&guard, disarms](const Confirmation &confirmation) {
            return disarms ? guard.disarm(confirmation) : guard.arm(confirmation);
        });
    connect(&m_track, &RolloutController::previewChanged, flow, &ConfirmationFlow::refresh);
}

} // namespace pilothouse

#include "rollout/rolloutcontroller.h"
#include "ui/action/confirmationflow.h"
#include "ui/rollout/guardcontrols.h"
#include "ui/rollout/trackview.h"

// The confirmations that a TrackView opens.

namespace pilothouse {

/// What grows old in it is shown so too, not only what is another.
void TrackView::follow(ConfirmationFlow &flow)
{
    for (const auto &signal : {&RolloutController::previewChanged, &RolloutController::changed})
        connect(&m_track, signal, &flow, &ConfirmationFlow::refresh);
}

void TrackView::promote()
{
    if (!m_track.mayPromote().allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window(),
        [this] {
            m_track.tryOut(WeightAttempt::Kind::Promote);
            return std::optional(m_track.previewPromote());
        },
        [this](const Confirmation &confirmation) { return m_track.promote(confirmation); });
    follow(*flow);
}

void TrackView::rollBack()
{
    if (!m_track.mayRollBack().allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window(),
        [this] {
            m_track.tryOut(WeightAttempt::Kind::RollBack);
            return std::optional(m_track.previewRollback());
        },
        [this](const Confirmation &confirmation) { return m_track.rollBack(confirmation); });
    follow(*flow);
}

void TrackView::back()
{
    if (!m_track.mayGoBack().allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window(),
        [this] {
            m_track.tryOut(WeightAttempt::Kind::Back);
            return std::optional(m_track.previewBack());
        },
        [this](const Confirmation &confirmation) { return m_track.back(confirmation); });
    follow(*flow);
}

void TrackView::hold()
{
    if (!m_track.mayHold().allowed())
        return;
    const bool lifts = m_track.hold().has_value();
    auto *flow = ConfirmationFlow::open(
        window(),
        [this, lifts] {
            m_track.tryOut(lifts ? HoldVerb::Lift : HoldVerb::Hold);
            return std::optional(lifts ? m_track.previewLift() : m_track.previewHold());
        },
        [this, lifts](const Confirmation &confirmation) {
            return lifts ? m_track.lift(confirmation) : m_track.holdTraffic(confirmation);
        });
    follow(*flow);
}

void TrackView::guard()
{
    m_guard->confirm();
}

void TrackView::retire()
{
    if (!m_track.mayRetire().allowed())
        return;
    auto *flow = ConfirmationFlow::open(
        window(), [this] { return std::optional(m_track.previewRetire()); },
        [this](const Confirmation &confirmation) { return m_track.retire(confirmation); });
    follow(*flow);
}

} // namespace pilothouse

#include "base/whendone.h"
#include "rollout/act/controllerparts.h"

// What a RolloutController shows in confirmations and does once they are confirmed.

namespace pilothouse {

void RolloutController::tryOut(const Tried &what)
{
    d->actions.tryOut(what);
    Q_EMIT confirming();
}

bool RolloutController::isTryingOut() const
{
    return d->actions.isTryingOut();
}

Preview RolloutController::previewPromote() const
{
    return d->actions.previewPromote();
}

Preview RolloutController::previewRollback() const
{
    return d->actions.previewRollback();
}

Preview RolloutController::previewBack() const
{
    return d->actions.previewBack();
}

Preview RolloutController::previewHold() const
{
    return d->actions.previewHold();
}

Preview RolloutController::previewLift() const
{
    return d->actions.previewLift();
}

Preview RolloutController::previewRetire() const
{
    return d->actions.previewRetire();
}

QFuture<Outcome> RolloutController::promote(const Confirmation &confirmation)
{
    const bool begins = d->engine.state().traffic && d->engine.state().traffic->asked.percent == 0;
    QFuture<Outcome> promoted = d->actions.promote(confirmation);
    if (begins) {
        const auto over = [this](const Outcome &outcome) {
            // Where no answer came it may have been taken.
            if (outcome.kind == Outcome::Kind::Done || outcome.kind == Outcome::Kind::Unknown)
                d->guard.rolloutBegan();
        };
        whenDone(promoted, this, over, [] {});
    }
    return promoted;
}

QFuture<Outcome> RolloutController::rollBack(const Confirmation &confirmation)
{
    return d->actions.rollBack(confirmation);
}

QFuture<Outcome> RolloutController::back(const Confirmation &confirmation)
{
    return d->actions.back(confirmation);
}

QFuture<Outcome> RolloutController::holdTraffic(const Confirmation &confirmation)
{
    return d->actions.holdTraffic(confirmation);
}

QFuture<Outcome> RolloutController::lift(const Confirmation &confirmation)
{
    return d->actions.lift(confirmation);
}

QFuture<Outcome> RolloutController::retire(const Confirmation &confirmation)
{
    return d->actions.retire(confirmation);
}

} // namespace pilothouse

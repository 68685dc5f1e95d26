#include "rollout/rolloutactions.h"

// What RolloutActions asks the traffic system about while a confirmation is open.

namespace pilothouse {
namespace {

/// As the planned call has them: they are known when it is confirmed, and not before.
QString reasonToCome()
{
    return RolloutActions::tr("(the reason that you give)");
}

IntentId intentToCome()
{
    return IntentId(RolloutActions::tr("(made when you confirm)"));
}

} // namespace

TrialRequest RolloutActions::ownTrial(const QString &id) const
{
    return OwnRequest{id, traffic().version, m_actions.actor(), reasonToCome(), intentToCome()};
}

/// Without a time, so that it stays the same question.
TrialRequest RolloutActions::holdTrial(HoldVerb verb) const
{
    const TrafficState now = traffic();
    if (verb == HoldVerb::Lift)
        return HoldRequest{Lift{m_actions.actor(), reasonToCome(), intentToCome()}, now.version};
    Hold hold = holdFor(reasonToCome());
    hold.since = {};
    return HoldRequest{hold, now.version};
}

void RolloutActions::tryOutMove(WeightAttempt::Kind kind)
{
    const WayBack back = wayBack();
    if (kind == WeightAttempt::Kind::RollBack && back.deploy)
        m_trial.ask(ownTrial(back.deploy->action));
    else if (const auto wanted = request(kind))
        m_trial.ask(*wanted);
}

void RolloutActions::tryOut(const Tried &what)
{
    if (!m_engine.state().traffic)
        return;
    if (const auto *own = std::get_if<OwnVerb>(&what)) {
        m_trial.ask(ownTrial(own->id));
    } else if (const auto *hold = std::get_if<HoldVerb>(&what)) {
        m_trial.ask(holdTrial(*hold));
    } else if (const auto *kind = std::get_if<WeightAttempt::Kind>(&what)) {
        tryOutMove(*kind);
    }
}

} // namespace pilothouse

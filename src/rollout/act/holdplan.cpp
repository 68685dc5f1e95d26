#include "rollout/rolloutactions.h"

// What RolloutActions says that holding and lifting would send.

namespace pilothouse {

Hold RolloutActions::holdFor(const QString &why) const
{
    const TrafficState now = traffic();
    return {m_actions.actor(), m_clock.now(), why,
            now.candidate ? now.candidate->commit : CommitId()};
}

PreviewContext RolloutActions::holdContext(const std::optional<Hold> &wanted) const
{
    PreviewContext made = context();
    if (m_engine.state().traffic)
        made.calls = {m_control.planHold(wanted, traffic())};
    return made;
}

Preview RolloutActions::previewHold() const
{
    return holdPreview(facts(), holdContext(holdFor(tr("(the reason that you give)"))));
}

Preview RolloutActions::previewLift() const
{
    return liftPreview(facts(), holdContext({}));
}

} // namespace pilothouse

#include "base/whendone.h"
#include "rollout/rolloutactions.h"

// One confirmed action of a track, from its intent to its outcome.

namespace pilothouse {

void RolloutActions::setRuns(const RunsLine &runs)
{
    if (m_runs == runs)
        return;
    m_runs = runs;
    Q_EMIT changed();
    Q_EMIT previewChanged();
}

void RolloutActions::setNotMoved(const QStringList &places, const QString &configMaps)
{
    if (m_notMoved == places && m_configMaps == configMaps)
        return;
    m_notMoved = places;
    m_configMaps = configMaps;
    Q_EMIT previewChanged();
}

void RolloutActions::setCarry(const std::optional<Reason> &carry)
{
    if (m_carry == carry)
        return;
    m_carry = carry;
    Q_EMIT changed();
    Q_EMIT previewChanged();
}

void RolloutActions::perform(const Intent &intent, const ActionRunner::Effect &effect,
                             ActionRunner::WithoutJournal policy, const Promise &promise)
{
    m_underWay.append(intent.verb);
    Q_EMIT changed();
    const auto over = [this, promise, verb = intent.verb](const Outcome &outcome) {
        m_underWay.removeOne(verb);
        promise->addResult(outcome);
        promise->finish();
        Q_EMIT changed();
        if (outcome.kind == Outcome::Kind::Conflict)
            Q_EMIT previewChanged();
    };
    whenDone(m_actions.run(intent, effect, policy), this, over, [over] {
        Outcome unknown;
        unknown.text = tr("It was given up before an answer came. Look at what is live.");
        over(unknown);
    });
}

} // namespace pilothouse

#include "base/whendone.h"
#include "rollout/rolloutactions.h"
#include "rollout/trafficannotations.h"

#include <QPromise>

// What goes with a rollback of RolloutActions beside the weight.

namespace pilothouse {
namespace {

constexpr int keptHoldTries = 3; ///< the rollback's own writes have just moved the version
constexpr std::chrono::milliseconds holdPatience{5'000};
/// What is accepted later than this may have another cause.
constexpr std::chrono::minutes toldWithin{10};

} // namespace

/// The hold that the confirmation of a rollback promises: nobody is there to be asked again, and
/// like the rollback it goes on where nothing can be recorded.
void RolloutActions::keepHold(const Hold &wanted, const QString &version)
{
    Hold dated = wanted;
    dated.since = m_clock.now();
    Intent holding = intent(QStringLiteral("hold"), traffic().asked, {}, dated.why);
    holding.lane = m_settings.track.value + QStringLiteral("/hold");
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    m_keptHold = promise->future();
    hold(dated, version, keptHoldTries, holding, ActionRunner::WithoutJournal::Go, promise);
}

QFuture<Outcome> RolloutActions::followed(const RollbackConfirmed &rollback,
                                          const std::function<void(const Promise &)> &goBack)
{
    m_untold = Untold{rollback, m_clock.sinceBoot()};
    const auto back = std::make_shared<QPromise<Outcome>>();
    const auto all = std::make_shared<QPromise<Outcome>>();
    back->start();
    all->start();
    m_keptHold.reset();
    goBack(back);
    whenDone(
        back->future(), this,
        [this, all](const Outcome &outcome) {
            // Before whoever waits for the outcome may end the program.
            if (outcome.kind == Outcome::Kind::Done)
                tellRolledBack();
            else if (outcome.kind == Outcome::Kind::Unknown && m_untold)
                m_untold->isOpen = true;
            else
                m_untold.reset();
            lookForAcceptance();
            awaitHold(outcome, all);
        },
        [all] { all->finish(); });
    return all->future();
}

void RolloutActions::tellRolledBack()
{
    if (const auto untold = std::exchange(m_untold, std::nullopt))
        Q_EMIT rolledBack(untold->rollback.reason, untold->rollback.actor);
}

void RolloutActions::awaitAcceptance(const RollbackConfirmed &sent)
{
    if (m_untold)
        m_untold = Untold{sent, m_untold->since, true};
}

/// A rollback that nobody could vouch for may still be accepted.
void RolloutActions::lookForAcceptance()
{
    if (!m_untold || !m_untold->isOpen)
        return;
    const TrafficState now = traffic();
    const RollbackConfirmed &rollback = m_untold->rollback;
    if (m_clock.sinceBoot() - m_untold->since > toldWithin)
        m_untold.reset();
    else if (m_untold->sent && now.asked == Weight{0} && now.accepted == Weight{0} && now.stable
             && sameCode(pinOf(*now.stable), rollback.target)
             && isNoted(now, rollback.intent) != Noted::No)
        tellRolledBack();
}

void RolloutActions::awaitHold(const Outcome &rollback, const Promise &all)
{
    const auto end = [all, rollback](const QString &held) {
        if (all->future().isFinished())
            return;
        Outcome outcome = rollback;
        if (!held.isEmpty())
            outcome.text += QStringLiteral(" (%1)").arg(held);
        all->addResult(outcome);
        all->finish();
    };
    if (!m_keptHold)
        return end({});
    const auto unheard = [end] {
        end(tr("Whether it is held is not known: no answer came. Look at what is live."));
    };
    const auto heard = [this, end](const Outcome &hold) {
        if (hold.kind == Outcome::Kind::Done || traffic().hold)
            return end({});
        QString why = hold.text;
        if (why.endsWith(QLatin1Char('.')))
            why.chop(1);
        end(tr("It is not held: %1. Hold it yourself.").arg(why));
    };
    whenDone(*m_keptHold, this, heard, unheard);
    m_clock.after(holdPatience, this, unheard);
}

} // namespace pilothouse

#include "base/whendone.h"
#include "rollout/act/arrival.h"
#include "rollout/rolloutactions.h"

#include <QPromise>

// What goes with a rollback of RolloutActions beside the weight.

namespace pilothouse {
namespace {

constexpr int keptHoldTries = 3; ///< the rollback's own writes have just moved the version
constexpr std::chrono::milliseconds holdPatience{5'000};

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

QFuture<Outcome> RolloutActions::withHold(const std::function<void(const Promise &)> &goBack)
{
    const auto back = std::make_shared<QPromise<Outcome>>();
    const auto all = std::make_shared<QPromise<Outcome>>();
    back->start();
    all->start();
    m_keptHold.reset();
    goBack(back);
    whenDone(
        back->future(), this, [this, all](const Outcome &outcome) { awaitHold(outcome, all); },
        [all] { all->finish(); });
    return all->future();
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

#include "action/outcomewords.h"
#include "base/whendone.h"
#include "rollout/act/trackintent.h"
#include "rollout/rolloutactions.h"
#include "rollout/wayback/deployintent.h"

#include <QPromise>

#include <algorithm>

// How RolloutActions does what only one kind of traffic control has.

namespace pilothouse {
namespace {

constexpr QLatin1String actionKey("action"); ///< in the body of an intent: OwnAction::id

} // namespace

bool isOwnIntent(const Record &intent)
{
    return intent.body.contains(actionKey);
}

bool isProgramsWork(const Record &intent, const TrafficControl &control)
{
    if (control.programName().isEmpty())
        return false;
    return isOwnIntent(intent) || goesBackByDeploy(intent)
           || (control.movesByProgram() && movesWeight(intent));
}

QList<OwnAction> RolloutActions::own() const
{
    return m_engine.state().traffic ? m_control.ownActions(*m_engine.state().traffic)
                                    : QList<OwnAction>();
}

std::optional<OwnAction> RolloutActions::ownOf(const QString &id) const
{
    const QList<OwnAction> all = own();
    const auto found = std::find_if(all.cbegin(), all.cend(),
                                    [&id](const OwnAction &action) { return action.id == id; });
    return found == all.cend() ? std::nullopt : std::optional(*found);
}

Permission RolloutActions::mayRunOwn(const QString &id) const
{
    if (const auto action = ownOf(id))
        return permission(ownReasons(facts(), *action));
    return Permission{{{Reason::Kind::Blocks, tr("this is no longer possible"), {}}}};
}

Preview RolloutActions::previewOwn(const QString &id) const
{
    const auto action = ownOf(id);
    PreviewContext made = context();
    made.trial = m_trial.rows(ownTrial(id));
    return ownPreview(action.value_or(OwnAction{}), facts(), made);
}

void RolloutActions::actOwn(const OwnAction &action, const QString &reason, const Promise &promise)
{
    OwnRequest request;
    request.action = action.id;
    request.expectedVersion = traffic().version;
    request.actor = m_actions.actor();
    request.reason = reason;
    Intent made = intent(action.title, traffic().asked, {}, reason);
    made.body[actionKey] = action.id;
    made.body[QLatin1String("ownFrom")] = action.from;
    made.body[QLatin1String("ownTo")] = action.to;
    const auto effect = [this, request, action](const IntentId &id) {
        OwnRequest named = request;
        named.intent = id;
        const auto done = std::make_shared<QPromise<Outcome>>();
        done->start();
        const auto finish = [done](const Outcome &outcome) {
            done->addResult(outcome);
            done->finish();
        };
        whenDone(
            m_control.runOwn(named), this,
            [this, action, finish](const Result<Reading<TrafficState>> &answer) {
                if (answer) {
                    m_engine.take(*answer);
                    Outcome taken;
                    taken.kind = Outcome::Kind::Done;
                    taken.text = tr("taken: %1").arg(action.to);
                    finish(taken);
                    return;
                }
                // Whoever was first, or whatever failed: the page shows the world as it is.
                m_engine.read([finish, error = answer.error()](const std::optional<Error> &) {
                    Outcome failed = outcomeOf(error);
                    if (mayBeDone(error))
                        failed.kind = Outcome::Kind::Unknown;
                    finish(failed);
                });
            },
            [finish] {
                Outcome unknown;
                unknown.text = tr("No answer came. Look at what is live.");
                finish(unknown);
            });
        return done->future();
    };
    perform(made, effect, ActionRunner::WithoutJournal::Refuse, promise);
}

QFuture<Outcome> RolloutActions::runOwn(const QString &id, const Confirmation &confirmation)
{
    return press({[this, id] { return previewOwn(id); }, [this, id] { return mayRunOwn(id); },
                  [this, id, reason = confirmation.reason](const Promise &promise) {
                      // It is there: mayRunOwn was asked on the same reading.
                      actOwn(ownOf(id).value_or(OwnAction{}), reason, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::settleOwn(const Record &intent)
{
    return lookFor(intent, &whatCameOfOwn);
}

} // namespace pilothouse

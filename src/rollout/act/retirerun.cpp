#include "action/outcomewords.h"
#include "base/whendone.h"
#include "rollout/rolloutactions.h"
#include "rollout/trafficannotations.h"

#include <QPromise>

#include <algorithm>

// How RolloutActions gives a way back up: on the traffic object, so that every console knows it.

namespace pilothouse {
namespace {

bool isRetiredBy(const IntentId &intent, const TrafficState &traffic)
{
    return std::any_of(traffic.retired.cbegin(), traffic.retired.cend(),
                       [&intent](const Retirement &each) { return each.intent == intent; });
}

/// The annotation with one more, in the place of an older one of the same.
QByteArray retiredWith(const Retirement &one, const TrafficState &traffic)
{
    QList<Retirement> all = traffic.retired;
    all.removeIf([&one](const Retirement &each) { return each.what == one.what; });
    all.prepend(one);
    return encodeRetired(all);
}

} // namespace

Retirement RolloutActions::retirement(const IntentId &intent) const
{
    const WayBack back = wayBack();
    return {identityOf(back), back.target ? back.target->commit : CommitId(), m_actions.actor(),
            m_clock.now(), intent};
}

Permission RolloutActions::mayRetire() const
{
    const RolloutFacts now = facts();
    Permission may = permission(holdReasons(now));
    const TrafficState &seen = traffic();
    if (!now.wayBack.target)
        may.reasons.append({Reason::Kind::Blocks, now.wayBack.words, {}});
    else if (seen.asked.percent > 0 || seen.accepted.value_or(Weight{0}).percent > 0)
        may.reasons.append({Reason::Kind::Blocks, tr("the stable is in use"),
                            tr("wait until the rollout is done")});
    return may;
}

Preview RolloutActions::previewRetire() const
{
    PreviewContext made = context();
    const Retirement one = retirement(IntentId(tr("(made when you confirm)")));
    if (!one.what.isEmpty())
        made.calls = {m_control.planAnnotation(QLatin1String(retiredAnnotation),
                                               retiredWith(one, traffic()), traffic())};
    return retirePreview(facts(), made);
}

QFuture<Outcome> RolloutActions::retire(const Confirmation &confirmation)
{
    return press({[this] { return previewRetire(); }, [this] { return mayRetire(); },
                  [this, confirmation](const Promise &promise) {
                      const WayBack back = wayBack();
                      Intent asked = intent(QStringLiteral("retire way back"), traffic().asked,
                                            pinOf(*back.target), confirmation.reason);
                      asked.body[QLatin1String("what")] = identityOf(back);
                      const auto effect = [this, one = retirement({}),
                                           shown = shownIdentity(back)](const IntentId &id) {
                          Retirement named = one;
                          named.intent = id;
                          return keepRetired(named, shown);
                      };
                      perform(asked, effect, ActionRunner::WithoutJournal::Refuse, promise);
                  }},
                 confirmation);
}

QFuture<Outcome> RolloutActions::keepRetired(const Retirement &one, const QString &shown)
{
    const auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    const auto over = [promise](Outcome::Kind kind, const QString &text) {
        Outcome outcome;
        outcome.kind = kind;
        outcome.text = text;
        promise->addResult(outcome);
        promise->finish();
    };
    const QString done = tr("%1 is no way back any more").arg(shown);
    const auto make = [one](const TrafficState &now) -> std::optional<QByteArray> {
        return isRetiredBy(one.intent, now) ? std::nullopt : std::optional(retiredWith(one, now));
    };
    whenDone(
        keepAnnotation(m_control, QLatin1String(retiredAnnotation), make, this), this,
        [this, over, done, id = one.intent](const Result<Reading<TrafficState>> &answer) {
            if (answer) {
                m_engine.take(*answer);
                return over(Outcome::Kind::Done, done);
            }
            m_engine.read([this, over, done, id,
                           error = answer.error()](const std::optional<Error> &unread) {
                if (!unread && isRetiredBy(id, traffic()))
                    return over(Outcome::Kind::Done, done);
                over(unread && mayBeDone(error) ? Outcome::Kind::Unknown : Outcome::Kind::Failed,
                     tr("Other consoles would not know it: %1").arg(error.message));
            });
        },
        [over] { over(Outcome::Kind::Unknown, tr("No answer came. Look at what is live.")); });
    return promise->future();
}

} // namespace pilothouse

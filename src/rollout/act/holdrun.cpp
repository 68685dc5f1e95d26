#include "action/outcomewords.h"
#include "base/whendone.h"
#include "rollout/rolloutactions.h"

#include <QPromise>

// What RolloutActions says that holding and lifting would send, and how it does it.

namespace pilothouse {
namespace {

using HoldPromise = std::shared_ptr<QPromise<Outcome>>;

void endHold(const HoldPromise &promise, Outcome::Kind kind, const QString &text)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = text;
    promise->addResult(outcome);
    promise->finish();
}

QString heldWords(const HoldChange &wanted)
{
    return std::holds_alternative<Hold>(wanted) ? RolloutActions::tr("held")
                                                : RolloutActions::tr("lifted");
}

HoldChange withIntent(HoldChange wanted, const IntentId &intent)
{
    std::visit([&intent](auto &change) { change.intent = intent; }, wanted);
    return wanted;
}

bool isSo(const HoldChange &wanted, const TrafficState &now)
{
    const Hold *hold = std::get_if<Hold>(&wanted);
    return hold ? now.hold == *hold : !now.hold;
}

} // namespace

Hold RolloutActions::holdFor(const QString &why) const
{
    const TrafficState now = traffic();
    return {m_actions.actor(), m_clock.now(), why,
            now.candidate ? now.candidate->commit : CommitId(),
            IntentId(tr("(made when you confirm)"))};
}

PreviewContext RolloutActions::holdContext(const HoldChange &wanted, HoldVerb verb) const
{
    PreviewContext made = context();
    if (m_engine.state().traffic)
        made.calls = {m_control.planHold(wanted, traffic())};
    made.trial = m_trial.rows(holdTrial(verb));
    return made;
}

Preview RolloutActions::previewHold() const
{
    PreviewContext asked = holdContext(holdFor(tr("(the reason that you give)")), HoldVerb::Hold);
    asked.runs = m_runs.holdRow;
    return holdPreview(facts(), asked);
}

Preview RolloutActions::previewLift() const
{
    const Hold asked = holdFor(tr("(the reason that you give)"));
    return liftPreview(facts(),
                       holdContext(Lift{asked.by, asked.why, asked.intent}, HoldVerb::Lift));
}

void RolloutActions::writeHold(const HoldChange &wanted, const QString &version, int tries,
                               const Promise &done)
{
    whenDone(
        m_control.setHold(wanted, version), this,
        [this, wanted, tries, done](const Result<Reading<TrafficState>> &answer) {
            if (answer) {
                m_engine.take(*answer);
                endHold(done, Outcome::Kind::Done, heldWords(wanted));
                return;
            }
            m_engine.read([this, wanted, tries, done,
                           error = answer.error()](const std::optional<Error> &unread) {
                const bool again
                    = tries > 1 && error.kind == ErrorKind::Conflict && !unread && !traffic().hold;
                const bool open = mayBeDone(error);
                if (again)
                    return writeHold(wanted, traffic().version, tries - 1, done);
                if (open && !unread && isSo(wanted, traffic()))
                    return endHold(done, Outcome::Kind::Done, heldWords(wanted));
                const Outcome failed = outcomeOf(error);
                endHold(done, open && unread ? Outcome::Kind::Unknown : failed.kind, failed.text);
            });
        },
        [done] {
            endHold(done, Outcome::Kind::Unknown, tr("No answer came. Look at what is live."));
        });
}

void RolloutActions::hold(const HoldChange &wanted, const QString &version, int tries,
                          const Intent &intent, ActionRunner::WithoutJournal policy,
                          const Promise &promise)
{
    // The hold that goes with a rollback is told with it.
    const Hold *own
        = policy == ActionRunner::WithoutJournal::Refuse ? std::get_if<Hold>(&wanted) : nullptr;
    const std::optional<Hold> told = own ? std::optional(*own) : std::nullopt;
    const auto effect = [this, wanted, version, tries, told](const IntentId &id) {
        const auto done = std::make_shared<QPromise<Outcome>>();
        done->start();
        // Before whoever waits for the outcome may end the program.
        if (told)
            whenDone(
                done->future(), this,
                [this, told](const Outcome &outcome) {
                    if (outcome.kind == Outcome::Kind::Done)
                        Q_EMIT held(told->why, told->by);
                },
                [] {});
        writeHold(withIntent(wanted, id), version, tries, done);
        return done->future();
    };
    perform(intent, effect, policy, promise);
}

} // namespace pilothouse

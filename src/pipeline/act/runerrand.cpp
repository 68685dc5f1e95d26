#include "pipeline/act/runerrand.h"

#include "action/outcomewords.h"
#include "base/tokenforms.h"
#include "base/whendone.h"

namespace pilothouse {

QFuture<Outcome> RunErrand::begin(RunControl &control, Clock &clock, const RunOrder &order,
                                  const BeforeOrder &before, const Pace &pace, QObject *parent)
{
    auto *errand = new RunErrand(control, clock, order, before, pace, parent);
    QFuture<Outcome> answer = errand->m_promise.future();
    errand->send();
    return answer;
}

RunErrand::RunErrand(RunControl &control, Clock &clock, const RunOrder &order,
                     const BeforeOrder &before, const Pace &pace, QObject *parent)
    : QObject(parent), m_control(control), m_clock(clock), m_order(order), m_before(before),
      m_pace(pace), m_until(clock.sinceBoot() + pace.atMost)
{
    m_promise.start();
}

void RunErrand::send()
{
    whenDone(
        m_control.send(m_order), this,
        [this](const Result<TakenOrder> &taken) {
            if (taken) {
                m_before.told = taken->run;
                look();
            } else if (mayBeDone(taken.error())) {
                m_lost = taken.error().message;
                look();
            } else {
                const Outcome refused = outcomeOf(taken.error());
                end(refused.kind, refused.text);
            }
        },
        [this] {
            m_lost = tr("the request was stopped");
            look();
        });
}

void RunErrand::look()
{
    whenDone(
        lookFor(m_control, m_order, m_before, this), this,
        [this](const Result<RunSight> &sight) {
            if (!sight) {
                lookLater(sight.error().message);
                return;
            }
            const SeenOrder shown = seen(m_order, m_before, *sight);
            switch (shown.kind) {
            case SeenOrder::Kind::Done:
                end(Outcome::Kind::Done,
                    m_lost.isEmpty() ? shown.text
                                     : tr("%1 (the answer was lost: %2)").arg(shown.text, m_lost),
                    shown.run);
                break;
            case SeenOrder::Kind::Otherwise:
                end(Outcome::Kind::Unknown, shown.text, shown.run);
                break;
            case SeenOrder::Kind::NotYet:
                lookLater(shown.text);
                break;
            }
        },
        [this] { lookLater(tr("the look was stopped")); });
}

void RunErrand::lookLater(const QString &why)
{
    if (m_clock.sinceBoot() + m_pace.every <= m_until) {
        m_clock.after(m_pace.every, this, [this] { look(); });
        return;
    }
    if (m_lost.isEmpty())
        end(Outcome::Kind::Unknown,
            tr("%1 took it, but does not show it: %2.").arg(m_control.systemName(), why));
    else
        end(Outcome::Kind::Unknown, tr("No answer came (%1), and it does not show: %2. Look at %3 "
                                       "before you try again.")
                                        .arg(m_lost, why, m_control.systemName()));
}

void RunErrand::end(Outcome::Kind kind, const QString &text, const RunId &run)
{
    Outcome outcome;
    outcome.kind = kind;
    outcome.text = maskedText(text); // a refusal may repeat what it refuses
    if (run != RunId())
        outcome.body[QLatin1String("shownRun")] = QString::number(run.value);
    if (!m_lost.isEmpty())
        outcome.body[QLatin1String("lostAnswer")] = maskedText(m_lost);
    outcome.body[QLatin1String("taken")] = m_lost.isEmpty();
    m_promise.addResult(outcome);
    m_promise.finish();
    deleteLater();
}

} // namespace pilothouse

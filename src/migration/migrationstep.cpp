#include "migration/migrationstep.h"

#include "action/outcomewords.h"
#include "base/words.h"
#include "migration/act/pausing.h"
#include "migration/recipe/lostanswer.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

namespace {

using Doing = MigrationRun::Doing;
using Ending = MigrationRun::Ending;
namespace event = migrationevent;
namespace effect = migrationeffect;

/// How often, and how far apart, it is tried to look what came of an answer that was lost.
constexpr int mostReturns = 60;
constexpr std::chrono::milliseconds betweenReturns{1'000};

/// Sweeps that wrote something may be followed by another one, but not for ever: then somebody
/// writes NULLs as fast as they are filled.
constexpr int mostPasses = 10;

QString nameOf(const MigrationRun &run, const ChangeStep &step)
{
    return run.undo ? Words::tr("undo %1").arg(stepWord(step.id))
                    : stepWord(step.id) + QLatin1Char(' ') + step.title;
}

/// Moves one run by one event.
class Mover
{
public:
    explicit Mover(MigrationRun run) : m_run(std::move(run)) {}

    [[nodiscard]] MigrationMove result() && { return {std::move(m_run), std::move(m_effects)}; }

    void operator()(const event::Start &start)
    {
        if (m_run.doing != Doing::Idle && m_run.doing != Doing::Ended)
            return;
        MigrationRun fresh;
        fresh.attempt = AttemptId(m_run.attempt.value + 1);
        fresh.steps = start.steps;
        fresh.undo = start.undo;
        fresh.limits = start.limits;
        fresh.retry = start.retry;
        fresh.pace = firstPace(start.limits);
        fresh.doing = Doing::TakingLock;
        m_run = fresh;
        say(effect::TakeLock{});
    }

    void operator()(const event::LockAnswered &answer)
    {
        if (m_run.doing == Doing::Returning)
            return answer.lock.taken
                       ? look()
                       : returnLater(Words::tr("%1 holds it").arg(answer.lock.holder));
        if (m_run.doing != Doing::TakingLock)
            return;
        if (!answer.lock.taken) {
            m_run.ending = Ending::Stopped;
            m_run.error = {ErrorKind::Refused,
                           Words::tr("Another console works on this change: %1. Wait for its end.")
                               .arg(answer.lock.holder),
                           {},
                           {}};
            m_run.doing = Doing::Ended;
            return;
        }
        look();
    }

    void operator()(const event::FactsRead &facts)
    {
        if (m_run.doing != Doing::Looking)
            return;
        if (!facts.drift.isEmpty() && !m_run.undo) {
            leave(
                Ending::Failed,
                {ErrorKind::Conflict,
                 Words::tr("File and database contradict each other: %1.").arg(facts.drift.first()),
                 facts.drift.join(QChar(QChar::LineFeed)),
                 {}});
            return;
        }
        while (m_run.step < m_run.steps.size()) {
            const ChangeStep &step = m_run.steps[m_run.step];
            const bool reached = facts.done.contains(step.id) != m_run.undo;
            if (!reached && m_run.lost)
                return leave(Ending::Failed, notDoneAfterAll(*m_run.lost, nameOf(m_run, step)));
            if (m_run.lost && !m_run.undo && !facts.recorded.contains(step.id))
                say(effect::RecordStep{step.id});
            m_run.lost.reset();
            if (!reached && m_run.executed) {
                leave(Ending::Failed,
                      {ErrorKind::Conflict,
                       Words::tr("The statements of %1 ended well, but the database does not show "
                                 "it. Look at the facts before running it again.")
                           .arg(nameOf(m_run, step)),
                       {},
                       {}});
                return;
            }
            if (!reached) {
                if (m_run.stopAsked)
                    leave(Ending::Stopped,
                          {ErrorKind::Cancelled, Words::tr("Stopped as asked."), {}, {}});
                else
                    begin(step);
                return;
            }
            ++m_run.step;
            m_run.group = 0;
            m_run.tries = 0;
            m_run.executed = false;
        }
        leave(Ending::Done, {});
    }

    void operator()(const event::GroupTried &tried)
    {
        if (m_run.doing != Doing::Executing)
            return;
        ++m_run.tries;
        switch (tried.answer.end) {
        case TryAnswer::End::Done:
            groupDone();
            break;
        case TryAnswer::End::LockTimedOut:
            lockTimedOut(tried);
            break;
        case TryAnswer::End::Cancelled:
            leave(Ending::Stopped,
                  {ErrorKind::Cancelled,
                   Words::tr("The statement of %1 was cancelled; it changed nothing.")
                       .arg(nameOf(m_run, current())),
                   tried.answer.detail,
                   {}});
            break;
        }
    }

    void operator()(const event::RetryDue &)
    {
        if (m_run.doing == Doing::Waiting)
            sendGroup();
        else if (m_run.doing == Doing::Returning)
            say(effect::TakeLock{});
    }

    void operator()(const event::Began &began)
    {
        if (m_run.doing != Doing::Starting)
            return;
        m_run.progress.done = began.row.rowsScanned;
        m_run.progress.total = std::max(began.row.rowsTotal, began.row.rowsScanned);
        if (sweeping()) {
            ++m_run.pass;
            m_run.writtenInPass = 0;
        }
        m_run.rest = std::chrono::milliseconds(0);
        if (m_run.pauseAsked)
            pause();
        else
            sendBatch();
    }

    void operator()(const event::BatchEnded &ended)
    {
        if (m_run.doing != Doing::Batching)
            return;
        const BatchAnswer &answer = ended.answer;
        if (answer.end == BatchAnswer::End::Stopped) {
            leave(Ending::Stopped,
                  {ErrorKind::Conflict, stoppedWords(answer.row), answer.detail, {}});
            return;
        }
        if (answer.end == BatchAnswer::End::Retry) {
            batchFailed(answer);
            return;
        }
        if (!sweeping())
            m_run.progress.add(answer.scanned, answer.took + m_run.rest);
        m_run.writtenInPass += answer.written;
        m_run.pace = paceAfter(m_run.pace, m_run.limits, answer.took);
        if (answer.end == BatchAnswer::End::Finished)
            batchesFinished();
        else if (m_run.pauseAsked)
            pause();
        else
            rest(restAfter(m_run.limits, answer.scanned, answer.took),
                 heldByLimit(m_run.limits, answer.scanned, answer.took));
    }

    void operator()(const event::RestOver &)
    {
        if (m_run.doing == Doing::Resting)
            sendBatch();
    }

    void operator()(const event::NullsCounted &counted)
    {
        if (m_run.doing != Doing::Verifying)
            return;
        const NullCount &nulls = counted.nulls;
        if (nulls.kind == NullCount::Kind::Exact && nulls.rows == 0) {
            say(effect::MarkBackfill{BackfillRow::State::Verified, {}});
            say(effect::RecordStep{StepId::M3});
            m_run.executed = true;
            look();
            return;
        }
        if (m_run.pauseAsked) {
            pause();
            return;
        }
        if (m_run.writtenInPass > 0 && m_run.pass < mostPasses) {
            m_run.doing = Doing::Starting;
            say(effect::BeginSweep{});
            return;
        }
        const QString text
            = nulls.kind == NullCount::Kind::Unknown
                  ? Words::tr("The rows that are left could not be counted: %1.").arg(nulls.why)
                  : Words::tr("%1 rows stay NULL: their source row is missing or has no value. "
                              "Decide what they get, then sweep again.")
                        .arg(nulls.rows);
        say(effect::MarkBackfill{BackfillRow::State::Failed, text});
        leave(Ending::Failed, {ErrorKind::Conflict, text, {}, {}});
    }

    void operator()(const event::PauseAsked &)
    {
        switch (m_run.doing) {
        case Doing::Resting:
            pause();
            break;
        case Doing::Starting:
        case Doing::Batching:
        case Doing::Verifying:
            m_run.pauseAsked = true;
            break;
        case Doing::Looking:
            m_run.pauseAsked = fills();
            break;
        default:
            break;
        }
    }

    void operator()(const event::StopAsked &)
    {
        switch (m_run.doing) {
        case Doing::Waiting:
            leave(Ending::Stopped, {ErrorKind::Cancelled,
                                    Words::tr("Stopped as asked; nothing was changed."),
                                    {},
                                    {}});
            break;
        case Doing::Executing:
            m_run.stopAsked = true;
            say(effect::CancelOwn{});
            break;
        case Doing::TakingLock:
        case Doing::Looking:
            m_run.stopAsked = true;
            break;
        case Doing::Returning:
            leaveUnseen(Words::tr("stopped as asked"));
            break;
        default:
            (*this)(event::PauseAsked{});
            break;
        }
    }

    void operator()(const event::LockReleased &)
    {
        if (m_run.doing == Doing::Leaving)
            m_run.doing = Doing::Ended;
    }

    void operator()(const event::WentWrong &wrong)
    {
        if (m_run.doing == Doing::Leaving) {
            // The release of the lock is still to come; a good ending is no longer one.
            if (m_run.ending == Ending::Done || m_run.ending == Ending::Paused) {
                m_run.ending = Ending::Failed;
                m_run.error = wrong.error;
            }
        } else if (m_run.doing == Doing::TakingLock) {
            m_run.ending = Ending::Failed;
            m_run.error = wrong.error;
            m_run.doing = Doing::Ended;
        } else if (m_run.lost) {
            returnLater(wrong.error.message);
        } else if (m_run.doing != Doing::Idle && m_run.doing != Doing::Ended) {
            if (mayBeDone(wrong.error) && (m_run.doing != Doing::Looking || m_run.executed))
                goBack(wrong.error);
            else
                leave(Ending::Failed, wrong.error);
        }
    }

private:
    void say(MigrationEffect what) { m_effects.append(std::move(what)); }
    [[nodiscard]] const ChangeStep &current() const { return m_run.steps[m_run.step]; }
    [[nodiscard]] bool sweeping() const { return current().id == StepId::M3; }
    [[nodiscard]] bool fills() const
    {
        return !m_run.undo
               && std::any_of(m_run.steps.begin(), m_run.steps.end(), [](const auto &s) {
                      return s.id == StepId::M2 || s.id == StepId::M3;
                  });
    }
    [[nodiscard]] const QList<StatementGroup> &groups() const
    {
        return m_run.undo ? current().undo.groups : current().groups;
    }

    void look()
    {
        m_run.doing = Doing::Looking;
        say(effect::ReadFacts{});
    }

    void begin(const ChangeStep &step)
    {
        if (!m_run.undo && (step.id == StepId::M2 || step.id == StepId::M3)) {
            m_run.doing = Doing::Starting;
            if (step.id == StepId::M2)
                say(effect::BeginBackfill{});
            else
                say(effect::BeginSweep{});
            return;
        }
        if (groups().isEmpty()) {
            leave(Ending::Failed, {ErrorKind::Refused,
                                   Words::tr("%1 has nothing to run.").arg(nameOf(m_run, step)),
                                   {},
                                   {}});
            return;
        }
        sendGroup();
    }

    void sendGroup()
    {
        m_run.doing = Doing::Executing;
        m_run.nextTryIn.reset();
        say(effect::RunGroup{current().id, groups()[m_run.group]});
    }

    void groupDone()
    {
        m_run.tries = 0;
        if (m_run.group + 1 < groups().size()) {
            ++m_run.group;
            sendGroup();
            return;
        }
        // A Short group has recorded itself in its own transaction.
        if (groups()[m_run.group].lockClass == LockClass::Long)
            say(effect::RecordStep{current().id});
        m_run.executed = true;
        look();
    }

    void lockTimedOut(const event::GroupTried &tried)
    {
        if (m_run.stopAsked || m_run.tries >= m_run.retry.tries) {
            const QString text
                = m_run.stopAsked
                      ? Words::tr("Stopped as asked; nothing was changed.")
                      : Words::tr("%1 did not get its lock in %2 tries; nothing was changed. See "
                                  "who is in the way, then run it again.")
                            .arg(nameOf(m_run, current()))
                            .arg(m_run.tries);
            leave(Ending::Stopped, {m_run.stopAsked ? ErrorKind::Cancelled : ErrorKind::TimedOut,
                                    text,
                                    tried.answer.detail,
                                    {}});
            return;
        }
        // Full jitter under a cap that doubles: tries spread out and never fall into step.
        const double from = static_cast<double>(m_run.retry.retryFrom.count());
        const double most = static_cast<double>(m_run.retry.retryTo.count());
        const double cap = std::min(most, from * std::exp2(std::min(m_run.tries, 30)));
        const std::chrono::milliseconds delay(
            std::llround(from + (std::max(cap, from) - from) * tried.random));
        m_run.doing = Doing::Waiting;
        m_run.nextTryIn = delay;
        say(effect::RetryAfter{delay});
    }

    void sendBatch()
    {
        using Batch = effect::RunBatch::Kind;
        m_run.doing = Doing::Batching;
        say(effect::RunBatch{sweeping() ? Batch::Sweep : Batch::Backfill, m_run.pace.size});
    }

    void rest(std::chrono::milliseconds delay, bool held)
    {
        m_run.doing = Doing::Resting;
        m_run.rest = delay;
        m_run.held = held;
        say(effect::RestFor{delay});
    }

    void batchFailed(const BatchAnswer &answer)
    {
        m_run.pace = paceAfterFailure(m_run.pace, m_run.limits);
        if (!givesUp(m_run.pace, m_run.limits)) {
            if (m_run.pauseAsked)
                pause();
            else
                rest(std::max(answer.took, m_run.limits.target), false);
            return;
        }
        const QString text = Words::tr("%1 smallest batches in a row did not get their rows. See "
                                       "who is in the way, then resume.")
                                 .arg(m_run.limits.failuresBeforeStop);
        say(effect::MarkBackfill{BackfillRow::State::Paused, text});
        leave(Ending::Stopped, {ErrorKind::TimedOut, text, answer.detail, {}});
    }

    void batchesFinished()
    {
        if (sweeping()) {
            m_run.doing = Doing::Verifying;
            say(effect::CountNulls{});
            return;
        }
        say(effect::MarkBackfill{BackfillRow::State::Sweeping, {}});
        say(effect::RecordStep{StepId::M2});
        m_run.executed = true;
        look();
    }

    void goBack(const Error &error)
    {
        m_run.lost = error;
        m_run.returns = 0;
        m_run.doing = Doing::Returning;
        say(effect::TakeLock{});
    }

    void returnLater(const QString &why)
    {
        m_run.doing = Doing::Returning;
        if (++m_run.returns < mostReturns)
            say(effect::RetryAfter{betweenReturns});
        else
            leaveUnseen(why);
    }

    void leaveUnseen(const QString &why)
    {
        leave(Ending::Unseen, neverSeen(*m_run.lost, nameOf(m_run, current()), why));
    }

    void pause()
    {
        say(effect::MarkBackfill{BackfillRow::State::Paused, Words::tr("as asked")});
        leave(Ending::Paused, {});
    }

    void leave(Ending ending, const Error &error)
    {
        m_run.ending = ending;
        m_run.error = error;
        m_run.nextTryIn.reset();
        m_run.doing = Doing::Leaving;
        say(effect::ReleaseLock{});
    }

    MigrationRun m_run;
    QList<MigrationEffect> m_effects;
};

} // namespace

MigrationMove advance(MigrationRun run, const MigrationEvent &event)
{
    Mover mover(std::move(run));
    std::visit(mover, event);
    return std::move(mover).result();
}

} // namespace pilothouse

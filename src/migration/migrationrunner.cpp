#include "migration/migrationrunner.h"

#include "base/whendone.h"
#include "migration/recipe/numberwords.h"

#include <QJsonArray>
#include <QRandomGenerator>

namespace pilothouse {

namespace {

constexpr std::chrono::milliseconds waitPoll{250};

QSet<StepId> doneSteps(const Change &change, const Facts &facts,
                       const QList<RevisionReadiness> &readiness)
{
    QSet<StepId> done;
    for (const ChangeStep &step : planSteps(change, facts, readiness)) {
        if (step.state == ChangeStep::State::Done)
            done.insert(step.id);
    }
    return done;
}

QSet<StepId> recordedSteps(const Facts &facts)
{
    QSet<StepId> recorded;
    for (const StepRecord &record : facts.steps)
        recorded.insert(record.step);
    return recorded;
}

} // namespace

MigrationRunner::MigrationRunner(Change change, Database &database, Clock &clock, QObject *parent)
    : QObject(parent), m_change(std::move(change)), m_database(database), m_clock(clock)
{}

bool MigrationRunner::busy() const
{
    return m_run.doing != MigrationRun::Doing::Idle && m_run.doing != MigrationRun::Doing::Ended;
}

void MigrationRunner::start(const migrationevent::Start &what, const QString &actor,
                            const IntentId &intent, const QList<RevisionReadiness> &readiness)
{
    if (busy())
        return;
    m_actor = actor;
    m_intent = intent;
    m_readiness = readiness;
    m_wait = {};
    take(what);
    watchWait();
}

void MigrationRunner::pause()
{
    take(migrationevent::PauseAsked{});
}

void MigrationRunner::stop()
{
    take(migrationevent::StopAsked{});
}

bool MigrationRunner::inShortGroup() const
{
    return m_run.doing == MigrationRun::Doing::Executing && m_lockClass == LockClass::Short;
}

RunTag MigrationRunner::tag(StepId step) const
{
    // The console's own word for an undo is short because application_name ends at 63 bytes.
    return {m_change.name, (m_run.undo ? QStringLiteral("-") : QString()) + stepWord(step), m_actor,
            m_intent};
}

void MigrationRunner::take(const MigrationEvent &event)
{
    const bool wasBusy = busy();
    MigrationMove move = advance(std::move(m_run), event);
    m_run = std::move(move.run);
    if (std::holds_alternative<migrationevent::WentWrong>(event)
        && (m_run.doing == MigrationRun::Doing::Leaving
            || m_run.doing == MigrationRun::Doing::Returning)
        && !move.effects.isEmpty())
        m_queue.clear(); // what was still to come belonged to the plan that failed
    for (const MigrationEffect &effect : std::as_const(move.effects)) {
        if (const auto *run = std::get_if<migrationeffect::RunGroup>(&effect))
            m_lockClass = run->group.lockClass;
        if (std::holds_alternative<migrationeffect::CancelOwn>(effect)) {
            carryOut(effect); // it is about the effect that is out now
        } else {
            m_queue.append(effect);
        }
    }
    if (m_run.doing != MigrationRun::Doing::Executing
        && m_run.doing != MigrationRun::Doing::Waiting)
        m_wait = {};
    Q_EMIT changed();
    if (wasBusy && !busy()) {
        Q_EMIT ended();
        return;
    }
    nextEffect();
}

void MigrationRunner::nextEffect()
{
    if (m_effectOut || m_queue.isEmpty())
        return;
    const MigrationEffect effect = m_queue.takeFirst();
    carryOut(effect);
}

template <typename T, typename Then>
void MigrationRunner::ask(QFuture<Result<T>> future, Then then)
{
    m_effectOut = true;
    const AttemptId attempt = m_run.attempt;
    whenDone(
        future, this,
        [this, attempt, then](const Result<T> &result) {
            if (attempt != m_run.attempt)
                return;
            m_effectOut = false;
            if (!result)
                take(migrationevent::WentWrong{result.error()});
            else
                then(result);
            nextEffect();
        },
        [this, attempt] {
            if (attempt != m_run.attempt)
                return;
            m_effectOut = false;
            take(migrationevent::WentWrong{
                {ErrorKind::Cancelled, tr("The database connection was closed."), {}, {}}});
        });
}

void MigrationRunner::carryOut(const MigrationEffect &effect)
{
    using namespace migrationeffect;
    const AttemptId attempt = m_run.attempt;
    const auto later
        = [this, attempt](std::chrono::milliseconds delay, const MigrationEvent &event) {
              m_clock.after(delay, this, [this, attempt, event] {
                  if (attempt == m_run.attempt)
                      take(event);
              });
          };
    struct Visitor
    {
        MigrationRunner &self;
        const std::function<void(std::chrono::milliseconds, const MigrationEvent &)> later;

        void operator()(const TakeLock &)
        {
            self.ask(self.m_database.takeRunnerLock(self.m_change.name),
                     [&self = self](const Result<RunnerLock> &lock) {
                         self.take(migrationevent::LockAnswered{*lock});
                     });
        }
        void operator()(const ReadFacts &)
        {
            self.ask(self.m_database.facts(self.m_change, Database::Nulls::Leave),
                     [&self = self](const Result<Reading<Facts>> &facts) {
                         Q_EMIT self.factsRead(*facts);
                         self.take(migrationevent::FactsRead{
                             doneSteps(self.m_change, facts->value, self.m_readiness),
                             driftOf(self.m_change, facts->value), recordedSteps(facts->value)});
                     });
        }
        void operator()(const RunGroup &run)
        {
            self.ask(self.m_database.run(run.group, self.tag(run.step)),
                     [&self = self](const Result<TryAnswer> &answer) {
                         self.take(migrationevent::GroupTried{
                             *answer, QRandomGenerator::global()->generateDouble()});
                     });
        }
        void operator()(const RetryAfter &retry) { later(retry.delay, migrationevent::RetryDue{}); }
        void operator()(const BeginBackfill &)
        {
            self.ask(self.m_database.beginBackfill(self.m_change, self.tag(StepId::M2)),
                     [&self = self](const Result<BackfillRow> &row) {
                         self.take(migrationevent::Began{*row});
                     });
        }
        void operator()(const BeginSweep &)
        {
            self.ask(self.m_database.beginSweep(self.m_change),
                     [&self = self](const Result<BackfillRow> &row) {
                         self.take(migrationevent::Began{*row});
                     });
        }
        void operator()(const RunBatch &batch)
        {
            self.ask(batch.kind == RunBatch::Kind::Backfill
                         ? self.m_database.backfillBatch(self.m_change, batch.size)
                         : self.m_database.sweepBatch(self.m_change, batch.size),
                     [&self = self](const Result<BatchAnswer> &answer) {
                         self.take(migrationevent::BatchEnded{*answer});
                     });
        }
        void operator()(const RestFor &rest) { later(rest.delay, migrationevent::RestOver{}); }
        void operator()(const MarkBackfill &mark)
        {
            self.ask(self.m_database.setBackfillState(self.m_change, mark.state, mark.reason),
                     [](const Result<BackfillRow> &) {});
        }
        void operator()(const CountNulls &)
        {
            self.ask(self.m_database.countNulls(self.m_change),
                     [&self = self](const Result<NullCount> &nulls) {
                         self.take(migrationevent::NullsCounted{*nulls});
                     });
        }
        void operator()(const RecordStep &record)
        {
            self.ask(self.m_database.record(self.tag(record.step)), [](const Result<void> &) {});
        }
        void operator()(const CancelOwn &)
        {
            // Its answer is the statement's own end; a failure to cancel shows as no change.
            whenDone(
                self.m_database.cancelOwn(), &self,
                [&self = self](const Result<void> &result) {
                    if (!result)
                        Q_EMIT self.cancelFailed(result.error());
                },
                [] {});
        }
        void operator()(const ReleaseLock &)
        {
            self.m_effectOut = true;
            const AttemptId out = self.m_run.attempt;
            // Released or not, the run is over: a lost session has lost its lock too.
            const auto over = [&self = self, out] {
                if (out != self.m_run.attempt)
                    return;
                self.m_effectOut = false;
                self.take(migrationevent::LockReleased{});
            };
            whenDone(
                self.m_database.releaseRunnerLock(self.m_change.name), &self,
                [over](const Result<void> &) { over(); }, over);
        }
    };
    std::visit(Visitor{*this, later}, effect);
    if (std::holds_alternative<RetryAfter>(effect) || std::holds_alternative<RestFor>(effect))
        nextEffect();
}

void MigrationRunner::watchWait()
{
    const AttemptId attempt = m_run.attempt;
    m_clock.after(waitPoll, this, [this, attempt] {
        if (attempt != m_run.attempt || !busy())
            return;
        if (m_run.doing != MigrationRun::Doing::Executing) {
            watchWait();
            return;
        }
        whenDone(
            m_database.waitState(), this,
            [this, attempt](const Result<Reading<WaitState>> &wait) {
                if (attempt != m_run.attempt || !busy())
                    return;
                // A failure shows itself in the polled facts and in the statement's own answer.
                if (wait && m_run.doing == MigrationRun::Doing::Executing
                    && wait->value != m_wait) {
                    m_wait = wait->value;
                    Q_EMIT changed();
                }
                watchWait();
            },
            [] {});
    });
}

Outcome MigrationRunner::outcome() const
{
    const MigrationRun &run = m_run;
    QList<StepId> reached;
    for (int i = 0; i < run.step && i < run.steps.size(); ++i)
        reached << run.steps[i].id;
    Outcome outcome;
    outcome.body = {{QStringLiteral("done"), QJsonArray::fromStringList(stepWords(reached))}};
    if (!run.error.detail.isEmpty())
        outcome.body.insert(QStringLiteral("detail"), run.error.detail);
    const QString place = run.undo ? tr("taken back") : tr("done");
    switch (run.ending) {
    case MigrationRun::Ending::Done:
        outcome.kind = Outcome::Kind::Done;
        outcome.text = tr("%1 %2, the database shows it")
                           .arg(stepWords(reached).join(QLatin1Char(' ')), place);
        break;
    case MigrationRun::Ending::Paused:
        outcome.kind = Outcome::Kind::Done;
        outcome.text = tr("paused at %1 of ~%2 rows")
                           .arg(countWords(run.progress.done), countWords(run.progress.total));
        break;
    case MigrationRun::Ending::Stopped:
    case MigrationRun::Ending::Failed:
    case MigrationRun::Ending::Unseen:
    case MigrationRun::Ending::None:
        outcome.kind = run.ending == MigrationRun::Ending::Unseen ? Outcome::Kind::Unknown
                       : run.error.kind == ErrorKind::Refused     ? Outcome::Kind::Refused
                       : run.error.kind == ErrorKind::Conflict    ? Outcome::Kind::Conflict
                                                                  : Outcome::Kind::Failed;
        outcome.text = reached.isEmpty() ? run.error.message
                                         : tr("%1 %2; then: %3")
                                               .arg(stepWords(reached).join(QLatin1Char(' ')),
                                                    place, run.error.message);
        break;
    }
    return outcome;
}

} // namespace pilothouse

#include "migration/migrationtrack.h"

#include "action/outcomewords.h"
#include "action/settle.h"
#include "base/whendone.h"
#include "migration/confirmation.h"
#include "migration/recipe/numberwords.h"

#include <QJsonArray>
#include <QPromise>

namespace pilothouse {

namespace {

using namespace std::chrono_literals;

/// An open confirmation asks at most so often for a fresh count.
constexpr std::chrono::milliseconds previewAgain = 1s;

QString list(const QList<StepId> &steps)
{
    return stepWords(steps).join(QLatin1Char(' '));
}

QString blocksText(const Permission &may)
{
    QStringList parts;
    for (const Reason &reason : may.reasons) {
        if (reason.kind == Reason::Kind::Blocks)
            parts << reason.text;
    }
    return parts.join(QStringLiteral(" · "));
}

} // namespace

MigrationTrack::MigrationTrack(ChangeKey key, Change change, const MigrationSettings &settings,
                               Database &database, ActionRunner &actions, Clock &clock)
    : m_key(std::move(key)), m_change(std::move(change)), m_settings(settings),
      m_database(database), m_actions(actions), m_clock(clock),
      m_watch(m_change, {settings.poll, settings.staleAfter}, database, clock),
      m_runner(m_change, database, clock)
{
    connect(&m_runner, &MigrationRunner::changed, this, [this] {
        m_watch.hold(m_runner.inShortGroup());
        if (!m_runner.wait().blockedBy.isEmpty())
            Q_EMIT blocked(m_runner.wait());
        Q_EMIT changed();
    });
    connect(&m_runner, &MigrationRunner::factsRead, &m_watch, &ChangeWatch::keep);
    connect(&m_runner, &MigrationRunner::cancelFailed, &m_watch, &ChangeWatch::lose);
    connect(&m_watch, &ChangeWatch::changed, this, &MigrationTrack::changed);
    connect(&m_actions, &ActionRunner::ended, this, [this](const QString &ended) {
        if (ended == subject())
            Q_EMIT changed();
    });
    connect(&m_watch, &ChangeWatch::sourceStateChanged, this, &MigrationTrack::sourceStateChanged);
    connect(&m_watch, &ChangeWatch::polled, this, [this] {
        if (m_visible)
            readInTheWay();
    });
    connect(&m_runner, &MigrationRunner::ended, this, [this] {
        const MigrationRun &run = m_runner.run();
        LastRun last;
        for (const ChangeStep &step : run.steps)
            last.steps << step.id;
        last.ending = run.ending;
        last.error = run.error;
        last.at = m_clock.now();
        m_endedAt = m_clock.sinceBoot();
        m_lastRun = last;
        setPace();
        refresh();
    });
}

void MigrationTrack::setVisible(bool visible)
{
    m_visible = visible;
    setPace();
}

void MigrationTrack::setReadiness(const QList<RevisionReadiness> &readiness)
{
    if (m_readinessKnown && m_readiness == readiness)
        return;
    m_readinessKnown = true;
    m_readiness = readiness;
    Q_EMIT changed();
}

void MigrationTrack::refresh()
{
    m_watch.read(Database::Nulls::Count);
    readInTheWay();
}

void MigrationTrack::setPace()
{
    using Pace = ChangeWatch::Pace;
    m_watch.setPace(busy() ? Pace::Running : m_visible ? Pace::Looking : Pace::Off);
}

void MigrationTrack::readInTheWay()
{
    const QList<ChangeStep> all = steps();
    const std::optional<StepId> next = nextStep(all);
    const ChangeStep *step = next ? findStep(all, *next) : nullptr;
    QList<TableLock> locks;
    for (const StatementGroup &group : step ? step->groups : QList<StatementGroup>())
        locks += group.locks;
    m_watch.readInTheWay(locks);
}

QList<ChangeStep> MigrationTrack::steps() const
{
    return m_watch.facts() ? planSteps(m_change, m_watch.facts()->value, m_readiness)
                           : QList<ChangeStep>();
}

GateContext MigrationTrack::context() const
{
    GateContext context;
    context.database = m_key.database;
    context.readOnly = m_settings.readOnly;
    if (m_watch.error())
        context.lostSince = m_watch.lostAt().toString(QStringLiteral("HH:mm 'UTC'"));
    // Until its outcome is in the journal a step has not ended: the next one would be refused.
    if ((busy() || m_actions.busy(subject())) && !m_runner.run().steps.isEmpty()) {
        const qsizetype last = m_runner.run().steps.size() - 1;
        context.running
            = stepWord(m_runner.run().steps[std::min<qsizetype>(m_runner.run().step, last)].id);
    }
    if (m_watch.facts())
        context.age = m_watch.facts()->age(m_clock);
    return context;
}

QList<StepId> MigrationTrack::openSteps(StepId step) const
{
    const QList<ChangeStep> all = steps();
    QList<StepId> open;
    for (const StepId id : runTogether(step)) {
        const ChangeStep *found = findStep(all, id);
        if (found && found->state != ChangeStep::State::Done)
            open << id;
    }
    return open;
}

Permission MigrationTrack::permission(StepId step, Direction direction) const
{
    if (!m_watch.facts()) {
        return {{{Reason::Kind::Blocks, tr("%1 has not been read yet").arg(m_key.database),
                  tr("wait until the database answers")}}};
    }
    const Facts &facts = m_watch.facts()->value;
    if (direction == Direction::Back)
        return pilothouse::mayUndo(step, m_change, facts, steps(), m_readiness, context());
    return mayRun(step, m_change, facts, steps(), m_readiness, context());
}

ChangeView MigrationTrack::view() const
{
    ChangeView view;
    view.key = m_key;
    view.change = m_change;
    view.facts = m_watch.facts();
    // The runner that was seen before the end of ours was ours.
    if (view.facts && view.facts->value.backfill && m_lastRun
        && view.facts->receivedSinceBoot <= m_endedAt)
        view.facts->value.backfill->runnerAlive = false;
    view.error = m_watch.error();
    view.readiness = m_readiness;
    view.readinessKnown = m_readinessKnown;
    view.lastRun = m_lastRun;
    view.inTheWay = m_watch.inTheWay();
    view.place = m_database.place();
    view.daysLeft = static_cast<int>(m_clock.now().date().daysTo(m_change.contractDue));
    if (m_watch.facts()) {
        const Facts &facts = m_watch.facts()->value;
        view.state = stateOf(m_change, facts);
        view.phase = phaseOf(m_change, facts);
        view.stateWords = pilothouse::stateWords(m_change, facts);
        view.drift = driftOf(m_change, facts);
        const QList<ChangeStep> all = steps();
        view.next = nextStep(all);
        const GateContext now = context();
        for (const ChangeStep &step : all) {
            view.steps.append(
                {step, mayRun(step.id, m_change, facts, all, m_readiness, now),
                 pilothouse::mayUndo(step.id, m_change, facts, all, m_readiness, now)});
        }
    }
    if (!busy())
        return view;
    const MigrationRun &run = m_runner.run();
    RunView running;
    for (const ChangeStep &step : run.steps)
        running.steps << step.id;
    if (!running.steps.isEmpty())
        running.current = running.steps[std::min<qsizetype>(run.step, running.steps.size() - 1)];
    running.undo = run.undo;
    running.doing = run.doing;
    running.tries = run.tries;
    running.maxTries = run.retry.tries;
    running.nextTryIn = run.nextTryIn;
    running.progress = run.progress;
    running.heldByLimit = run.held;
    running.pausing = run.pauseAsked;
    running.wait = m_runner.wait();
    view.running = running;
    return view;
}

std::optional<Preview> MigrationTrack::previewOf(StepId step, Direction direction) const
{
    if (!m_watch.facts())
        return std::nullopt;
    const QList<StepId> todo = direction == Direction::Back ? QList<StepId>{step} : openSteps(step);
    ConfirmationInput input;
    input.environment = m_settings.environment;
    input.place = m_database.place();
    input.change = m_change;
    input.facts = m_watch.facts()->value;
    input.age = m_watch.facts()->age(m_clock);
    input.steps = steps();
    input.readiness = m_readiness;
    input.may = permission(todo.value(0, step), direction);
    input.inTheWay = m_watch.inTheWay();
    input.inTheWayKnown = m_watch.inTheWayKnown();
    input.actor = m_actions.actor();
    input.backfill = m_settings.limitsIn(m_key.database);
    input.tries = m_settings.retry.tries;
    return direction == Direction::Back
               ? confirmUndo(input, step)
               : confirmSteps(input, todo.isEmpty() ? QList<StepId>{step} : todo);
}

std::optional<Preview> MigrationTrack::preview(StepId step)
{
    if (m_clock.sinceBoot() - m_previewRead >= previewAgain && !busy()) {
        m_previewRead = m_clock.sinceBoot();
        refresh();
    }
    return previewOf(step, Direction::Forward);
}

std::optional<Preview> MigrationTrack::undoPreview(StepId step)
{
    if (m_clock.sinceBoot() - m_previewRead >= previewAgain && !busy()) {
        m_previewRead = m_clock.sinceBoot();
        refresh();
    }
    return previewOf(step, Direction::Back);
}

QFuture<Outcome> MigrationTrack::run(StepId step, const Confirmation &confirmation)
{
    return act(step, confirmation, Direction::Forward);
}

QFuture<Outcome> MigrationTrack::undo(StepId step, const Confirmation &confirmation)
{
    return act(step, confirmation, Direction::Back);
}

QFuture<Outcome> MigrationTrack::resume()
{
    const QList<StepId> open = openSteps(StepId::M2);
    const std::optional<Preview> now
        = open.isEmpty() ? std::nullopt : previewOf(open.first(), Direction::Forward);
    if (!now)
        return QtFuture::makeReadyFuture(
            Outcome{Outcome::Kind::Refused, tr("There is no backfill to resume."), {}});
    return act(open.first(), {QString(), now->fingerprint, now->target}, Direction::Forward);
}

QFuture<Outcome> MigrationTrack::act(StepId step, const Confirmation &confirmation,
                                     Direction direction)
{
    if (busy()) {
        return QtFuture::makeReadyFuture(Outcome{
            Outcome::Kind::Refused, tr("%1 is running already.").arg(context().running), {}});
    }
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    const auto end = [promise](const Outcome &outcome) {
        promise->addResult(outcome);
        promise->finish();
    };
    whenDone(
        m_database.facts(m_change, Database::Nulls::Count), this,
        [this, step, confirmation, direction, end](const Result<Reading<Facts>> &facts) {
            if (facts) {
                m_watch.keep(*facts);
                goOn(step, confirmation, direction, end);
            } else {
                m_watch.lose(facts.error());
                end({Outcome::Kind::Failed, facts.error().message, {}});
            }
        },
        [end, text = tr("The database connection was closed.")] {
            end({Outcome::Kind::Failed, text, {}});
        });
    return promise->future();
}

void MigrationTrack::goOn(StepId step, const Confirmation &confirmation, Direction direction,
                          const std::function<void(const Outcome &)> &end)
{
    const QList<StepId> todo = direction == Direction::Back ? QList<StepId>{step} : openSteps(step);
    const Permission may = permission(todo.value(0, step), direction);
    if (!may.allowed()) {
        end({Outcome::Kind::Refused, blocksText(may), {}});
        return;
    }
    const Preview now = *previewOf(step, direction);
    if (now.fingerprint != confirmation.fingerprint) {
        end({Outcome::Kind::Conflict,
             tr("Something changed since you looked: read the confirmation again."),
             {}});
        return;
    }
    if (now.reasonRequired && confirmation.reason.trimmed().isEmpty()) {
        end({Outcome::Kind::Refused, tr("Something is against it: give a reason."), {}});
        return;
    }
    whenDone(journaled(todo, now, confirmation.reason, direction), this, end,
             [end, text = tr("It was given up before an answer came.")] {
                 end({Outcome::Kind::Unknown, text, {}});
             });
}

QString MigrationTrack::subject() const
{
    return QStringLiteral("change %1 in %2").arg(m_key.change.value, m_key.database);
}

QFuture<Outcome> MigrationTrack::journaled(const QList<StepId> &todo, const Preview &preview,
                                           const QString &reason, Direction direction)
{
    QJsonArray statements;
    for (const PlannedCall &call : preview.calls)
        statements.append(call.exact);
    QJsonArray evidence;
    for (const PreviewRow &row : preview.rows)
        evidence.append(row.label + QStringLiteral(": ") + row.text);
    Intent intent;
    intent.subject = subject();
    intent.verb = direction == Direction::Back ? tr("undo %1").arg(list(todo))
                                               : tr("run %1").arg(list(todo));
    intent.body = {{QStringLiteral("change"), m_key.change.value},
                   {QStringLiteral("database"), m_key.database},
                   {QStringLiteral("place"), preview.scope},
                   {QStringLiteral("steps"), QJsonArray::fromStringList(stepWords(todo))},
                   {QStringLiteral("undo"), direction == Direction::Back},
                   {QStringLiteral("statements"), statements},
                   {QStringLiteral("evidence"), evidence},
                   {QStringLiteral("fingerprint"), preview.fingerprint},
                   {QStringLiteral("reason"), reason}};
    return m_actions.run(intent, [this, todo, direction](const IntentId &id) {
        return effect(todo, direction, id);
    });
}

QFuture<Outcome> MigrationTrack::effect(const QList<StepId> &todo, Direction direction,
                                        const IntentId &intent)
{
    const QList<ChangeStep> all = steps();
    migrationevent::Start start;
    for (const StepId id : todo) {
        if (const ChangeStep *step = findStep(all, id))
            start.steps << *step;
    }
    start.undo = direction == Direction::Back;
    start.limits = m_settings.limitsIn(m_key.database);
    start.retry = m_settings.retry;

    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    connect(
        &m_runner, &MigrationRunner::ended, this,
        [this, promise] {
            promise->addResult(m_runner.outcome());
            promise->finish();
        },
        Qt::SingleShotConnection);
    m_runner.start(start, m_actions.actor(), intent, m_readiness);
    setPace();
    return promise->future();
}

QFuture<Outcome> MigrationTrack::cancelBlocker(const Blocker &blocker,
                                               const Confirmation &confirmation)
{
    Intent intent;
    // A subject of its own: the step that is in the blocker's way is running meanwhile.
    intent.subject = QStringLiteral("session %1 in %2").arg(blocker.pid).arg(m_key.database);
    intent.verb = blocker.idle() ? tr("end session") : tr("cancel statement");
    intent.body = {{QStringLiteral("pid"), blocker.pid},
                   {QStringLiteral("user"), blocker.user},
                   {QStringLiteral("application"), blocker.app},
                   {QStringLiteral("state"), blocker.state},
                   {QStringLiteral("reason"), confirmation.reason}};
    const Database::Means means
        = blocker.idle() ? Database::Means::EndSession : Database::Means::CancelStatement;
    return m_actions.run(intent, [this, blocker, means](const IntentId &) {
        auto promise = std::make_shared<QPromise<Outcome>>();
        promise->start();
        const auto end = [this, promise](const Outcome &outcome) {
            promise->addResult(outcome);
            promise->finish();
            readInTheWay();
        };
        whenDone(
            m_database.cancel(blocker.pid, means), this,
            [end, told = tr("the server was told")](const Result<void> &result) {
                end(result ? Outcome{Outcome::Kind::Done, told, {}} : outcomeOf(result.error()));
            },
            [end] { end({}); });
        return promise->future();
    });
}

QFuture<Outcome> MigrationTrack::settle(const QList<StepId> &steps, Direction direction)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    whenDone(
        m_database.facts(m_change, Database::Nulls::Leave), this,
        [this, promise, steps, direction](const Result<Reading<Facts>> &facts) {
            Outcome outcome;
            if (facts) {
                m_watch.keep(*facts);
                outcome = judge(steps, direction);
            } else {
                outcome = unseen(facts.error().message);
            }
            promise->addResult(outcome);
            promise->finish();
        },
        [promise, text = tr("The database connection was closed.")] {
            promise->addResult(Outcome{Outcome::Kind::Unknown, text, {}});
            promise->finish();
        });
    return promise->future();
}

Outcome MigrationTrack::judge(const QList<StepId> &wanted, Direction direction) const
{
    const QList<ChangeStep> all = steps();
    QList<StepId> reached;
    for (const StepId id : wanted) {
        const ChangeStep *step = findStep(all, id);
        const bool done = step && step->state == ChangeStep::State::Done;
        if (done == (direction == Direction::Forward))
            reached << id;
    }
    Outcome outcome;
    const bool whole = reached.size() == wanted.size();
    outcome.kind = whole ? Outcome::Kind::Done : Outcome::Kind::Failed;
    if (whole)
        outcome.text = tr("the database shows %1 reached").arg(list(wanted));
    else if (reached.isEmpty())
        outcome.text = tr("the database shows none of %1").arg(list(wanted));
    else
        outcome.text = tr("the database shows only %1 of %2").arg(list(reached), list(wanted));
    return outcome;
}

} // namespace pilothouse

#include "migration/overdue/reminders.h"

#include "base/whendone.h"
#include "migration/overdue/ticket.h"

#include <QPromise>

#include <algorithm>
#include <memory>

namespace pilothouse {

using namespace std::chrono_literals;

namespace {

constexpr auto askAgain = 10min; // a day's delay is told in days
constexpr auto askSoon = 30s;    // where one did not answer

/// What stands against the first step of CONTRACT that is open.
QStringList againstContract(const ChangeView &view)
{
    const auto next = std::find_if(view.steps.begin(), view.steps.end(), [](const StepView &each) {
        return phaseOfStep(each.step.id) == ChangePhase::Contract
               && each.step.state != ChangeStep::State::Done;
    });
    QStringList words;
    if (next == view.steps.end())
        return words;
    for (const Reason &reason : next->may.reasons) {
        if (reason.kind == Reason::Kind::Blocks)
            words << reason.text;
    }
    return words;
}

/// By what the database keeps of an intent. `kept` is what it answered, if it was asked just now.
Outcome seen(const IntentId &intent, const Result<void> &kept, const Result<Traces> &traces)
{
    if (!traces)
        return {Outcome::Kind::Unknown, traces.error().message, {}};
    const bool there = std::any_of(traces->snoozes.begin(), traces->snoozes.end(),
                                   [&](const Snooze &snooze) { return snooze.intent == intent; });
    if (there)
        return {Outcome::Kind::Done, Reminders::tr("the database keeps it"), {}};
    return {Outcome::Kind::Failed,
            kept ? Reminders::tr("the database does not have it") : kept.error().message,
            {}};
}

} // namespace

Reminders::Reminders(Settings settings, MigrationController &migrations, ActionRunner &actions,
                     QObject *parent)
    : QObject(parent), m_settings(std::move(settings)), m_migrations(migrations), m_actions(actions)
{
    m_again.setInterval(askAgain);
    connect(&m_again, &QTimer::timeout, this, &Reminders::ask);
    m_soon.setInterval(askSoon);
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Reminders::ask);
    // A server that answers the migrations is there again.
    connect(&m_migrations, &MigrationController::sourceStateChanged, this,
            [this](const SourceState &state) {
                if (state.health == SourceState::Health::Live && m_soon.isActive())
                    ask();
            });
    connect(&m_migrations, &MigrationController::changed, this, &Reminders::changed);
    connect(&m_migrations, &MigrationController::listChanged, this, &Reminders::changed);
}

void Reminders::addDatabase(const QString &name, TraceSource &source)
{
    m_databases.push_back({name, &source, {}, 0});
}

void Reminders::start()
{
    m_again.start();
    ask();
}

void Reminders::ask()
{
    m_soon.stop();
    const int generation = ++m_generation;
    for (size_t i = 0; i < m_databases.size(); ++i) {
        whenDone(
            m_databases[i].source->traces(), this,
            [this, i, generation](const Result<Traces> &traces) { take(i, generation, traces); },
            [this, i, generation] {
                take(i, generation,
                     fail(ErrorKind::Cancelled, tr("Reading the database was ended.")));
            });
    }
}

void Reminders::take(size_t index, int generation, const Result<Traces> &traces)
{
    Asked &asked = m_databases[index];
    if (generation < asked.generation)
        return; // of an earlier question, overtaken
    asked.traces = traces;
    asked.generation = generation;
    if (!traces && !m_soon.isActive())
        m_soon.start();
    Q_EMIT changed();
}

bool Reminders::hasRead() const
{
    return std::all_of(m_databases.begin(), m_databases.end(), [this](const Asked &asked) {
        return asked.generation == m_generation && asked.traces;
    });
}

QList<DatabaseStanding> Reminders::standings() const
{
    QList<DatabaseStanding> standings;
    for (const Asked &asked : m_databases)
        standings << standingOf(asked);
    return standings;
}

QStringList Reminders::unread() const
{
    QStringList sentences;
    if (m_migrations.loading())
        sentences << tr("the change files: there was no answer in time");
    if (const auto error = m_migrations.listError())
        sentences << error->message;
    for (const BrokenChange &broken : m_migrations.broken())
        sentences << broken.error.message;
    return sentences;
}

/// nullopt: there is no such change.
std::optional<FiledChange> Reminders::filed(const ChangeKey &key) const
{
    const auto view = m_migrations.view(key);
    if (!view)
        return std::nullopt;
    FiledChange filed{view->change, std::nullopt, {}};
    if (view->facts) {
        filed.facts = view->facts->value;
        filed.against = againstContract(*view);
    }
    return filed;
}

DatabaseStanding Reminders::standingOf(const Asked &asked) const
{
    QList<FiledChange> files;
    QStringList problems;
    for (const ChangeKey &key : m_migrations.keys()) {
        const auto file = key.database == asked.name ? filed(key) : std::nullopt;
        if (!file)
            continue;
        files << *file;
        if (file->facts)
            continue;
        const auto view = m_migrations.view(key);
        problems << tr("%1: %2").arg(key.change.value, view && view->error
                                                           ? view->error->message
                                                           : tr("there was no answer in time"));
    }
    if (asked.traces)
        return databaseStanding(asked.name, files, *asked.traces, problems);
    return databaseStanding(
        asked.name, files,
        Result<Traces>(
            fail(ErrorKind::TimedOut, tr("%1 did not answer in time.").arg(asked.source->place()))),
        problems);
}

std::optional<QString> Reminders::ticket(const ChangeKey &key) const
{
    const Asked *asked = databaseNamed(key.database);
    const auto file = filed(key);
    if (!asked || !file || !file->facts)
        return std::nullopt;
    for (const OpenContract &contract : standingOf(*asked).contracts) {
        if (contract.change == key.change)
            return contractTicket(*file, contract, key.database, asked->source->place());
    }
    return std::nullopt;
}

const Reminders::Asked *Reminders::databaseNamed(const QString &name) const
{
    const auto found = std::find_if(m_databases.begin(), m_databases.end(),
                                    [&](const Asked &asked) { return asked.name == name; });
    return found == m_databases.end() ? nullptr : &*found;
}

std::optional<SnoozeInput> Reminders::snoozeInput(const QString &database, const ChangeName &change,
                                                  const QDate &until) const
{
    const Asked *asked = databaseNamed(database);
    if (!asked || !asked->traces || !*asked->traces)
        return std::nullopt;
    SnoozeInput input;
    input.environment = m_settings.environment;
    input.readOnly = m_settings.readOnly;
    input.database = database;
    input.place = asked->source->place();
    input.change = change;
    input.until = until;
    input.traces = **asked->traces;
    input.actor = m_actions.actor();
    for (const OpenContract &contract : standingOf(*asked).contracts) {
        if (contract.change == change)
            input.contract = contract;
    }
    return input;
}

std::optional<Preview> Reminders::snoozePreview(const QString &database, const ChangeName &change,
                                                const QDate &until) const
{
    const auto input = snoozeInput(database, change, until);
    return input ? std::optional(confirmSnooze(*input)) : std::nullopt;
}

Permission Reminders::maySnooze(const QString &database, const ChangeName &change,
                                const QDate &until) const
{
    const auto input = snoozeInput(database, change, until);
    return input ? pilothouse::maySnooze(*input)
                 : Permission{{{Reason::Kind::Blocks, tr("%1 has not been read yet").arg(database),
                                tr("wait until the database answers")}}};
}

void Reminders::readAgain(const QString &database,
                          const std::function<void(const Result<Traces> &)> &then)
{
    const Asked *asked = databaseNamed(database);
    if (!asked) {
        then(fail(ErrorKind::NotFound, tr("There is no database %1.").arg(database)));
        return;
    }
    const size_t index = size_t(asked - m_databases.data());
    whenDone(
        asked->source->traces(), this,
        [this, index, then](const Result<Traces> &traces) {
            take(index, m_generation, traces);
            then(traces);
        },
        [then, text = tr("The database connection was closed.")] {
            then(fail(ErrorKind::Cancelled, text));
        });
}

QFuture<Outcome> Reminders::snooze(const QString &database, const ChangeName &change,
                                   const QDate &until, const Confirmation &confirmation)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    const auto end = [promise](const Outcome &outcome) {
        promise->addResult(outcome);
        promise->finish();
    };
    readAgain(
        database, [this, end, database, change, until, confirmation](const Result<Traces> &traces) {
            const auto input = snoozeInput(database, change, until);
            if (!traces || !input) {
                end({Outcome::Kind::Failed,
                     traces ? tr("%1 has not been read yet").arg(database) : traces.error().message,
                     {}});
                return;
            }
            const Permission may = pilothouse::maySnooze(*input);
            const QString reason = confirmation.reason.trimmed();
            if (!may.allowed()) {
                end({Outcome::Kind::Refused, may.first(Reason::Kind::Blocks), {}});
            } else if (confirmSnooze(*input).fingerprint != confirmation.fingerprint) {
                end({Outcome::Kind::Conflict,
                     tr("Something changed since you looked: read the confirmation again."),
                     {}});
            } else if (reason.isEmpty()) {
                end({Outcome::Kind::Refused, tr("A reminder is put off with a reason only."), {}});
            } else {
                whenDone(journaled(*input, reason), this, end,
                         [end, text = tr("It was given up before an answer came.")] {
                             end({Outcome::Kind::Unknown, text, {}});
                         });
            }
        });
    return promise->future();
}

QFuture<Outcome> Reminders::journaled(const SnoozeInput &input, const QString &reason)
{
    Intent intent;
    intent.subject = QStringLiteral("change %1 in %2").arg(input.change.value, input.database);
    intent.verb = tr("remind again after %1").arg(input.until.toString(Qt::ISODate));
    intent.lane = QStringLiteral("reminder of %1 in %2").arg(input.change.value, input.database);
    intent.body = {{QStringLiteral("change"), input.change.value},
                   {QStringLiteral("database"), input.database},
                   {QStringLiteral("place"), input.place},
                   {QStringLiteral("snoozed_until"), input.until.toString(Qt::ISODate)},
                   {QStringLiteral("reason"), reason}};
    return m_actions.run(
        intent, [this, input, reason](const IntentId &id) { return keep(input, reason, id); });
}

QFuture<Outcome> Reminders::keep(const SnoozeInput &input, const QString &reason,
                                 const IntentId &intent)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    const auto end = [promise](const Outcome &outcome) {
        promise->addResult(outcome);
        promise->finish();
    };
    Snooze snooze;
    snooze.change = input.change;
    snooze.until = input.until;
    snooze.reason = reason;
    snooze.actor = input.actor;
    snooze.intent = intent;
    const QString database = input.database;
    // What came of it is what the database shows then, whatever was answered.
    whenDone(
        databaseNamed(database)->source->keep(snoozeStatements(input.traces, snooze)), this,
        [this, end, database, intent](const Result<void> &kept) {
            readAgain(database, [end, intent, kept](const Result<Traces> &traces) {
                end(seen(intent, kept, traces));
            });
        },
        [end, text = tr("The database connection was closed.")] {
            end({Outcome::Kind::Unknown, text, {}});
        });
    return promise->future();
}

bool Reminders::claims(const Record &intent)
{
    return intent.body.contains(QLatin1String("snoozed_until"));
}

QFuture<Outcome> Reminders::settle(const Record &intent)
{
    auto promise = std::make_shared<QPromise<Outcome>>();
    promise->start();
    readAgain(intent.body.value(QLatin1String("database")).toString(),
              [promise, id = intent.id](const Result<Traces> &traces) {
                  promise->addResult(seen(id, {}, traces));
                  promise->finish();
              });
    return promise->future();
}

} // namespace pilothouse

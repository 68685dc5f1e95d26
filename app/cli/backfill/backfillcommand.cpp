#include "app/cli/backfill/backfillcommand.h"

#include "app/cli/commands.h"
#include "app/cli/shownaction.h"
#include "app/wiring/console.h"
#include "app/wiring/signin/loginname.h"
#include "base/whendone.h"
#include "base/words.h"
#include "document/duration.h"
#include "migration/migrationcontroller.h"
#include "migration/recipe/numberwords.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QTimer>

#include <algorithm>

namespace pilothouse {
namespace {

using namespace std::chrono_literals;

const QString backfillName = QStringLiteral("backfill");
constexpr std::chrono::milliseconds tellEvery = 1s;

enum BackfillExit { FilledOrShown = 0, DatabaseNotRead = 3, NotFilled = 4 };

struct BackfillOptions
{
    QString workspace;
    QString change;
    QString database;
    std::optional<QString> confirmed;
    QString reason;
    std::chrono::milliseconds patience{0};
    bool asJson = false;
};

Result<BackfillOptions> backfillOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption database(QStringLiteral("database"), {}, QStringLiteral("NAME"));
    const QCommandLineOption confirm(QStringLiteral("confirm"), {}, QStringLiteral("TOKEN"));
    const QCommandLineOption reason(QStringLiteral("reason"), {}, QStringLiteral("TEXT"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("30s"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, database, confirm, reason, wait, json});
    if (!parser.parse(QStringList{backfillName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (parser.positionalArguments().size() != 1)
        return fail(ErrorKind::BadInput, Words::tr("One change is named: which?"));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return fail(ErrorKind::BadInput,
                    Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    BackfillOptions options{parser.value(workspace),
                            parser.positionalArguments().constFirst(),
                            parser.value(database),
                            {},
                            parser.value(reason).trimmed(),
                            *patience,
                            parser.isSet(json)};
    if (parser.isSet(confirm))
        options.confirmed = parser.value(confirm).trimmed();
    return options;
}

QString progressText(const RunView &run)
{
    QStringList parts{Words::tr("%1 of %2 rows")
                          .arg(countWords(run.progress.done), countWords(run.progress.total))};
    if (const double rate = run.progress.rowsPerSecond(); rate > 0)
        parts << Words::tr("%1 rows/s").arg(countWords(qint64(rate)));
    if (const auto left = run.progress.remaining())
        parts << Words::tr("%1 to %2 to go").arg(spanWords(left->from), spanWords(left->to));
    if (run.heldByLimit)
        parts << Words::tr("held by the limit in pilothouse.yaml");
    return parts.join(QStringLiteral(" · ")) + QLatin1Char('\n');
}

QJsonObject progressJson(const RunView &run)
{
    const auto left = run.progress.remaining();
    return {{QStringLiteral("rows"), run.progress.done},
            {QStringLiteral("of"), run.progress.total},
            {QStringLiteral("rows_per_second"), qint64(run.progress.rowsPerSecond())},
            {QStringLiteral("seconds_left"),
             left ? QJsonValue(QJsonArray{qint64(left->from.count()), qint64(left->to.count())})
                  : QJsonValue(QJsonValue::Null)},
            {QStringLiteral("held_by_limit"), run.heldByLimit}};
}

/// Waits for the facts of the change, shows what is to be done, and does it if it was confirmed.
class Filling final : public QObject
{
public:
    Filling(Console &console, const BackfillOptions &options)
        : m_console(console), m_migrations(console.migrations()), m_options(options)
    {
        connect(&m_migrations, &MigrationController::changed, this, &Filling::look);
        connect(&m_migrations, &MigrationController::listChanged, this, &Filling::look);
        connect(&console, &Console::settled, this, &Filling::look);
        QTimer::singleShot(options.patience, this, &Filling::giveUp);
    }

private:
    void look()
    {
        if (m_decided) {
            tellProgress();
            return;
        }
        if (m_migrations.loading() || !m_console.isSettled())
            return;
        if (const auto error = m_migrations.listError()) {
            complain(error->message);
            end(DatabaseNotRead);
            return;
        }
        const auto key = keyAsked();
        if (!key) {
            end(misused(backfillName, key.error().message));
            return;
        }
        const auto view = m_migrations.view(*key);
        if (view && view->facts)
            decide(*key, *view);
    }

    void giveUp()
    {
        if (m_decided)
            return;
        const auto key = keyAsked();
        const auto view = key ? m_migrations.view(*key) : std::nullopt;
        complain(view && view->error ? view->error->message
                                     : Words::tr("The database could not be read in time."));
        end(DatabaseNotRead);
    }

    void end(int code)
    {
        m_decided = true;
        QCoreApplication::exit(code);
    }

    [[nodiscard]] Result<ChangeKey> keyAsked() const
    {
        QStringList changes;
        QStringList databases;
        std::optional<ChangeKey> found;
        for (const ChangeKey &key : m_migrations.keys()) {
            changes << key.change.value;
            if (key.change.value != m_options.change)
                continue;
            databases << key.database;
            if (m_options.database.isEmpty() || key.database == m_options.database)
                found = key;
        }
        changes.removeDuplicates();
        if (databases.isEmpty())
            return fail(ErrorKind::BadInput,
                        changes.isEmpty()
                            ? Words::tr("There is no change file at the default branch's tip.")
                            : Words::tr("There is no change %1; there is: %2.")
                                  .arg(m_options.change, changes.join(QLatin1String(", "))));
        if (!found || (m_options.database.isEmpty() && databases.size() > 1))
            return fail(ErrorKind::BadInput,
                        Words::tr("In which database? --database is one of: %1.")
                            .arg(databases.join(QLatin1String(", "))));
        return *found;
    }

    void decide(const ChangeKey &key, const ChangeView &view)
    {
        m_decided = true;
        m_key = key;
        const auto open
            = std::find_if(view.steps.begin(), view.steps.end(), [](const StepView &each) {
                  return (each.step.id == StepId::M2 || each.step.id == StepId::M3)
                         && each.step.state != ChangeStep::State::Done;
              });
        if (open == view.steps.end()) {
            tell(Words::tr("Every row of %1 has its value.").arg(view.change.table.text()),
                 FilledOrShown);
            return;
        }
        const auto preview = m_migrations.preview(key, open->step.id);
        if (!preview) {
            complain(Words::tr("The database could not be read in time."));
            end(DatabaseNotRead);
            return;
        }
        const QString token = tokenOf(*preview, backfillName);
        if (!m_options.confirmed || !open->may.allowed()) {
            show(*preview, open->may, token);
            return;
        }
        if (m_options.confirmed->compare(token, Qt::CaseInsensitive) != 0) {
            end(misused(backfillName, Words::tr("--confirm %1 is not what is asked for: %2.")
                                          .arg(*m_options.confirmed, token)));
            return;
        }
        m_told.start();
        whenDone(
            m_migrations.run(key, open->step.id,
                             {m_options.reason, preview->fingerprint, preview->target}),
            this, [this](const Outcome &outcome) { finish(outcome); },
            [] { QCoreApplication::exit(NotFilled); });
    }

    void show(const Preview &preview, const Permission &may, const QString &token)
    {
        if (m_options.asJson)
            printJson(shownJson(preview, may, token));
        else
            print(shownText(preview, may));
        if (may.allowed())
            complain(Words::tr("Nothing was sent. To do it: --confirm %1").arg(token));
        end(may.allowed() ? FilledOrShown : NotFilled);
    }

    void tellProgress()
    {
        const auto view = m_migrations.view(m_key);
        if (!view || !view->running || !m_told.hasExpired(tellEvery.count()))
            return;
        m_told.restart();
        if (m_options.asJson)
            printJson(progressJson(*view->running));
        else
            print(progressText(*view->running));
    }

    void finish(const Outcome &outcome)
    {
        const auto view = m_migrations.view(m_key);
        const bool filled = outcome.kind == Outcome::Kind::Done && view && view->lastRun
                            && view->lastRun->ending == MigrationRun::Ending::Done;
        tell(outcome.text, filled ? FilledOrShown : NotFilled);
    }

    void tell(const QString &text, int code)
    {
        if (m_options.asJson)
            printJson(
                {{QStringLiteral("done"), code == FilledOrShown}, {QStringLiteral("text"), text}});
        else
            print(text + QLatin1Char('\n'));
        end(code);
    }

    Console &m_console;
    MigrationController &m_migrations;
    BackfillOptions m_options;
    ChangeKey m_key;
    QElapsedTimer m_told; ///< since a line of progress was written
    bool m_decided = false;
};

} // namespace

int backfillCommand(const QStringList &arguments)
{
    const auto options = backfillOptions(arguments);
    if (!options)
        return misused(backfillName, options.error().message);
    const auto workspace = loadWorkspace(options->workspace);
    if (!workspace)
        return misused(backfillName, workspace.error().message);
    Console::Options setting;
    setting.actor = headlessActor();
    Console console(*workspace, setting);
    const Filling filling(console, *options);
    console.start();
    return QCoreApplication::exec();
}

} // namespace pilothouse

#include "app/cli/overdue/snoozecommand.h"

#include "app/cli/commands.h"
#include "app/cli/overdue/reminderwait.h"
#include "app/cli/shownaction.h"
#include "app/wiring/signin/loginname.h"
#include "base/words.h"
#include "document/duration.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>

namespace pilothouse {
namespace {

const QString snoozeName = QStringLiteral("snooze");

enum SnoozeExit { PutOffOrShown = 0, ChangeNotRead = 3, NotPutOff = 4 };

struct SnoozeOptions
{
    QString workspace;
    QString change;
    QString database;
    QDate until;
    QString reason;
    std::optional<QString> confirmed;
    std::chrono::milliseconds patience{0};
    bool asJson = false;
};

Result<SnoozeOptions> snoozeOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption database(QStringLiteral("database"), {}, QStringLiteral("NAME"));
    const QCommandLineOption until(QStringLiteral("until"), {}, QStringLiteral("DATE"));
    const QCommandLineOption reason(QStringLiteral("reason"), {}, QStringLiteral("TEXT"));
    const QCommandLineOption confirm(QStringLiteral("confirm"), {}, QStringLiteral("TOKEN"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("15s"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, database, until, reason, confirm, wait, json});
    if (!parser.parse(QStringList{snoozeName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (parser.positionalArguments().size() != 1)
        return fail(ErrorKind::BadInput, Words::tr("One change is named: which?"));
    const QDate day = QDate::fromString(parser.value(until), Qt::ISODate);
    if (!day.isValid())
        return fail(ErrorKind::BadInput, Words::tr("--until takes a day, such as 2026-12-24."));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return fail(ErrorKind::BadInput,
                    Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    SnoozeOptions options{parser.value(workspace),
                          parser.positionalArguments().constFirst(),
                          parser.value(database),
                          day,
                          parser.value(reason).trimmed(),
                          {},
                          *patience,
                          parser.isSet(json)};
    if (parser.isSet(confirm))
        options.confirmed = parser.value(confirm).trimmed();
    return options;
}

/// The database that was named, or the only one in which the change is open.
Result<QString> databaseOf(const Reminders &reminders, const SnoozeOptions &options)
{
    QStringList open;
    QStringList changes;
    for (const DatabaseStanding &standing : reminders.standings()) {
        for (const OpenContract &contract : standing.contracts) {
            changes << contract.change.value;
            if (contract.change.value == options.change)
                open << standing.database;
        }
    }
    if (!options.database.isEmpty())
        return options.database;
    if (open.size() == 1)
        return open.constFirst();
    changes.removeDuplicates();
    return fail(ErrorKind::BadInput,
                !open.isEmpty() ? Words::tr("In which database? --database is one of: %1.")
                                      .arg(open.join(QLatin1String(", ")))
                : changes.isEmpty() ? Words::tr("No change is open.")
                                    : Words::tr("No change %1 is open; there is: %2.")
                                          .arg(options.change, changes.join(QLatin1String(", "))));
}

int shown(const Preview &preview, const Permission &may, bool asJson)
{
    if (asJson)
        printJson(shownJson(preview, may, snoozeName));
    else
        print(shownText(preview, may));
    if (may.allowed())
        complain(Words::tr("Nothing was sent. To do it: --confirm %1").arg(snoozeName));
    return may.allowed() ? PutOffOrShown : NotPutOff;
}

int done(const QFuture<Outcome> &future, const SnoozeOptions &options)
{
    while (!future.isFinished())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    const Outcome outcome = future.resultCount() > 0 ? future.result() : Outcome();
    const bool isDone = outcome.kind == Outcome::Kind::Done;
    if (options.asJson)
        printJson({{QStringLiteral("done"), isDone}, {QStringLiteral("text"), outcome.text}});
    else
        print(outcome.text + QLatin1Char('\n'));
    return isDone ? PutOffOrShown : NotPutOff;
}

} // namespace

int snoozeCommand(const QStringList &arguments)
{
    const auto options = snoozeOptions(arguments);
    if (!options)
        return misused(snoozeName, options.error().message);
    const auto workspace = loadWorkspace(options->workspace);
    if (!workspace)
        return misused(snoozeName, workspace.error().message);
    Console::Options setting;
    setting.actor = headlessActor();
    Console console(*workspace, setting);
    console.start();
    waitForReminders(console, options->patience);
    Reminders &reminders = console.reminders();
    const auto database = databaseOf(reminders, *options);
    if (!database)
        return misused(snoozeName, database.error().message);
    const ChangeName change(options->change);
    const auto preview = reminders.snoozePreview(*database, change, options->until);
    if (!preview) {
        complain(Words::tr("%1 could not be read.").arg(*database));
        return ChangeNotRead;
    }
    const Permission may = reminders.maySnooze(*database, change, options->until);
    if (!options->confirmed || !may.allowed())
        return shown(*preview, may, options->asJson);
    if (options->confirmed->compare(snoozeName, Qt::CaseInsensitive) != 0)
        return misused(snoozeName, Words::tr("--confirm %1 is not what is asked for: %2.")
                                       .arg(*options->confirmed, snoozeName));
    if (options->reason.isEmpty())
        return misused(snoozeName, Words::tr("A reminder is put off with a reason only: --reason "
                                             "must say why."));
    return done(reminders.snooze(*database, change, options->until,
                                 {options->reason, preview->fingerprint, preview->target}),
                *options);
}

} // namespace pilothouse

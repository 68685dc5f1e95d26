#include "app/cli/overdue/checkcommand.h"

#include "app/cli/commands.h"
#include "app/cli/overdue/junitreport.h"
#include "app/cli/overdue/reminderwait.h"
#include "base/words.h"
#include "document/duration.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QFile>

#include <cstdio>

namespace pilothouse {
namespace {

const QString checkName = QStringLiteral("check");

enum CheckExit { NothingLate = 0, SomethingLate = 1, NotRead = 3 };

/// Empty, or why it cannot be written.
QString writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    const bool isOpen = path == QLatin1String("-") ? file.open(stdout, QIODevice::WriteOnly)
                                                   : file.open(QIODevice::WriteOnly);
    if (isOpen && file.write(bytes) == bytes.size() && file.flush())
        return {};
    return Words::tr("%1 cannot be written: %2").arg(path, file.errorString());
}

int printTickets(Console &console, const ChangeName &change)
{
    QStringList texts;
    for (const ChangeKey &key : console.migrations().keys()) {
        if (key.change != change)
            continue;
        if (const auto ticket = console.reminders().ticket(key))
            texts << *ticket;
    }
    print(texts.join(QLatin1Char('\n')));
    if (!texts.isEmpty())
        return NothingLate;
    complain(Words::tr("%1 is open in no database that could be read.").arg(change.value));
    return NotRead;
}

} // namespace

int checkCommand(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption file(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                  QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption failOverdue(QStringLiteral("fail-overdue"));
    const QCommandLineOption wait(QStringLiteral("wait"), {}, QStringLiteral("TIME"),
                                  QStringLiteral("15s"));
    const QCommandLineOption json(QStringLiteral("json"));
    const QCommandLineOption junit(QStringLiteral("junit"), {}, QStringLiteral("FILE"));
    const QCommandLineOption ticket(QStringLiteral("ticket"), {}, QStringLiteral("CHANGE"));
    parser.addOptions({file, failOverdue, wait, json, junit, ticket});
    if (!parser.parse(QStringList{checkName} + arguments))
        return misused(checkName, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return misused(
            checkName,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    const auto patience = parseDuration(parser.value(wait));
    if (!patience)
        return misused(checkName,
                       Words::tr("--wait %1 is no time: write 5s or 1m.").arg(parser.value(wait)));
    const auto workspace = loadWorkspace(parser.value(file));
    if (!workspace)
        return misused(checkName, workspace.error().message);
    if (workspace->databases.isEmpty())
        return misused(
            checkName,
            Words::tr("%1 names no database: there is nothing to check.").arg(parser.value(file)));

    Console console(*workspace, {});
    console.start();
    waitForReminders(console, *patience);
    if (parser.isSet(ticket))
        return printTickets(console, ChangeName(parser.value(ticket)));
    const CheckReport report{console.reminders().standings(), console.reminders().unread()};
    const QString xmlFile = parser.value(junit);
    if (!xmlFile.isEmpty()) {
        const QString problem = writeFile(xmlFile, junitXml(report));
        if (!problem.isEmpty())
            return misused(checkName, problem);
    }
    if (parser.isSet(json))
        printJson(checkJson(report));
    else if (xmlFile != QLatin1String("-"))
        print(checkText(report));
    if (parser.isSet(failOverdue) && lateCount(report.databases) > 0)
        return SomethingLate;
    return isAllRead(report) ? NothingLate : NotRead;
}

} // namespace pilothouse

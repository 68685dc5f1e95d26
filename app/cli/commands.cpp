#include "app/cli/commands.h"

#include "app/cli/backfill/backfillcommand.h"
#include "app/cli/guardcommand.h"
#include "app/cli/judge/judgecommand.h"
#include "app/cli/layoutcommand.h"
#include "app/cli/lint/lintcommand.h"
#include "app/cli/notes/notescommand.h"
#include "app/cli/overdue/checkcommand.h"
#include "app/cli/overdue/snoozecommand.h"
#include "app/cli/past/pastcommand.h"
#include "app/cli/pipelinecommand.h"
#include "app/cli/record/journalcommand.h"
#include "app/cli/signin/consentcommand.h"
#include "app/cli/signin/logincommand.h"
#include "app/cli/statuscommand.h"
#include "app/cli/weightcommands.h"
#include "base/words.h"
#include "document/nearestword.h"

#include <QJsonDocument>

#include <algorithm>
#include <cstdio>

namespace pilothouse {

namespace {

void write(std::FILE *to, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), to);
    std::fflush(to);
}

QString asLine(const QJsonDocument &document)
{
    return QString::fromUtf8(document.toJson(QJsonDocument::Compact)) + QLatin1Char('\n');
}

QString usageOf(const CliCommand &command)
{
    return QStringLiteral("pilothouse-cli %1 %2").arg(command.name, command.usage);
}

QString allUsages()
{
    QString text = Words::tr("usage:") + QLatin1Char('\n');
    for (const CliCommand &command : commands())
        text += QStringLiteral("  ") + usageOf(command) + QLatin1Char('\n');
    return text;
}

const CliCommand *commandNamed(const QString &name)
{
    const QList<CliCommand> &all = commands();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const CliCommand &command) { return command.name == name; });
    return found == all.end() ? nullptr : &*found;
}

/// Vectors of a file, or what a track's metrics said.
int judgeEither(const QStringList &arguments)
{
    const bool past
        = std::any_of(arguments.cbegin(), arguments.cend(), [](const QString &argument) {
              return argument.startsWith(QLatin1String("--from"));
          });
    return past ? judgePastCommand(arguments) : judgeCommand(arguments);
}

} // namespace

const QList<CliCommand> &commands()
{
    static const QList<CliCommand> all{
        {QStringLiteral("pipeline"),
         QStringLiteral("PATH… [--json] [--commit REV] [--fail-on SEVERITY]"), pipelineCommand},
        {QStringLiteral("layout"), QStringLiteral("FILE.json [-o FILE.lay] [--json]"),
         layoutCommand},
        {QStringLiteral("status"),
         QStringLiteral("[--workspace FILE] [--ready] [--wait TIME] [--json]"), statusCommand},
        {QStringLiteral("guard"),
         QStringLiteral(
             "[--workspace FILE] [--track NAME] [--for TIME] [--no-data-after TIME] [--json]"),
         guardCommand},
        {QStringLiteral("promote"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm WEIGHT] [--reason TEXT] "
                        "[--wait TIME] [--json]"),
         promoteCommand},
        {QStringLiteral("rollback"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm REVISION] [--reason TEXT] "
                        "[--no-hold] [--wait TIME] [--json]"),
         rollbackCommand},
        {QStringLiteral("back"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm WEIGHT] [--reason TEXT] "
                        "[--wait TIME] [--json]"),
         backCommand},
        {QStringLiteral("hold"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm hold] [--reason TEXT] "
                        "[--wait TIME] [--json]"),
         holdCommand},
        {QStringLiteral("lift"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm lift] [--reason TEXT] "
                        "[--wait TIME] [--json]"),
         liftCommand},
        {QStringLiteral("retire"),
         QStringLiteral("[--workspace FILE] [--track NAME] [--confirm REVISION] [--reason TEXT] "
                        "[--wait TIME] [--json]"),
         retireCommand},
        {QStringLiteral("act"),
         QStringLiteral("[--action ID] [--workspace FILE] [--track NAME] [--confirm WORD] "
                        "[--reason TEXT] [--wait TIME] [--json]"),
         actCommand},
        {QStringLiteral("notes"), QStringLiteral("--from REV --to REV [--workspace FILE] [--json]"),
         notesCommand},
        {QStringLiteral("journal"),
         QStringLiteral("[--workspace FILE] [--incidents | --report | --export | --verify] "
                        "[--limit N] [--json]"),
         journalCommand},
        {QStringLiteral("consent"),
         QStringLiteral("[--workspace FILE] [--confirm TOKEN | --withdraw TOKEN] [--json]"),
         consentCommand},
        {QStringLiteral("login"),
         QStringLiteral("[SYSTEM] [--account NAME] [--workspace FILE] [--remove] [--json] < TOKEN"),
         loginCommand},
        {QStringLiteral("judge"),
         QStringLiteral("--from TIME [--to TIME] [--workspace FILE] [--track NAME] [--wait TIME] "
                        "[--json] | --vectors FILE [--solver kayenta|exact] [--json]"),
         judgeEither},
        {QStringLiteral("lint"),
         QStringLiteral("FILE.sql --phase expand|migrate|contract [--pg N] [--in-transaction] "
                        "[--database NAME [--rehearse] [--workspace FILE]] [--json]"),
         lintCommand},
        {QStringLiteral("backfill"),
         QStringLiteral("CHANGE [--database NAME] [--workspace FILE] [--confirm TOKEN] "
                        "[--reason TEXT] [--wait TIME] [--json]"),
         backfillCommand},
        {QStringLiteral("check"),
         QStringLiteral("[--workspace FILE] [--fail-overdue] [--wait TIME] [--json] [--junit FILE] "
                        "[--ticket CHANGE]"),
         checkCommand},
        {QStringLiteral("snooze"),
         QStringLiteral("CHANGE --until DATE [--reason TEXT] [--database NAME] [--workspace FILE] "
                        "[--confirm TOKEN] [--wait TIME] [--json]"),
         snoozeCommand},
    };
    return all;
}

int runCommand(const QStringList &arguments)
{
    const QString name = arguments.value(0);
    if (name == QLatin1String("--help") || name == QLatin1String("-h")) {
        print(allUsages());
        return int(ExitCode::Fine);
    }
    if (const CliCommand *command = commandNamed(name))
        return command->run(arguments.mid(1));
    if (!name.isEmpty()) {
        QStringList names;
        for (const CliCommand &command : commands())
            names.append(command.name);
        const QString near = nearestWord(name, names);
        complain(
            near.isEmpty()
                ? Words::tr("There is no command \"%1\".").arg(name)
                : Words::tr("There is no command \"%1\"; did you mean \"%2\"?").arg(name, near));
    }
    write(stderr, allUsages());
    return int(ExitCode::Usage);
}

void print(const QString &text)
{
    write(stdout, text);
}

void printJson(const QJsonObject &object)
{
    print(asLine(QJsonDocument(object)));
}

void printJson(const QJsonArray &array)
{
    print(asLine(QJsonDocument(array)));
}

void complain(const QString &sentence)
{
    write(stderr, sentence + QLatin1Char('\n'));
}

int misused(const QString &command, const QString &sentence)
{
    complain(sentence);
    if (const CliCommand *known = commandNamed(command))
        write(stderr, Words::tr("usage: %1").arg(usageOf(*known)) + QLatin1Char('\n'));
    return int(ExitCode::Usage);
}

} // namespace pilothouse

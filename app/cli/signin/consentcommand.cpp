#include "app/cli/signin/consentcommand.h"

#include "app/cli/commands.h"
#include "app/wiring/databases.h"
#include "app/wiring/places.h"
#include "app/wiring/signin/consentpreview.h"
#include "app/wiring/signin/signinprograms.h"
#include "base/tokenforms.h"
#include "base/whendone.h"
#include "base/words.h"
#include "connectors/kubernetes/login/plugincredential.h"
#include "connectors/secrets/consentfile.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace pilothouse {
namespace {

using Standing = Consent::Standing;

const QString consentName = QStringLiteral("consent");

enum ConsentExit { AllMayRun = 0, OneMayNot = 1, NotDone = 4 };

struct ConsentOptions
{
    QString workspace;
    QString confirm;
    QString withdraw;
    bool asJson = false;
};

/// A program that is asked for, or why it cannot be told.
struct AskedProgram
{
    Result<ProgramUse> use;
    Consent known;
};

Result<ConsentOptions> consentOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption confirm(QStringLiteral("confirm"), {}, QStringLiteral("TOKEN"));
    const QCommandLineOption withdraw(QStringLiteral("withdraw"), {}, QStringLiteral("TOKEN"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, confirm, withdraw, json});
    if (!parser.parse(QStringList{consentName} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    if (!parser.positionalArguments().isEmpty())
        return fail(
            ErrorKind::BadInput,
            Words::tr("%1 is not known here.").arg(parser.positionalArguments().constFirst()));
    if (parser.isSet(confirm) && parser.isSet(withdraw))
        return fail(ErrorKind::BadInput,
                    Words::tr("--confirm and --withdraw say the opposite: write one of them."));
    return ConsentOptions{parser.value(workspace), parser.value(confirm).trimmed(),
                          parser.value(withdraw).trimmed(), parser.isSet(json)};
}

/// Waits for one answer; a login shell has ten seconds for it.
Result<ProgramUse> waitedFor(const QFuture<Result<ProgramUse>> &answer)
{
    QObject here;
    QEventLoop loop;
    Result<ProgramUse> result
        = fail(ErrorKind::Cancelled, Words::tr("Looking for the program was given up."));
    bool answered = false;
    whenDone(
        answer, &here,
        [&](const Result<ProgramUse> &use) {
            result = use;
            answered = true;
            loop.quit();
        },
        [&] {
            answered = true;
            loop.quit();
        });
    if (!answered)
        loop.exec();
    return result;
}

AskedProgram asked(const Result<ProgramUse> &use, const ConsentFile &file)
{
    if (!use)
        return {use, {}};
    const auto known = file.of(*use);
    return known ? AskedProgram{use, *known} : AskedProgram{fail(known.error()), {}};
}

QList<AskedProgram> askedPrograms(const Workspace &workspace, const ConsentFile &file)
{
    ProcessRunner runner;
    LoginPath path(runner);
    QObject here;
    QList<AskedProgram> all;
    for (const Result<ExecPlugin> &plugin : signInPrograms(workspace)) {
        if (!plugin) {
            all.append({fail(plugin.error()), {}});
            continue;
        }
        all.append(asked(waitedFor(programUse(*plugin, path, &here)), file));
    }
    for (const DatabaseSettings &database : workspace.databases) {
        if (!database.via.isEmpty())
            all.append(
                asked(waitedFor(located(passageUse(database, workspace.file), path, &here)), file));
    }
    return all;
}

bool consentGiven(const AskedProgram &program)
{
    return program.use && program.known.standing == Standing::Allowed;
}

QString standingWords(const AskedProgram &program)
{
    const QString since = program.known.since.toLocalTime().toString(Qt::ISODate);
    const QString token = program.use->fingerprint();
    switch (program.known.standing) {
    case Standing::Allowed:
        return Words::tr("given on %1; --withdraw %2 takes it back").arg(since, token);
    case Standing::Changed:
        return Words::tr("the file is not the one that you allowed on %1; --confirm %2 allows "
                         "this one")
            .arg(since, token);
    case Standing::Unknown:
        break;
    }
    return Words::tr("not given; --confirm %1 gives it").arg(token);
}

QString textOf(const AskedProgram &program)
{
    if (!program.use)
        return program.use.error().message + QLatin1Char('\n');
    const ProgramUse &use = *program.use;
    const auto line = [](const QString &label, const QString &text) {
        return QStringLiteral("  %1 %2\n").arg(label.leftJustified(10), text);
    };
    const QString none = Words::tr("none");
    return use.program + QLatin1Char('\n')
           + line(Words::tr("arguments"),
                  use.arguments.isEmpty() ? none : maskedLine(use.arguments.join(QLatin1Char(' '))))
           + line(Words::tr("variables"),
                  use.environment.isEmpty() ? none : use.environment.join(QStringLiteral(", ")))
           + line(Words::tr("sha-256"), QString::fromLatin1(use.sha256))
           + line(Words::tr("asked by"), use.askedBy)
           + (keyWarning(use).isEmpty() ? QString() : line(Words::tr("warning"), keyWarning(use)))
           + line(Words::tr("consent"), standingWords(program));
}

QJsonObject jsonOf(const AskedProgram &program)
{
    if (!program.use)
        return {{QStringLiteral("error"), program.use.error().message}};
    const ProgramUse &use = *program.use;
    QJsonArray arguments;
    for (const QString &argument : use.arguments)
        arguments.append(maskedLine(argument));
    return {{QStringLiteral("program"), use.program},
            {QStringLiteral("arguments"), arguments},
            {QStringLiteral("variables"), QJsonArray::fromStringList(use.environment)},
            {QStringLiteral("sha256"), QString::fromLatin1(use.sha256)},
            {QStringLiteral("askedBy"), use.askedBy},
            {QStringLiteral("warning"), keyWarning(use)},
            {QStringLiteral("allowed"), consentGiven(program)},
            {QStringLiteral("changed"), program.known.standing == Standing::Changed},
            {QStringLiteral("confirm"), use.fingerprint()}};
}

void show(const QList<AskedProgram> &programs, const ConsentOptions &options)
{
    if (options.asJson) {
        QJsonArray all;
        for (const AskedProgram &program : programs)
            all.append(jsonOf(program));
        return print(QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact))
                     + QLatin1Char('\n'));
    }
    if (programs.isEmpty())
        print(Words::tr("Nothing in this workspace or its kubeconfigs asks for a program.")
              + QLatin1Char('\n'));
    for (const AskedProgram &program : programs)
        print(textOf(program));
}

/// Gives or takes consent for the program with that token.
int decide(const QList<AskedProgram> &programs, const ConsentOptions &options, ConsentFile &file)
{
    const bool gives = !options.confirm.isEmpty();
    const QString token = gives ? options.confirm : options.withdraw;
    const auto chosen
        = std::find_if(programs.begin(), programs.end(), [&](const AskedProgram &program) {
              return program.use
                     && program.use->fingerprint().compare(token, Qt::CaseInsensitive) == 0;
          });
    if (chosen == programs.end())
        return misused(consentName,
                       Words::tr("No program of this workspace has the token %1; without "
                                 "it this command lists them.")
                           .arg(token));
    const Result<void> done = gives ? file.allow(*chosen->use, QDateTime::currentDateTimeUtc())
                                    : file.withdraw(*chosen->use);
    if (!done) {
        complain(done.error().message);
        return NotDone;
    }
    if (options.asJson)
        print(QString::fromUtf8(
                  QJsonDocument(QJsonObject{{QStringLiteral("program"), chosen->use->program},
                                            {QStringLiteral("allowed"), gives}})
                      .toJson(QJsonDocument::Compact))
              + QLatin1Char('\n'));
    else
        print((gives ? Words::tr("%1 may run.") : Words::tr("%1 may not run any more."))
                  .arg(chosen->use->program)
              + QLatin1Char('\n'));
    return AllMayRun;
}

} // namespace

int consentCommand(const QStringList &arguments)
{
    const auto options = consentOptions(arguments);
    if (!options)
        return misused(consentName, options.error().message);
    const auto workspace = loadWorkspace(options->workspace);
    if (!workspace)
        return misused(consentName, workspace.error().message);
    ConsentFile file(consentFile());
    const QList<AskedProgram> programs = askedPrograms(*workspace, file);
    if (!options->confirm.isEmpty() || !options->withdraw.isEmpty())
        return decide(programs, *options, file);
    show(programs, *options);
    return std::all_of(programs.begin(), programs.end(), consentGiven) ? AllMayRun : OneMayNot;
}

} // namespace pilothouse

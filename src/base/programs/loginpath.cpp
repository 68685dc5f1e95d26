#include "base/programs/loginpath.h"

#include "base/chaining.h"
#include "base/words.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <pwd.h>
#include <unistd.h>

namespace pilothouse {
namespace {

// What a shell's own files print stands around it.
constexpr char mark[] = "=pilothouse=search=path=";

QString loginShell()
{
    QString named = qEnvironmentVariable("SHELL");
    if (!named.isEmpty())
        return named;
    const passwd *entry = getpwuid(getuid());
    return entry ? QString::fromLocal8Bit(entry->pw_shell) : QString();
}

Command question(const QString &shell)
{
    Command command;
    command.program = shell;
    // printenv: shells differ in how they show a list.
    command.arguments
        = {QStringLiteral("-l"), QStringLiteral("-c"),
           QStringLiteral("echo %1; printenv PATH; echo %1").arg(QLatin1String(mark))};
    return command;
}

QString between(const QByteArray &output)
{
    const qsizetype begin = output.indexOf(mark);
    const qsizetype end = output.indexOf(mark, begin + 1);
    if (begin < 0 || end < 0)
        return {};
    const qsizetype from = begin + qsizetype(sizeof mark) - 1;
    return QString::fromLocal8Bit(output.mid(from, end - from)).trimmed();
}

} // namespace

LoginPath::LoginPath(CommandRunner &runner, QString shell, QString ownPath)
    : m_runner(runner), m_shell(std::move(shell)), m_ownPath(std::move(ownPath))
{}

LoginPath::LoginPath(CommandRunner &runner)
    : LoginPath(runner, loginShell(), qEnvironmentVariable("PATH"))
{}

QString LoginPath::joined(const Result<CommandOutput> &shell) const
{
    if (!shell || shell->exitCode != 0)
        return m_ownPath;
    QStringList folders;
    for (const QString &path : {between(shell->standardOutput), m_ownPath})
        folders += path.split(QDir::listSeparator(), Qt::SkipEmptyParts);
    folders.removeDuplicates();
    return folders.join(QDir::listSeparator());
}

QFuture<Result<QString>> LoginPath::searchPath()
{
    if (m_shell.isEmpty())
        return ready<QString>(m_ownPath);
    if (!m_path)
        m_path = converted<QString>(m_runner.run(question(m_shell)), &m_context,
                                    [this](const Result<CommandOutput> &shell) -> Result<QString> {
                                        return joined(shell);
                                    });
    return *m_path;
}

QFuture<Result<FoundProgram>> LoginPath::find(const QString &program)
{
    return converted<FoundProgram>(
        searchPath(), &m_context, [program](const Result<QString> &path) -> Result<FoundProgram> {
            // A relative folder on the PATH means another program in each folder.
            QStringList folders;
            for (const QString &folder : path->split(QDir::listSeparator(), Qt::SkipEmptyParts)) {
                if (QDir::isAbsolutePath(folder))
                    folders << folder;
            }
            QString file;
            if (program.contains(QLatin1Char('/')))
                file = QStandardPaths::findExecutable(QFileInfo(program).absoluteFilePath());
            else if (!folders.isEmpty())
                file = QStandardPaths::findExecutable(program, folders);
            if (file.isEmpty())
                return fail(ErrorKind::NotFound,
                            Words::tr("The program “%1” was not found. Install it or put it on "
                                      "the PATH.")
                                .arg(program),
                            Words::tr("searched: %1").arg(*path));
            return FoundProgram{file, *path};
        });
}

FindingRunner::FindingRunner(CommandRunner &runner, LoginPath &path)
    : m_runner(runner), m_path(path)
{}

QFuture<Result<CommandOutput>> FindingRunner::run(const Command &command)
{
    return askNext<CommandOutput>(
        m_runner.run(command), &m_context,
        [this, command](const Result<CommandOutput> &output) -> QFuture<Result<CommandOutput>> {
            if (output || output.error().kind != ErrorKind::NotFound
                || command.program.contains(QLatin1Char('/')))
                return ready<CommandOutput>(output);
            return askNext<CommandOutput>(
                m_path.find(command.program), &m_context,
                [this, command, missing = output.error()](const Result<FoundProgram> &found) {
                    if (!found)
                        return ready<CommandOutput>(
                            fail(missing.kind, missing.message, found.error().detail));
                    return runFound(command, *found);
                });
        });
}

QFuture<Result<CommandOutput>> FindingRunner::runFound(Command command, const FoundProgram &found)
{
    command.program = found.file;
    // Such programs start others of their folder.
    command.environment.insert(QStringLiteral("PATH"), found.searchPath);
    return converted<CommandOutput>(
        m_runner.run(command), &m_context,
        [file = found.file](Result<CommandOutput> output) -> Result<CommandOutput> {
            if (output)
                output->program = file;
            return output;
        });
}

} // namespace pilothouse

#pragma once

#include "base/commandrunner.h"

#include <QObject>

#include <optional>

namespace pilothouse {

/// A program's file, and the search path that it was found by.
struct FoundProgram
{
    QString file; ///< absolute
    QString searchPath;
};

/// Finds programs as the user's terminal does. A console that is started from a menu has a poorer
/// PATH than a login shell; the shell is asked for its own once, when it is first needed.
/// The runner outlives it. GUI thread.
class LoginPath final
{
public:
    /// `shell` is asked; `ownPath` is this process's.
    LoginPath(CommandRunner &runner, QString shell, QString ownPath);
    /// The login's shell and this process's PATH.
    explicit LoginPath(CommandRunner &runner);

    /// The folders of the shell's PATH, then those that only this process has. Where the shell does
    /// not answer (it has ten seconds), this process's alone.
    [[nodiscard]] QFuture<Result<QString>> searchPath();

    /// A name is looked for along the path; what has a slash in it is a file. NotFound with the
    /// sentence that names it; its detail says where was looked.
    [[nodiscard]] QFuture<Result<FoundProgram>> find(const QString &program);

private:
    [[nodiscard]] QString joined(const Result<CommandOutput> &shell) const;

    CommandRunner &m_runner;
    QString m_shell;
    QString m_ownPath;
    QObject m_context;
    std::optional<QFuture<Result<QString>>> m_path;
};

/// Runs a program that is not on this process's PATH from where the login shell has it. The output
/// then names the file.
class FindingRunner final : public CommandRunner
{
public:
    /// Both outlive it.
    FindingRunner(CommandRunner &runner, LoginPath &path);

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;

private:
    [[nodiscard]] QFuture<Result<CommandOutput>> runFound(Command command,
                                                          const FoundProgram &found);

    CommandRunner &m_runner;
    LoginPath &m_path;
    QObject m_context;
};

} // namespace pilothouse

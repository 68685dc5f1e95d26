#pragma once

#include "base/result.h"

#include <QFuture>
#include <QProcessEnvironment>
#include <QStringList>

#include <chrono>

namespace pilothouse {

/// A program to start. Secrets never stand in `arguments`: they go through `environment` or
/// `input`.
struct Command
{
    QString program;
    QStringList arguments;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    QString workingDirectory;
    QByteArray input;
    std::chrono::milliseconds timeout{10'000};
};

struct CommandOutput
{
    int exitCode = 0;
    QByteArray standardOutput;
    QByteArray standardError;
    QString program = {}; ///< the file that ran, where it had to be looked for
};

/// Starts programs. Abstract so that tests start none.
class CommandRunner
{
public:
    virtual ~CommandRunner() = default;

    /// The output, whatever the exit code. NotFound if the program is missing (the message names
    /// it), TimedOut after Command::timeout (the program is then ended).
    [[nodiscard]] virtual QFuture<Result<CommandOutput>> run(const Command &command) = 0;
};

/// Runs programs with QProcess, without a shell. GUI thread.
class ProcessRunner final : public CommandRunner
{
public:
    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;
};

} // namespace pilothouse

#pragma once

#include "base/result.h"

#include <QFuture>
#include <QProcessEnvironment>
#include <QStringList>

#include <chrono>
#include <functional>

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
    std::chrono::milliseconds timeout{10'000}; ///< 0 = it may run for ever
    /// How long a program that is to be ended may take to end by itself after SIGTERM; 0 = it is
    /// killed at once. For programs that leave something half done behind when they are killed. The
    /// application waits so long too when it quits. What such a program has started itself is asked
    /// to end with it, and killed with it: it is the leader of a process group.
    std::chrono::milliseconds grace{0};
    /// Of either output. A program that says more is ended as one that is too late.
    qsizetype mostBytes = 64 << 20;
    /// Called in the GUI thread with each line of either output as it comes, without its line
    /// break; the last one may have none. Both outputs still come whole at the end.
    std::function<void(const QString &line)> onLine;
    /// Linux sends it SIGTERM when this process is killed. For programs that would run on for ever.
    bool endsWithUs = false;
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
    /// it), TimedOut after Command::timeout (the program is then ended; with a grace the answer
    /// comes when it has), Malformed after Command::mostBytes (likewise), Unavailable if a signal
    /// ended it: what it had done by then is not known. Who cancels the future ends the program.
    [[nodiscard]] virtual QFuture<Result<CommandOutput>> run(const Command &command) = 0;
};

/// Runs programs with QProcess, without a shell. GUI thread.
class ProcessRunner final : public CommandRunner
{
public:
    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override;
};

} // namespace pilothouse

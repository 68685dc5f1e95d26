#pragma once

#include "base/commandrunner.h"
#include "base/future.h"

#include <QList>
#include <QPromise>

#include <memory>

namespace pilothouse {

/// Answers of programs that never run, in the order of the commands. A command without an answer
/// in the queue is NotFound. An answer's output is told line by line first, to whoever listens.
class FakeRunner final : public CommandRunner
{
public:
    using Promise = std::shared_ptr<QPromise<Result<CommandOutput>>>;

    [[nodiscard]] QFuture<Result<CommandOutput>> run(const Command &command) override
    {
        commands.append(command);
        if (m_queue.isEmpty())
            return ready<CommandOutput>(
                fail(ErrorKind::NotFound, command.program + QStringLiteral(" is not there")));
        const auto future = m_queue.takeFirst()->future();
        if (future.isFinished() && future.result())
            tell(command, future.result()->standardOutput + future.result()->standardError);
        return future;
    }

    void answer(int exitCode, const QByteArray &out, const QByteArray &err = {})
    {
        settle(hold(), CommandOutput{exitCode, out, err});
    }
    /// Output of a command that still runs.
    static void tell(const Command &command, const QByteArray &output)
    {
        if (!command.onLine)
            return;
        for (const QByteArray &line : output.split('\n')) {
            if (!line.isEmpty())
                command.onLine(QString::fromUtf8(line));
        }
    }
    void answer(const Error &error) { settle(hold(), fail(error)); }
    /// The next command waits until the test settles it.
    Promise hold()
    {
        auto promise = std::make_shared<QPromise<Result<CommandOutput>>>();
        promise->start();
        m_queue.append(promise);
        return promise;
    }
    static void settle(const Promise &promise, Result<CommandOutput> result)
    {
        promise->addResult(std::move(result));
        promise->finish();
    }

    QList<Command> commands;

private:
    QList<Promise> m_queue;
};

} // namespace pilothouse

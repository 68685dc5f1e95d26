#pragma once

#include "base/commandrunner.h"
#include "base/future.h"

#include <QList>
#include <QPromise>

#include <memory>

namespace pilothouse {

/// Answers of programs that never run, in the order of the commands. A command without an answer
/// in the queue is NotFound.
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
        return m_queue.takeFirst()->future();
    }

    void answer(int exitCode, const QByteArray &out, const QByteArray &err = {})
    {
        settle(hold(), CommandOutput{exitCode, out, err});
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

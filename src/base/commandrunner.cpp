#include "base/commandrunner.h"

#include "base/future.h"
#include "base/words.h"

#include <QCoreApplication>
#include <QProcess>
#include <QThread>
#include <QTimer>

#include <memory>

namespace pilothouse {
QFuture<Result<CommandOutput>> ProcessRunner::run(const Command &command)
{
    auto promise = std::make_shared<QPromise<Result<CommandOutput>>>();
    promise->start();
    // What still runs when the application ends is ended with it.
    QObject *owner = QCoreApplication::instance();
    auto *process
        = new QProcess(owner && owner->thread() == QThread::currentThread() ? owner : nullptr);
    process->setProgram(command.program);
    process->setArguments(command.arguments);
    process->setProcessEnvironment(command.environment);
    if (!command.workingDirectory.isEmpty())
        process->setWorkingDirectory(command.workingDirectory);

    // Whichever of end, failure and time-out comes first answers; the rest only cleans up.
    const auto answer = [promise, process](Result<CommandOutput> result) {
        if (promise->future().isFinished())
            return;
        promise->addResult(std::move(result));
        promise->finish();
        process->disconnect();
        if (process->state() != QProcess::NotRunning) {
            QObject::connect(process, &QProcess::finished, process, &QObject::deleteLater);
            process->kill();
        } else {
            process->deleteLater();
        }
    };
    QObject::connect(process, &QProcess::finished, process, [answer, process](int exitCode) {
        answer(CommandOutput{exitCode, process->readAllStandardOutput(),
                             process->readAllStandardError()});
    });
    QObject::connect(
        process, &QProcess::errorOccurred, process,
        [answer, process, name = command.program](QProcess::ProcessError error) {
            if (error == QProcess::FailedToStart)
                answer(fail(ErrorKind::NotFound,
                            Words::tr("The program “%1” could not be started. Install it or "
                                      "put it on the PATH.")
                                .arg(name),
                            process->errorString()));
        });
    QTimer::singleShot(command.timeout, process, [answer, command] {
        answer(fail(ErrorKind::TimedOut, Words::tr("“%1” gave no answer within %2 s and was ended.")
                                             .arg(command.program)
                                             .arg(command.timeout.count() / 1000)));
    });
    process->start();
    if (!command.input.isEmpty())
        process->write(command.input);
    process->closeWriteChannel();
    return promise->future();
}

} // namespace pilothouse

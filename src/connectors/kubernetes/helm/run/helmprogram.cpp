#include "connectors/kubernetes/helm/run/helmprogram.h"

#include "base/chaining.h"
#include "base/tokenforms.h"

#include <QPointer>

namespace pilothouse {

HelmProgram::HelmProgram(CommandRunner &runner, QString program, QObject *parent)
    : QObject(parent), m_runner(runner), m_program(std::move(program))
{}

void HelmProgram::find()
{
    if (!m_generation)
        whenDone(
            generation(), this, [](const Result<HelmGeneration> &) {}, [] {});
}

QFuture<Result<HelmGeneration>> HelmProgram::generation()
{
    if (m_generation)
        return ready<HelmGeneration>(*m_generation);
    HelmTarget target;
    target.program = m_program;
    Command command = helmCommand(target, {QStringLiteral("version"), QStringLiteral("--template"),
                                           QStringLiteral("{{.Version}}")});
    command.timeout = std::chrono::seconds(10);
    command.grace = {};
    return converted<HelmGeneration>(
        look(command), this, [this](const Result<CommandOutput> &output) -> Result<HelmGeneration> {
            const Result<HelmGeneration> found
                = output ? generationFrom(output->standardOutput) : fail(output.error());
            if (found)
                m_generation = *found;
            m_problem = found ? std::nullopt : std::optional(found.error());
            Q_EMIT known();
            return found;
        });
}

QFuture<Result<CommandOutput>> HelmProgram::follow(const Command &command)
{
    Command followed = command;
    Q_EMIT output(QStringLiteral("$ ") + shellText(m_program, command.arguments));
    followed.onLine = [self = QPointer<HelmProgram>(this)](const QString &line) {
        if (self)
            Q_EMIT self->output(maskedLine(line));
    };
    return look(followed);
}

QFuture<Result<CommandOutput>> HelmProgram::look(const Command &command)
{
    return converted<CommandOutput>(
        m_runner.run(command), this,
        [](const Result<CommandOutput> &output) -> Result<CommandOutput> {
            if (output && output->exitCode != 0)
                return fail(helmFailure(*output));
            return output;
        });
}

} // namespace pilothouse

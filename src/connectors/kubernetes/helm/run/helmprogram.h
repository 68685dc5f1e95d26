#pragma once

#include "connectors/kubernetes/helm/helmcommand.h"

#include <QObject>

#include <optional>

namespace pilothouse {

/// The program helm as one track uses it: which generation it is, and what it prints while it
/// writes. GUI thread; runner outlives it.
class HelmProgram final : public QObject
{
    Q_OBJECT

public:
    /// `program` is a path or a name.
    HelmProgram(CommandRunner &runner, QString program, QObject *parent = nullptr);

    /// Asked once, and again after it failed.
    [[nodiscard]] QFuture<Result<HelmGeneration>> generation();
    /// The same in the background, where it is not known.
    void find();
    /// As it is known, else the older one.
    [[nodiscard]] HelmGeneration likely() const
    {
        return m_generation.value_or(HelmGeneration::Three);
    }
    /// Why helm cannot be used, as far as it was asked.
    [[nodiscard]] const std::optional<Error> &problem() const { return m_problem; }

    /// Runs a write and tells what it prints. An error for a code other than 0 too.
    [[nodiscard]] QFuture<Result<CommandOutput>> follow(const Command &command);
    /// Runs what only looks; nothing of it is told, for it may print values.
    [[nodiscard]] QFuture<Result<CommandOutput>> look(const Command &command);

Q_SIGNALS:
    /// Which one it is, or the problem, is known now.
    void known();
    /// The command line of a write that begins ("$ helm upgrade …"), then each line that helm
    /// prints, masked.
    void output(const QString &line);

private:
    CommandRunner &m_runner;
    QString m_program;
    std::optional<HelmGeneration> m_generation;
    std::optional<Error> m_problem;
};

} // namespace pilothouse

#pragma once

#include "app/sandbox/parts/jobsteps.h"

#include <QByteArray>
#include <QByteArrayList>

namespace pilothouse::sandbox {

/// Numbers that look random and are the same in every run (SplitMix64).
class Sequence
{
public:
    explicit Sequence(const QByteArray &seed);
    [[nodiscard]] quint64 next();
    /// 0 … below − 1
    [[nodiscard]] int below(int limit);
    [[nodiscard]] QByteArray hex(int digits);

private:
    quint64 m_state;
};

[[nodiscard]] QByteArray coloured(const char *code, const QByteArray &text);

/// How the runner opens a `run:` step: the group with the command, its shell and environment.
[[nodiscard]] QByteArrayList runHeader(const QByteArray &command,
                                       const QByteArrayList &environment = {});

/// How the runner opens a `uses:` step.
[[nodiscard]] QByteArrayList usesHeader(const QByteArray &action,
                                        const QByteArrayList &inputs = {});

/// Puts each step's lines, stamped, within the step's time. `lines[i]` belongs to `steps[i]`.
[[nodiscard]] QByteArray stamped(const QList<JobStep> &steps, const QList<QByteArrayList> &lines,
                                 Sequence &sequence);

/// The lines of a step of ci.yml, without stamps; empty if this is not one of its jobs.
[[nodiscard]] QByteArrayList ciStepLines(const JobRun &run, const JobStep &step,
                                         Sequence &sequence);

/// The lines of a step of the deploy and finish workflows, likewise.
[[nodiscard]] QByteArrayList deployStepLines(const JobRun &run, const JobStep &step,
                                             Sequence &sequence);

/// What pytest prints in integration-tests, with its captured SQL.
[[nodiscard]] QByteArrayList integrationReport(const QString &release, Sequence &sequence);

} // namespace pilothouse::sandbox

#pragma once

#include "pipeline/act/runcontrol.h"
#include "pipeline/workflow.h"

namespace pilothouse {

/// A run with the file that it runs, as its commit has it.
struct RunFile
{
    Run run;
    Workflow workflow;
    QString ref;     ///< "refs/heads/main"; empty = not known
    QList<Job> jobs; ///< as far as they are read
};

/// What a file says of one concurrency group of a run.
struct GroupClaim
{
    QString written;              ///< "deploy-${{ github.ref }}"
    std::optional<QString> group; ///< filled; nothing = only the run knows
    QString job;                  ///< key of the job that has it; empty = the run as a whole

    bool operator==(const GroupClaim &) const = default;
};

/// The workflow's group first, then those of its jobs. What called workflows say is not read.
[[nodiscard]] QList<GroupClaim> claimsOf(const RunFile &own);

/// Who stands before a run, or before its jobs that wait, by the files of all runs that have not
/// ended: whoever has the group, else, where only one may wait, a newer run that takes the place in
/// the queue. Names of groups compare without case. Where the files leave it open, or what the jobs
/// of the other run do is not read, the answer is NotKnown, never a guess. `unread` = how many of
/// those runs have no file here.
[[nodiscard]] QList<ConcurrencyBlock>
blocksWorkedOut(const RunFile &own, const QList<RunFile> &others, qsizetype unread);

/// "blocked by run 6999 (concurrency deploy-production, told by GitHub)"
[[nodiscard]] QString blockWords(const ConcurrencyBlock &block, const QString &system);

} // namespace pilothouse

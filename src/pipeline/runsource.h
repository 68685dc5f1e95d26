#pragma once

#include "base/id.h"
#include "base/reading.h"
#include "base/result.h"

#include <QDateTime>
#include <QFuture>
#include <QList>
#include <QUrl>

#include <optional>

namespace pilothouse {

/// Where an execution stands, for runs, jobs and steps alike.
enum class RunStatus {
    Queued,
    Waiting, ///< for a person: an environment gate
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Skipped,
    TimedOut,
    Neutral,
    Unknown, ///< a word newer than this program
};

struct Step
{
    int number = 0;
    QString name;
    RunStatus status = RunStatus::Queued;
    QDateTime startedAt;   ///< UTC; invalid = not begun
    QDateTime completedAt; ///< UTC; invalid = not ended

    bool operator==(const Step &) const = default;
};

/// A job of a run as the CI host reports it. It carries no `needs`: it is matched to the workflow
/// file by name.
struct Job
{
    JobId id;
    RunId run;
    int attempt = 1;
    QString name; ///< as shown: "lint (ruff)", "caller / callee"
    RunStatus status = RunStatus::Queued;
    QDateTime createdAt;
    QDateTime startedAt;
    QDateTime completedAt;
    QUrl page; ///< at the vendor
    QList<Step> steps;
    QString hostId; ///< as its host spells it where that is no number; empty = `id`

    bool operator==(const Job &) const = default;
};

struct Run
{
    RunId id;
    int attempt = 1;
    QString workflowPath; ///< ".github/workflows/ci.yml"
    QString title;
    QString event;
    QString actor;
    QString branch; ///< or tag that it ran on; empty = not told
    CommitId commit;
    RunStatus status = RunStatus::Queued;
    QDateTime createdAt;
    QDateTime startedAt;
    QDateTime updatedAt;
    QUrl page;
    QString hostId; ///< as its host spells it where that is no number; empty = `id`

    bool operator==(const Run &) const = default;
};

/// A CI host. Answers are readings: their age is that of the answer (a 304 renews it).
class RunSource
{
public:
    virtual ~RunSource() = default;

    /// The runs of a commit, newest first, all pages.
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &commit) = 0;
    /// The latest runs of the repository whatever the commit, newest first, one page.
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Run>>>> latestRuns() = 0;
    /// The jobs of the run's newest attempt, with steps.
    [[nodiscard]] virtual QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &run) = 0;
    /// The newest run of the same workflow file on the same branch that began before this one and
    /// went well; nothing if none is known. Refused by a host that cannot tell.
    [[nodiscard]] virtual QFuture<Result<Reading<std::optional<Run>>>> lastGreen(const Run &before)
        = 0;
};

} // namespace pilothouse

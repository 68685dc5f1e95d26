#pragma once

#include "pipeline/graph.h"
#include "pipeline/outlook/joboutlook.h"
#include "pipeline/runsource.h"

#include <QDateTime>
#include <QHash>
#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// Nothing more will come of it by itself.
[[nodiscard]] bool hasEnded(RunStatus status);

/// The one a folded node shows: Failed before TimedOut, Cancelled, Unknown, Waiting, Running,
/// Queued, Neutral, Succeeded, Skipped.
[[nodiscard]] RunStatus worse(RunStatus a, RunStatus b);

/// How long a job has run: to its end, or to `serverNow`. Nothing while it has not begun.
[[nodiscard]] std::optional<std::chrono::milliseconds> elapsed(const Job &job,
                                                               const QDateTime &serverNow);

/// What the runs say about one node.
struct NodeOverlay
{
    std::optional<RunStatus> status; ///< the worst of its jobs; nothing = no job yet ("to come")
    /// The CI host has not answered: nothing is known, not even that the job is to come.
    bool unread = false;
    bool stale = false;    ///< as it was read last: its host gives nothing now (see markStale())
    QList<Job> jobs;       ///< one a leg, in the order of their names
    int ended = 0;         ///< how many of them have ended
    int expected = 0;      ///< how many there will be (legs); at least jobs.size()
    QDateTime startedAt;   ///< the first beginning; invalid = none
    QDateTime completedAt; ///< the last end, once all have ended
    bool critical = false; ///< on the critical path
    /// How long it took in the last run that went well; nothing = never seen.
    std::optional<std::chrono::milliseconds> usual;
    JobOutlook outlook; ///< whether it will run (see outlooksOf())

    /// Known to be skipped, though its host has not said so yet.
    [[nodiscard]] bool willBeSkipped() const { return !status && outlook.runs == Truth::False; }
    /// From its creation to its first beginning, or to `serverNow` while it waits for a machine.
    [[nodiscard]] std::optional<std::chrono::milliseconds> queued(const QDateTime &serverNow) const;
    /// From the first beginning to the last end, or to `serverNow`. Nothing while none has begun.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    elapsed(const QDateTime &serverNow) const;

    bool operator==(const NodeOverlay &) const = default;
};

/// The runs of one commit laid over its graph.
struct Overlay
{
    QHash<NodeId, NodeOverlay> nodes; ///< one for every node of the graph
    QHash<QString, Run> runs;         ///< by workflow path: the run that is shown
    QList<Job> unmatched;             ///< "not in the file": of those runs, but of no node
    QList<NodeId> criticalPath;       ///< in the order of time; empty while nothing has begun
    QDateTime startedAt;              ///< the first beginning of any job
    QDateTime completedAt;            ///< the last end, once every shown run has ended

    /// From the first beginning to the last end, or to `serverNow`.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    elapsed(const QDateTime &serverNow) const;
    /// nullptr for a node of another graph.
    [[nodiscard]] const NodeOverlay *of(const NodeId &id) const;
    /// The node that a job belongs to; nothing if it is unmatched or unknown.
    [[nodiscard]] std::optional<NodeId> nodeOf(const JobId &job) const;
    [[nodiscard]] std::optional<Job> job(const JobId &id) const;

    bool operator==(const Overlay &) const = default;
};

/// Matches jobs to nodes by name, since the CI host tells no key: `name` or key, the legs of a
/// matrix ("lint (ruff)"), expressions in names, and calls ("caller / callee"). `runs` are the runs
/// to show, at most one a workflow path (see `newestRuns`). A skipped caller skips all it calls.
///
/// The critical path ends at the job that ends last (while jobs run: at the one that has run
/// longest) and goes back each time to the predecessor that ended last, so it is the chain that
/// decided how long the whole took.
[[nodiscard]] Overlay overlayRuns(const Graph &graph, const QList<Run> &runs,
                                  const QHash<RunId, QList<Job>> &jobs);

/// All of it is as it was read last: the host of the runs gives nothing now.
void markStale(Overlay &overlay);

/// How long each node took where all its jobs went well.
[[nodiscard]] QHash<NodeId, std::chrono::milliseconds> durationsOf(const Overlay &overlay);

/// Of the runs of one commit the newest of each workflow file, newest first.
[[nodiscard]] QList<Run> newestRuns(const QList<Run> &runs);

} // namespace pilothouse

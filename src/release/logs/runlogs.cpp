#include "release/logs/runlogs.h"

#include <QSet>

namespace pilothouse {
namespace {

RunLog::Standing standingOf(const Job &job)
{
    if (!hasEnded(job.status))
        return RunLog::Standing::Running;
    const bool neverBegan = job.status == RunStatus::Cancelled && !job.startedAt.isValid();
    return job.status == RunStatus::Skipped || neverBegan ? RunLog::Standing::NeverRan
                                                          : RunLog::Standing::Ended;
}

QList<Job> jobsInOrder(const Graph &graph, const Overlay &overlay)
{
    QList<Job> all;
    for (const GraphNode &node : graph.nodes) {
        if (const NodeOverlay *told = overlay.of(node.id))
            all += told->jobs;
    }
    return all + overlay.unmatched;
}

} // namespace

std::optional<RunId> runToSearch(const Overlay &overlay, const std::optional<Job> &chosen)
{
    if (chosen)
        return chosen->run;
    QSet<RunId> withJobs;
    for (const NodeOverlay &node : overlay.nodes) {
        for (const Job &job : node.jobs)
            withJobs.insert(job.run);
    }
    for (const Job &job : overlay.unmatched)
        withJobs.insert(job.run);
    std::optional<RunId> newest;
    for (const Run &run : overlay.runs) {
        if (withJobs.contains(run.id) && (!newest || *newest < run.id))
            newest = run.id;
    }
    return newest;
}

QList<RunLog> logsOfRun(const Graph &graph, const Overlay &overlay, const RunId &run)
{
    QList<RunLog> logs;
    QSet<JobId> named;
    for (const Job &job : jobsInOrder(graph, overlay)) {
        if (job.run != run || named.contains(job.id))
            continue;
        named.insert(job.id);
        logs.append({JobLog{job.run, job.id}, job.name, standingOf(job)});
    }
    return logs;
}

} // namespace pilothouse

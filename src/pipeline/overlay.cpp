#include "pipeline/overlay.h"

#include "pipeline/criticalpath.h"
#include "pipeline/jobmatcher.h"

#include <QSet>

#include <algorithm>
#include <array>
#include <limits>

namespace pilothouse {

namespace {

using std::chrono::milliseconds;

std::optional<milliseconds> between(const QDateTime &start, const QDateTime &end)
{
    if (!start.isValid() || !end.isValid())
        return std::nullopt;
    return std::max(milliseconds(start.msecsTo(end)), milliseconds(0));
}

/// The path as workflow files are named; some hosts add "@" and the branch.
QString filePath(const Run &run)
{
    return run.workflowPath.section(QLatin1Char('@'), 0, 0);
}

void summarise(NodeOverlay &node)
{
    std::stable_sort(node.jobs.begin(), node.jobs.end(),
                     [](const Job &a, const Job &b) { return a.name < b.name; });
    node.expected = std::max(node.expected, int(node.jobs.size()));
    for (const Job &job : node.jobs) {
        node.status = node.status ? worse(*node.status, job.status) : job.status;
        if (hasEnded(job.status))
            ++node.ended;
        if (job.startedAt.isValid()
            && (!node.startedAt.isValid() || job.startedAt < node.startedAt))
            node.startedAt = job.startedAt;
        if (job.completedAt.isValid()
            && (!node.completedAt.isValid() || job.completedAt > node.completedAt))
            node.completedAt = job.completedAt;
    }
    const bool skipped = node.status == RunStatus::Skipped;
    if (skipped)
        node.expected = node.ended;
    if (node.ended < node.expected)
        node.completedAt = QDateTime();
}

/// The nodes in a frame, those of the frames in it too.
QList<NodeId> nodesIn(const Graph &graph, const FrameId &id)
{
    QList<NodeId> nodes;
    QSet<FrameId> inside{id};
    for (const GraphFrame &frame : graph.frames) {
        if (inside.contains(frame.parent))
            inside.insert(frame.id);
        if (inside.contains(frame.id))
            nodes += frame.nodes;
    }
    return nodes;
}

void addTimes(Overlay &overlay)
{
    for (const NodeOverlay &node : std::as_const(overlay.nodes)) {
        if (node.startedAt.isValid()
            && (!overlay.startedAt.isValid() || node.startedAt < overlay.startedAt))
            overlay.startedAt = node.startedAt;
        for (const Job &job : node.jobs) {
            if (job.completedAt.isValid()
                && (!overlay.completedAt.isValid() || job.completedAt > overlay.completedAt))
                overlay.completedAt = job.completedAt;
        }
    }
    if (std::any_of(overlay.runs.begin(), overlay.runs.end(),
                    [](const Run &run) { return !hasEnded(run.status); }))
        overlay.completedAt = QDateTime();
}

} // namespace

bool hasEnded(RunStatus status)
{
    switch (status) {
    case RunStatus::Queued:
    case RunStatus::Waiting:
    case RunStatus::Running:
    case RunStatus::Unknown:
        return false;
    case RunStatus::Succeeded:
    case RunStatus::Failed:
    case RunStatus::Cancelled:
    case RunStatus::Skipped:
    case RunStatus::TimedOut:
    case RunStatus::Neutral:
        break;
    }
    return true;
}

RunStatus worse(RunStatus a, RunStatus b)
{
    static constexpr std::array worstFirst{
        RunStatus::Failed,    RunStatus::TimedOut, RunStatus::Cancelled, RunStatus::Unknown,
        RunStatus::Waiting,   RunStatus::Running,  RunStatus::Queued,    RunStatus::Neutral,
        RunStatus::Succeeded, RunStatus::Skipped};
    const auto place = [](RunStatus status) {
        return std::find(worstFirst.begin(), worstFirst.end(), status);
    };
    return place(a) <= place(b) ? a : b;
}

std::optional<milliseconds> elapsed(const Job &job, const QDateTime &serverNow)
{
    if (!hasEnded(job.status))
        return between(job.startedAt, serverNow);
    return between(job.startedAt, job.completedAt);
}

std::optional<milliseconds> NodeOverlay::elapsed(const QDateTime &serverNow) const
{
    return between(startedAt, completedAt.isValid() ? completedAt : serverNow);
}

std::optional<milliseconds> NodeOverlay::queued(const QDateTime &serverNow) const
{
    if (status == RunStatus::Skipped)
        return std::nullopt;
    QDateTime created;
    for (const Job &job : jobs) {
        if (job.createdAt.isValid() && (!created.isValid() || job.createdAt < created))
            created = job.createdAt;
    }
    if (!startedAt.isValid() && (!status || *status != RunStatus::Queued))
        return std::nullopt;
    return between(created, startedAt.isValid() ? startedAt : serverNow);
}

std::optional<milliseconds> Overlay::elapsed(const QDateTime &serverNow) const
{
    return between(startedAt, completedAt.isValid() ? completedAt : serverNow);
}

const NodeOverlay *Overlay::of(const NodeId &id) const
{
    const auto found = nodes.constFind(id);
    return found == nodes.constEnd() ? nullptr : &*found;
}

std::optional<NodeId> Overlay::nodeOf(const JobId &job) const
{
    // A job of a skipped call stands in several nodes: the first by name is meant, every time.
    std::optional<NodeId> first;
    for (auto node = nodes.begin(); node != nodes.end(); ++node) {
        if (std::any_of(node->jobs.begin(), node->jobs.end(),
                        [&](const Job &own) { return own.id == job; })
            && (!first || node.key() < *first))
            first = node.key();
    }
    return first;
}

std::optional<Job> Overlay::job(const JobId &id) const
{
    const auto in = [&](const QList<Job> &jobs) -> std::optional<Job> {
        const auto found
            = std::find_if(jobs.begin(), jobs.end(), [&](const Job &own) { return own.id == id; });
        return found == jobs.end() ? std::nullopt : std::optional<Job>(*found);
    };
    for (const NodeOverlay &node : nodes) {
        if (auto found = in(node.jobs))
            return found;
    }
    return in(unmatched);
}

Overlay overlayRuns(const Graph &graph, const QList<Run> &runs,
                    const QHash<RunId, QList<Job>> &jobs)
{
    Overlay overlay;
    QHash<NodeId, int> room; // how many jobs a node still expects
    for (const GraphNode &node : graph.nodes) {
        NodeOverlay &state = overlay.nodes[node.id];
        state.expected = node.legCount();
        const bool open = !node.job.uses.isEmpty() || node.legCount() == 0;
        room.insert(node.id, open ? std::numeric_limits<int>::max() : node.legCount());
    }
    QSet<QString> paths;
    for (const GraphFrame &frame : graph.frames) {
        if (frame.caller.value.isEmpty())
            paths.insert(frame.path);
    }

    const JobMatcher matcher(graph);
    for (const Run &run : runs) {
        const QString path = filePath(run);
        if (!paths.contains(path) || overlay.runs.contains(path))
            continue;
        overlay.runs.insert(path, run);
        for (const Job &job : jobs.value(run.id)) {
            const JobMatcher::Match match = matcher.find(path, job.name);
            if (!match.nodes.isEmpty()) {
                // Jobs of one name: one for each node that bears it, in the order of the file.
                const auto free = std::find_if(match.nodes.begin(), match.nodes.end(),
                                               [&](const NodeId &id) { return room[id] > 0; });
                const NodeId id = free == match.nodes.end() ? match.nodes.first() : *free;
                --room[id];
                overlay.nodes[id].jobs.append(job);
            } else if (!match.call.value.isEmpty()) {
                for (const NodeId &id : nodesIn(graph, match.call))
                    overlay.nodes[id].jobs.append(job);
            } else {
                overlay.unmatched.append(job);
            }
        }
    }

    for (NodeOverlay &node : overlay.nodes)
        summarise(node);
    overlay.criticalPath = criticalPath(graph, overlay.nodes);
    for (const NodeId &id : std::as_const(overlay.criticalPath))
        overlay.nodes[id].critical = true;
    addTimes(overlay);
    return overlay;
}

void markStale(Overlay &overlay)
{
    for (NodeOverlay &node : overlay.nodes)
        node.stale = true;
}

QHash<NodeId, milliseconds> durationsOf(const Overlay &overlay)
{
    QHash<NodeId, milliseconds> durations;
    for (auto node = overlay.nodes.begin(); node != overlay.nodes.end(); ++node) {
        if (node->status != RunStatus::Succeeded)
            continue;
        if (const auto took = between(node->startedAt, node->completedAt))
            durations.insert(node.key(), *took);
    }
    return durations;
}

QList<Run> newestRuns(const QList<Run> &runs)
{
    QList<Run> sorted = runs;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Run &a, const Run &b) {
        return a.createdAt != b.createdAt ? a.createdAt > b.createdAt : b.id < a.id;
    });
    QSet<QString> seen;
    sorted.removeIf([&](const Run &run) {
        const QString path = filePath(run);
        const bool repeated = seen.contains(path);
        seen.insert(path);
        return repeated;
    });
    return sorted;
}

} // namespace pilothouse

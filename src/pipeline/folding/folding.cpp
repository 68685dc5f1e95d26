#include "pipeline/folding/folding.h"

#include <algorithm>
#include <optional>

namespace pilothouse {

namespace {

/// For each frame that is folded, or lies in a folded one, the outermost folded frame around it.
QHash<FrameId, FrameId> outermostFolded(const Graph &graph, const QSet<FrameId> &frames)
{
    QHash<FrameId, FrameId> outermost;
    // A caller's frame stands before the frames it calls.
    for (const GraphFrame &frame : graph.frames) {
        if (const auto around = outermost.constFind(frame.parent); around != outermost.constEnd())
            outermost.insert(frame.id, FrameId(*around));
        else if (frames.contains(frame.id))
            outermost.insert(frame.id, frame.id);
    }
    return outermost;
}

GraphNode nodeFor(const GraphFrame &frame)
{
    GraphNode node;
    node.id = foldedId(frame.id);
    node.frame = frame.parent;
    node.title = frame.title;
    node.job = frame.job;
    node.job.matrix = {};
    return node;
}

/// Whether `to` can be reached from `from` over edges that are not backward.
bool reaches(const QHash<NodeId, QList<NodeId>> &next, const NodeId &from, const NodeId &to)
{
    QSet<NodeId> visited{from};
    QList<NodeId> open{from};
    while (!open.isEmpty()) {
        const NodeId node = open.takeLast();
        if (node == to)
            return true;
        for (const NodeId &follower : next.value(node)) {
            if (!visited.contains(follower)) {
                visited.insert(follower);
                open.append(follower);
            }
        }
    }
    return false;
}

void joinEdges(const Graph &graph, FoldedGraph &folded)
{
    QSet<std::pair<NodeId, NodeId>> drawn;
    QHash<NodeId, QList<NodeId>> next;
    for (GraphEdge edge : graph.edges) {
        const NodeId from = folded.seen.value(edge.from);
        const NodeId to = folded.seen.value(edge.to);
        const bool joined = from != edge.from || to != edge.to;
        if (joined && (from == to || drawn.contains({from, to})))
            continue;
        edge.from = from;
        edge.to = to;
        // Folding can close a cycle: a job may need one frame and be needed by it.
        edge.backward = edge.backward || (joined && reaches(next, to, from));
        if (!edge.backward)
            next[from].append(to);
        drawn.insert({from, to});
        folded.graph.edges.append(edge);
    }
}

NodeOverlay summary(const Overlay &overlay, const QList<NodeId> &jobs)
{
    NodeOverlay sum;
    bool open = false;
    bool allSkip = !jobs.isEmpty();
    for (const NodeId &id : jobs) {
        const NodeOverlay *job = overlay.of(id);
        if (!job)
            continue;
        allSkip = allSkip && job->willBeSkipped();
        if (job->status)
            sum.status = sum.status ? worse(*sum.status, *job->status) : *job->status;
        sum.unread = sum.unread || job->unread;
        sum.stale = sum.stale || job->stale;
        sum.jobs += job->jobs;
        sum.ended += job->ended;
        sum.expected += std::max(job->expected, 1);
        sum.critical = sum.critical || job->critical;
        if (job->startedAt.isValid()
            && (!sum.startedAt.isValid() || job->startedAt < sum.startedAt))
            sum.startedAt = job->startedAt;
        if (job->completedAt.isValid()
            && (!sum.completedAt.isValid() || job->completedAt > sum.completedAt))
            sum.completedAt = job->completedAt;
        open = open || !job->status || !hasEnded(*job->status);
    }
    if (open)
        sum.completedAt = QDateTime();
    if (allSkip && overlay.of(jobs.first()))
        sum.outlook = overlay.of(jobs.first())->outlook;
    return sum;
}

} // namespace

NodeId foldedId(const FrameId &frame)
{
    return NodeId(frame.value);
}

FrameId FoldedGraph::frameOf(const NodeId &node) const
{
    return hidden.contains(node) ? FrameId(node.value) : FrameId();
}

FoldedGraph foldGraph(const Graph &graph, const QSet<FrameId> &frames)
{
    FoldedGraph folded;
    folded.graph.problems = graph.problems;
    const QHash<FrameId, FrameId> outermost = outermostFolded(graph, frames);
    QHash<FrameId, qsizetype> place; // of the frames that are seen
    for (const GraphFrame &frame : graph.frames) {
        if (outermost.contains(frame.id))
            continue;
        place.insert(frame.id, folded.graph.frames.size());
        folded.graph.frames.append(frame);
    }
    for (const GraphFrame &frame : graph.frames) {
        if (outermost.value(frame.id) != frame.id)
            continue;
        const GraphNode node = nodeFor(frame);
        folded.graph.nodes.append(node);
        folded.hidden.insert(node.id, {});
        if (const auto parent = place.constFind(frame.parent); parent != place.constEnd())
            folded.graph.frames[*parent].nodes.append(node.id);
    }
    for (const GraphNode &node : graph.nodes) {
        if (const auto around = outermost.constFind(node.frame); around != outermost.constEnd()) {
            folded.hidden[foldedId(*around)].append(node.id);
            folded.seen.insert(node.id, foldedId(*around));
        } else {
            folded.graph.nodes.append(node);
            folded.seen.insert(node.id, node.id);
        }
    }
    joinEdges(graph, folded);
    return folded;
}

QSet<FrameId> openFolded(const Graph &graph, qsizetype most)
{
    QSet<FrameId> frames;
    if (graph.nodes.size() <= most)
        return frames;
    for (const GraphFrame &frame : graph.frames) {
        if (!frame.caller.value.isEmpty())
            frames.insert(frame.id);
    }
    if (foldGraph(graph, frames).graph.nodes.size() <= most)
        return frames;
    for (const GraphFrame &frame : graph.frames) {
        if (frame.nodes.size() > 1)
            frames.insert(frame.id);
    }
    return frames;
}

Overlay foldOverlay(const Overlay &overlay, const FoldedGraph &folded)
{
    Overlay out = overlay;
    for (auto it = folded.hidden.cbegin(); it != folded.hidden.cend(); ++it) {
        for (const NodeId &job : it.value())
            out.nodes.remove(job);
        out.nodes.insert(it.key(), summary(overlay, it.value()));
    }
    out.criticalPath.clear();
    for (const NodeId &job : overlay.criticalPath) {
        const NodeId node = folded.seen.value(job);
        if (out.criticalPath.isEmpty() || out.criticalPath.last() != node)
            out.criticalPath.append(node);
    }
    return out;
}

NodeId worstJob(const Overlay &overlay, const FoldedGraph &folded, const NodeId &node)
{
    const QList<NodeId> jobs = folded.hidden.value(node);
    if (jobs.isEmpty())
        return node;
    NodeId worst = jobs.first();
    std::optional<RunStatus> status;
    for (const NodeId &job : jobs) {
        const NodeOverlay *now = overlay.of(job);
        if (!now || !now->status)
            continue;
        if (!status || (*now->status != *status && worse(*status, *now->status) == *now->status)) {
            status = now->status;
            worst = job;
        }
    }
    return worst;
}

} // namespace pilothouse

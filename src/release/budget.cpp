#include "release/budget.h"

#include "pipeline/criticalpath.h"
#include "release/releaserows.h"

#include <QSet>

namespace pilothouse {

namespace {

/// Outermost frame of each frame: a called workflow belongs to the file that calls.
QHash<FrameId, FrameId> filesOf(const Graph &graph)
{
    QHash<FrameId, FrameId> files;
    for (const GraphFrame &frame : graph.frames)
        files.insert(frame.id, files.value(frame.parent, frame.id));
    return files;
}

QSet<FrameId> workflowsOf(const TrackName &track, const Graph &graph)
{
    QSet<FrameId> named;
    for (const GraphFrame &frame : graph.frames) {
        if (frame.caller.value.isEmpty()
            && frame.path.section(QLatin1Char('/'), -1).contains(track.value, Qt::CaseInsensitive))
            named.insert(frame.id);
    }
    return named;
}

/// The part of the graph that leads to the jobs of these files, they themselves included.
Graph leadingTo(const QSet<FrameId> &workflows, const Graph &graph)
{
    const QHash<FrameId, FrameId> files = filesOf(graph);
    QSet<NodeId> kept;
    QList<NodeId> open;
    const auto keep = [&](const NodeId &node) {
        if (!kept.contains(node)) {
            kept.insert(node);
            open.append(node);
        }
    };
    for (const GraphNode &node : graph.nodes) {
        if (workflows.contains(files.value(node.frame)))
            keep(node.id);
    }
    while (!open.isEmpty()) {
        const NodeId node = open.takeLast();
        for (const GraphEdge &edge : graph.edges) {
            if (edge.to == node && !edge.backward)
                keep(edge.from);
        }
    }
    Graph part;
    for (const GraphNode &node : graph.nodes) {
        if (kept.contains(node.id))
            part.nodes.append(node);
    }
    for (const GraphEdge &edge : graph.edges) {
        if (kept.contains(edge.from) && kept.contains(edge.to))
            part.edges.append(edge);
    }
    return part;
}

} // namespace

QList<BudgetView> budgetViews(const QList<TrackBudget> &budgets, const Graph &graph,
                              const Overlay &overlay, const QDateTime &serverNow)
{
    QList<BudgetView> views;
    for (const TrackBudget &budget : budgets) {
        const QSet<FrameId> workflows = workflowsOf(budget.track, graph);
        const Graph part = workflows.isEmpty() ? graph : leadingTo(workflows, graph);
        Overlay laid;
        for (const GraphNode &node : part.nodes) {
            if (const NodeOverlay *state = overlay.of(node.id))
                laid.nodes.insert(node.id, *state);
        }
        laid.criticalPath = criticalPath(part, laid.nodes);
        views.append({budget.track, budget.budget, machineTime(laid, serverNow)});
    }
    return views;
}

} // namespace pilothouse

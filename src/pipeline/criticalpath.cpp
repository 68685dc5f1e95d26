#include "pipeline/criticalpath.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

namespace {

bool counts(const NodeOverlay &node)
{
    return node.startedAt.isValid() && node.status != RunStatus::Skipped;
}

/// Whether `a` ends after `b`: what still runs ends last, and of that what has run longest.
bool endsLater(const NodeOverlay &a, const NodeOverlay &b)
{
    const bool aRuns = !a.completedAt.isValid();
    const bool bRuns = !b.completedAt.isValid();
    if (aRuns != bRuns)
        return aRuns;
    return aRuns ? a.startedAt < b.startedAt : a.completedAt > b.completedAt;
}

} // namespace

QList<NodeId> criticalPath(const Graph &graph, const QHash<NodeId, NodeOverlay> &nodes)
{
    QHash<NodeId, QList<NodeId>> before;
    for (const GraphEdge &edge : graph.edges) {
        if (!edge.backward)
            before[edge.to].append(edge.from);
    }
    const auto later = [&](const NodeId &candidate, const NodeId &best) {
        return best.value.isEmpty()
               || endsLater(nodes.constFind(candidate).value(), nodes.constFind(best).value());
    };

    NodeId at;
    for (const GraphNode &node : graph.nodes) {
        const auto found = nodes.constFind(node.id);
        if (found != nodes.constEnd() && counts(*found) && later(node.id, at))
            at = node.id;
    }
    QList<NodeId> path;
    while (!at.value.isEmpty()) {
        path.prepend(at);
        QList<NodeId> open = before.value(at);
        QSet<NodeId> seen;
        NodeId best;
        while (!open.isEmpty()) {
            const NodeId candidate = open.takeFirst();
            const auto found = nodes.constFind(candidate);
            if (seen.contains(candidate) || found == nodes.constEnd())
                continue;
            seen.insert(candidate);
            if (counts(*found)) {
                if (later(candidate, best))
                    best = candidate;
            } else if (found->status == RunStatus::Skipped) {
                open += before.value(candidate);
            }
        }
        at = best;
    }
    return path;
}

} // namespace pilothouse

#include "pipeline/folding/buildnodes.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// One node of one job; a second service at the same job has a number.
NodeId freeId(const Graph &graph, const NodeId &job)
{
    NodeId id(job.value + QStringLiteral("@build"));
    for (int number = 2; graph.node(id); ++number)
        id = NodeId(job.value + QStringLiteral("@build%1").arg(number));
    return id;
}

void insertBehind(Graph &graph, const NodeId &job, const GraphNode &build)
{
    const auto node = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                                   [&](const GraphNode &each) { return each.id == job; });
    graph.nodes.insert(node + 1, build);
    for (GraphFrame &frame : graph.frames) {
        if (const qsizetype at = frame.nodes.indexOf(job); at >= 0)
            frame.nodes.insert(at + 1, build.id);
    }
    for (GraphEdge &edge : graph.edges) {
        if (edge.from == job && !edge.backward)
            edge.from = build.id;
    }
    graph.edges.append({job, build.id, GraphEdge::Kind::Needs, false});
}

/// Without a job there will be no build either.
JobOutlook outlookAfter(const NodeOverlay &job, const QString &title)
{
    JobOutlook outlook;
    if (job.willBeSkipped() || job.status == RunStatus::Skipped) {
        outlook.runs = Truth::False;
        outlook.afterSkipped = title;
    } else if (job.status == RunStatus::Failed || job.status == RunStatus::Cancelled) {
        outlook.runs = Truth::False;
        outlook.afterFailed = title;
    }
    return outlook;
}

NodeOverlay overlayOf(const BuildState &state)
{
    NodeOverlay node;
    node.expected = 1;
    node.unread = state.unread && !state.job;
    node.stale = state.stale;
    if (!state.job)
        return node;
    node.status = state.job->status;
    node.jobs = {*state.job};
    node.startedAt = state.job->startedAt;
    if (hasEnded(state.job->status)) {
        node.ended = 1;
        node.completedAt = state.job->completedAt;
    }
    return node;
}

} // namespace

GraphWithBuilds withBuilds(const Graph &graph, const QList<BuildPlace> &places)
{
    GraphWithBuilds drawn{graph, {}};
    for (qsizetype place = 0; place < places.size(); ++place) {
        for (const GraphNode &node : graph.nodes) {
            if (places[place].job.isEmpty() || node.job.key != places[place].job)
                continue;
            GraphNode build;
            build.id = freeId(drawn.graph, node.id);
            build.frame = node.frame;
            build.title = places[place].service;
            build.kind = GraphNode::Kind::Build;
            insertBehind(drawn.graph, node.id, build);
            drawn.spots.insert(build.id, {node.id, place});
        }
    }
    return drawn;
}

Overlay overlayBuilds(const Overlay &overlay, const GraphWithBuilds &drawn,
                      const QList<BuildState> &states)
{
    Overlay all = overlay;
    for (auto spot = drawn.spots.cbegin(); spot != drawn.spots.cend(); ++spot) {
        NodeOverlay build = overlayOf(states.value(spot->place));
        const GraphNode *node = drawn.graph.node(spot->job);
        const NodeOverlay *job = overlay.of(spot->job);
        if (node && job) {
            if (!build.status)
                build.outlook = outlookAfter(*job, node->title);
            build.critical = job->critical && build.startedAt.isValid();
        }
        if (build.critical)
            all.criticalPath.insert(all.criticalPath.indexOf(spot->job) + 1, spot.key());
        all.nodes.insert(spot.key(), build);
    }
    return all;
}

} // namespace pilothouse

#include "pipeline/layout.h"

namespace pilothouse {

GraphLayout layoutGraph(const Graph &graph, const std::function<QSizeF(const GraphNode &)> &sizeOf,
                        const LayoutSettings &settings)
{
    LayoutInput input;
    QHash<FrameId, int> frames;
    for (const GraphFrame &frame : graph.frames) {
        frames.insert(frame.id, int(input.frames.size()));
        input.frames.append(frames.value(frame.parent, -1));
    }
    QHash<NodeId, int> nodes;
    for (const GraphNode &node : graph.nodes) {
        nodes.insert(node.id, int(input.nodes.size()));
        input.nodes.append({sizeOf(node), frames.value(node.frame, -1)});
    }
    for (const GraphEdge &edge : graph.edges)
        input.edges.append({nodes.value(edge.from), nodes.value(edge.to)});

    const LayoutResult result = layoutLayered(input, settings);
    GraphLayout layout;
    for (qsizetype i = 0; i < graph.nodes.size(); ++i)
        layout.nodes.insert(graph.nodes[i].id, result.nodes[i]);
    for (qsizetype i = 0; i < graph.frames.size(); ++i)
        layout.frames.insert(graph.frames[i].id, result.frames[i]);
    layout.edges = result.edges;
    layout.size = result.size;
    return layout;
}

} // namespace pilothouse

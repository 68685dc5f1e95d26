#include "pipeline/graph.h"

#include <algorithm>

namespace pilothouse {

int GraphNode::legCount() const
{
    switch (job.matrix.kind) {
    case Matrix::Kind::None:
        return 1;
    case Matrix::Kind::Known:
        return int(job.matrix.legs.size());
    case Matrix::Kind::Dynamic:
        break;
    }
    return 0;
}

const GraphNode *Graph::node(const NodeId &id) const
{
    const auto found = std::find_if(nodes.begin(), nodes.end(),
                                    [&](const GraphNode &node) { return node.id == id; });
    return found == nodes.end() ? nullptr : &*found;
}

const GraphFrame *Graph::frame(const FrameId &id) const
{
    const auto found = std::find_if(frames.begin(), frames.end(),
                                    [&](const GraphFrame &frame) { return frame.id == id; });
    return found == frames.end() ? nullptr : &*found;
}

} // namespace pilothouse

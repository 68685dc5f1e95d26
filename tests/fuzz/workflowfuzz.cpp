#include "fuzz/failed.h"
#include "pipeline/folding/folding.h"
#include "pipeline/layout.h"
#include "pipeline/workflow.h"

using namespace pilothouse;

/// Whatever stands in a workflow file: it is read, joined to a graph, folded and laid out, and what
/// those promise holds.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const Workflow workflow = parseWorkflow({QStringLiteral(".github/workflows/fuzz.yml"), bytes});
    const Graph graph = buildGraph({workflow});
    for (const GraphEdge &edge : graph.edges) {
        if (!graph.node(edge.from) || !graph.node(edge.to))
            failed("both ends of an edge are nodes", edge.from.value + edge.to.value);
    }
    const GraphLayout layout
        = layoutGraph(graph, [](const GraphNode &) { return QSizeF(160, 48); });
    if (layout.nodes.size() != graph.nodes.size() || layout.edges.size() != graph.edges.size())
        failed("every node and every edge is laid out");
    if (foldGraph(graph, {}).graph.nodes.size() != graph.nodes.size())
        failed("with nothing folded every node is there");
    return 0;
}

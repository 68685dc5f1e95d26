#include "pipeline/folding/folding.h"
#include "pipeline/layout.h"
#include "pipeline/workflow.h"

#include <cstdlib>

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
            std::abort();
    }
    const GraphLayout layout
        = layoutGraph(graph, [](const GraphNode &) { return QSizeF(160, 48); });
    if (layout.nodes.size() != graph.nodes.size() || layout.edges.size() != graph.edges.size())
        std::abort();
    if (foldGraph(graph, {}).graph.nodes.size() != graph.nodes.size())
        std::abort();
    return 0;
}

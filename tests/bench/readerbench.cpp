#include "bench/measure.h"
#include "pipeline/graph.h"
#include "pipeline/layout.h"
#include "pipeline/workflow.h"

#include <QCoreApplication>

#include <yaml-cpp/yaml.h>

using namespace pilothouse;

namespace {

/// Jobs in rows of eight; each needs up to three of the row before.
QByteArray workflowOf(int jobs)
{
    constexpr int perRow = 8;
    QByteArray text = "name: CI\non: push\njobs:\n";
    for (int i = 0; i < jobs; ++i) {
        text += "  job" + QByteArray::number(i) + ":\n    runs-on: ubuntu-latest\n";
        const int row = i / perRow;
        if (row > 0) {
            text += "    needs: [";
            for (int k = 0; k < 3; ++k) {
                const int need = (row - 1) * perRow + (i * (k + 1)) % perRow;
                text += (k > 0 ? ", job" : "job") + QByteArray::number(need);
            }
            text += "]\n";
        }
        text += "    steps:\n      - uses: actions/checkout@v4\n      - run: make test\n";
    }
    return text;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const int jobs = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 200;
    SourceFile file;
    file.path = QStringLiteral(".github/workflows/ci.yml");
    file.content = workflowOf(jobs);
    const QJsonObject amount{{QStringLiteral("jobs"), jobs},
                             {QStringLiteral("bytes"), qint64(file.content.size())}};
    const std::string plain = file.content.toStdString();
    const auto yaml = [&] {
        (void)YAML::Load(plain);
    };

    Workflow workflow;
    bench::print("reader", "read a workflow file", "yaml-cpp alone", amount,
                 bench::measure(
                     7, [&] { workflow = parseWorkflow(file); }, yaml));
    Graph graph;
    GraphLayout layout;
    const auto draw = [&] {
        graph = buildGraph({workflow});
        layout = layoutGraph(graph, [](const GraphNode &) { return QSizeF(180, 44); });
    };
    bench::print("reader", "build and lay out its graph", "yaml-cpp on its file", amount,
                 bench::measure(7, draw, yaml));
    return layout.nodes.size() == jobs ? 0 : 1;
}

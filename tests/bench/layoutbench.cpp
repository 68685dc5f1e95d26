#include "bench/measure.h"
#include "pipeline/layered/drawncrossings.h"
#include "pipeline/layered/graphfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryFile>

#include <optional>

using namespace pilothouse;

// `layout FILE.json …`: one line for each graph, and its picture into the folder where the bench
// was started. The anchor is Graphviz's dot, where it is installed, reading, laying out and writing
// the same graph. Since its start takes longer than a small graph does, it gets such a graph many
// times over in one file, and the time of an almost empty file is taken off.

namespace {

constexpr int rounds = 5;

QByteArray dotGraphOf(const GraphFile &graph)
{
    constexpr double unitsPerInch = 72;
    const LayoutSettings settings;
    const auto inches = [](double units) {
        return QByteArray::number(units / unitsPerInch, 'f', 4);
    };
    QByteArray text = "digraph g {\ngraph [nodesep=" + inches(settings.nodeGap)
                      + ", ranksep=" + inches(settings.rankGap)
                      + "];\nnode [shape=box, fixedsize=true, label=\"\"];\n";
    for (qsizetype i = 0; i < graph.ids.size(); ++i) {
        const QSizeF size = graph.input.nodes[i].size;
        text += QByteArray::number(graph.ids[i]) + " [width=" + inches(size.height())
                + ", height=" + inches(size.width()) + "];\n";
    }
    for (const auto &[from, to] : graph.input.edges)
        text += QByteArray::number(graph.ids[from]) + " -> " + QByteArray::number(graph.ids[to])
                + ";\n";
    return text + "}\n";
}

/// Runs dot once; nothing if it fails.
std::optional<double> dotMilliseconds(const QString &program, const QByteArray &graph)
{
    QTemporaryFile source;
    if (!source.open() || source.write(graph) != graph.size() || !source.flush())
        return {};
    QProcess dot;
    bool fine = true;
    const double seconds = bench::secondsOf([&] {
        dot.start(program, {QStringLiteral("-Tplain"), QStringLiteral("-o"), QProcess::nullDevice(),
                            source.fileName()});
        fine = dot.waitForFinished(-1) && dot.exitCode() == 0;
    });
    return fine ? std::optional(seconds * 1000) : std::nullopt;
}

int runOne(const QString &path, const QString &dot)
{
    QFile file(path);
    const QByteArray json = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    if (file.error() != QFileDevice::NoError) {
        std::fprintf(stderr, "%s cannot be read: %s\n", qPrintable(path),
                     qPrintable(file.errorString()));
        return 2;
    }
    const auto graph = readGraphFile(json);
    if (!graph) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(path), qPrintable(graph.error().message));
        return 2;
    }
    LayoutResult layout;
    std::vector<double> ours;
    std::vector<double> theirs;
    std::vector<double> empty;
    constexpr qsizetype enough = 2000; // nodes in one file
    const qsizetype copies = std::max<qsizetype>(1, enough / (graph->ids.size() + 1));
    const QByteArray dotGraph = dotGraphOf(*graph).repeated(copies);
    bool withDot = !dot.isEmpty();
    for (int round = 0; round < rounds; ++round) {
        ours.push_back(bench::secondsOf([&] { layout = layoutLayered(graph->input); }) * 1000);
        if (!withDot)
            continue;
        const auto whole = dotMilliseconds(dot, dotGraph);
        const auto start = dotMilliseconds(dot, "digraph g { 1; }\n");
        withDot = whole && start;
        if (withDot) {
            theirs.push_back(*whole);
            empty.push_back(*start);
        }
    }

    const double ms = bench::medianOf(ours);
    const QString lay = QDir::current().absoluteFilePath(QFileInfo(path).completeBaseName()
                                                         + QStringLiteral(".lay"));
    QFile picture(lay);
    const QByteArray text = drawingOf(*graph, layout) + "t " + QByteArray::number(ms) + '\n';
    if (!picture.open(QIODevice::WriteOnly) || picture.write(text) != text.size()) {
        std::fprintf(stderr, "%s cannot be written\n", qPrintable(lay));
        return 4;
    }
    QJsonObject line{
        {QStringLiteral("bench"), QStringLiteral("layout")},
        {QStringLiteral("graph"), QFileInfo(path).fileName()},
        {QStringLiteral("nodes"), graph->input.nodes.size()},
        {QStringLiteral("edges"), graph->input.edges.size()},
        {QStringLiteral("ms"), ms},
        {QStringLiteral("crossings"), drawnCrossings(layout.edges)},
        {QStringLiteral("lay"), lay},
    };
    if (withDot) {
        const double dotMs
            = std::max(0.0, bench::medianOf(theirs) - bench::medianOf(empty)) / double(copies);
        line.insert(QStringLiteral("dot_ms"), dotMs);
        if (dotMs > 0)
            line.insert(QStringLiteral("ratio"), ms / dotMs);
    }
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QStringList paths = app.arguments().mid(1);
    // "layout FILE.json" and "FILE.json" mean the same.
    if (!paths.isEmpty() && paths.first() == QLatin1String("layout"))
        paths.removeFirst();
    if (paths.isEmpty()) {
        std::fprintf(stderr, "Usage: bench_layout FILE.json …\n");
        return 2;
    }
    const QString dot = QStandardPaths::findExecutable(QStringLiteral("dot"));
    int worst = 0;
    for (const QString &path : paths)
        worst = std::max(worst, runOne(path, dot));
    return worst;
}

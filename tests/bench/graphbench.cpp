#include "bench/measure.h"
#include "pipeline/workflow.h"
#include "ui/pipeline/graphview.h"

#include <QApplication>
#include <QPaintEvent>

using namespace pilothouse;

namespace {

constexpr int changesPerSecond = 200;
constexpr int framesPerSecond = 60;
constexpr int perRow = 25;
constexpr int rounds = 5;

/// Jobs in rows; each needs one or two of the row before.
Graph graphOf(int jobs)
{
    QByteArray text = "on: push\njobs:\n";
    for (int i = 0; i < jobs; ++i) {
        text += "  job" + QByteArray::number(i) + ":\n    runs-on: x\n    steps: [{run: a}]\n";
        if (i >= perRow)
            text += "    needs: [job" + QByteArray::number(i - perRow) + ", job"
                    + QByteArray::number(i / perRow * perRow - 1 - (i * 7) % perRow) + "]\n";
    }
    return buildGraph({parseWorkflow({QStringLiteral(".github/workflows/ci.yml"), text})});
}

/// The next state of a job, as a run goes through them.
void advance(NodeOverlay &node, const QDateTime &now)
{
    if (!node.status) {
        node.status = RunStatus::Running;
        node.startedAt = now;
    } else if (*node.status == RunStatus::Running) {
        node.status = RunStatus::Succeeded;
        node.completedAt = now;
        node.ended = 1;
    } else {
        node = {};
    }
}

double quantile(std::vector<double> values, double part)
{
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, std::size_t(double(values.size()) * part))];
}

struct Frames
{
    std::vector<double> milliseconds;
    double median() const { return quantile(milliseconds, 0.5); }
    double p99() const { return quantile(milliseconds, 0.99); }
    double worst() const { return quantile(milliseconds, 1); }
};

/// Of the rounds the median; the worst of all is the worst.
struct Rounds
{
    std::vector<double> medians;
    std::vector<double> p99s;
    double worst = 0;

    void take(const Frames &frames)
    {
        medians.push_back(frames.median());
        p99s.push_back(frames.p99());
        worst = std::max(worst, frames.worst());
    }
};

/// What the GUI thread does for each frame: take the changes since the last, and paint.
template <typename Change>
Frames run(int seconds, const Change &change)
{
    Frames frames;
    for (int frame = 0; frame < seconds * framesPerSecond; ++frame) {
        frames.milliseconds.push_back(
            1000 * bench::secondsOf([&] {
                change(frame);
                QCoreApplication::processEvents(); // the update that the changes asked for
            }));
    }
    return frames;
}

} // namespace

// State changes of 200 nodes a second for 5 s on a graph that opens whole, unfolded.
int main(int argc, char **argv)
{
    const QApplication app(argc, argv);
    const int jobs = app.arguments().size() > 1 ? app.arguments().at(1).toInt() : 1000;
    constexpr int seconds = 5;
    const Graph graph = graphOf(jobs);
    GraphView view;
    view.resize(1600, 900);
    view.setGraph(graph);
    for (const GraphFrame &frame : graph.frames) {
        if (view.isFolded(frame.id))
            view.toggleFold(frame.id);
    }
    view.show();
    QCoreApplication::processEvents();

    Overlay overlay;
    for (const GraphNode &node : graph.nodes)
        overlay.nodes.insert(node.id, NodeOverlay());
    const QDateTime start = QDateTime::currentDateTimeUtc();
    int changed = 0;
    int shown = 0; // frames of both runs: time goes on
    const auto states = [&](int) {
        ++shown;
        const QDateTime now = start.addMSecs(shown * 1000 / framesPerSecond);
        for (; changed < shown * changesPerSecond / framesPerSecond; ++changed)
            advance(overlay.nodes[graph.nodes[(changed * 37) % jobs].id], now);
        view.setOverlay(overlay, now);
    };
    // As it opens: words, and times that tick. Then as far away as one can go: most nodes.
    Rounds opening;
    for (int round = 0; round < rounds; ++round)
        opening.take(run(seconds, states));
    while (view.transform().m11() > 0.31)
        view.zoomBy(1 / GraphView::zoomStep);
    QCoreApplication::processEvents();
    Rounds ours;
    for (int round = 0; round < rounds; ++round)
        ours.take(run(seconds, states));
    // Beside it what Qt itself needs to paint such a view anew, every frame.
    const Frames whole = run(1, [&](int) { view.viewport()->update(); });

    QJsonObject line{{QStringLiteral("bench"), QStringLiteral("graph")},
                     {QStringLiteral("nodes"), jobs},
                     {QStringLiteral("changes"), changed},
                     {QStringLiteral("opening_p99_ms"), bench::medianOf(opening.p99s)},
                     {QStringLiteral("opening_worst_ms"), opening.worst},
                     {QStringLiteral("median_ms"), bench::medianOf(ours.medians)},
                     {QStringLiteral("p99_ms"), bench::medianOf(ours.p99s)},
                     {QStringLiteral("worst_ms"), ours.worst},
                     {QStringLiteral("anchor"), QStringLiteral("the whole view painted anew")},
                     {QStringLiteral("anchor_median_ms"), whole.median()},
                     {QStringLiteral("ratio"), bench::medianOf(ours.medians) / whole.median()}};
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
    return 0;
}

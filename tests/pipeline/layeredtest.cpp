#include "pipeline/fixtures.h"
#include "pipeline/layout.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>

using namespace pilothouse;

namespace {

/// A seeded graph of layers with edges to the next layers, ids shuffled, in `frames` frames of
/// which every second stands in the one before.
LayoutInput randomInput(quint32 seed, int count, int frames)
{
    QRandomGenerator random(seed);
    LayoutInput input;
    for (int frame = 0; frame < frames; ++frame)
        input.frames.append(frame % 2 == 1 ? frame - 1 : -1);
    for (int node = 0; node < count; ++node)
        input.nodes.append(
            {QSizeF(60 + double(random.bounded(140)), 30 + double(random.bounded(40))),
             frames > 0 ? int(random.bounded(frames + 1)) - 1 : -1});
    const int edges = count * 3 / 2;
    for (int edge = 0; edge < edges && count > 1; ++edge) {
        const int from = int(random.bounded(count - 1));
        const int reach = std::min(count - 1 - from, 12);
        input.edges.append({from, from + 1 + int(random.bounded(reach))});
    }
    return input;
}

/// Whether the straight line from a to b has a point inside `rect`.
bool passesThrough(const QPointF &a, const QPointF &b, const QRectF &rect)
{
    double from = 0;
    double to = 1;
    const auto clip = [&](double start, double step, double low, double high) {
        if (step == 0)
            return start > low && start < high;
        double enter = (low - start) / step;
        double leave = (high - start) / step;
        if (enter > leave)
            std::swap(enter, leave);
        from = std::max(from, enter);
        to = std::min(to, leave);
        return from < to;
    };
    return clip(a.x(), b.x() - a.x(), rect.left(), rect.right())
           && clip(a.y(), b.y() - a.y(), rect.top(), rect.bottom());
}

/// The cubic that a view draws for a slanted piece: level at both ends.
QPointF onCurve(const QPointF &a, const QPointF &b, double t)
{
    const double middle = (a.x() + b.x()) / 2;
    const double u = 1 - t;
    return {u * u * u * a.x() + 3 * u * u * t * middle + 3 * u * t * t * middle + t * t * t * b.x(),
            u * u * u * a.y() + 3 * u * u * t * a.y() + 3 * u * t * t * b.y() + t * t * t * b.y()};
}

bool isInside(const LayoutInput &input, int frame, int outer)
{
    while (frame >= 0 && frame != outer)
        frame = input.frames[frame];
    return frame == outer;
}

} // namespace

class LayeredTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePromisesHold_data()
    {
        QTest::addColumn<LayoutInput>("input");
        const auto row = [](const char *name, const LayoutInput &input) {
            QTest::newRow(name) << input;
        };
        row("nothing", {});
        row("one node", randomInput(1, 1, 0));
        row("one node in one frame", {{{QSizeF(100, 40), 0}}, {}, {-1}});
        row("an empty frame beside a node", {{{QSizeF(100, 40), -1}}, {}, {-1}});
        row("nodes without edges", {randomInput(2, 7, 0).nodes, {}, {}});
        row("a pipeline", randomInput(3, 12, 0));
        row("a pipeline in frames", randomInput(4, 30, 4));
        row("many small frames", randomInput(5, 40, 15));
        row("a large graph", randomInput(6, 100, 0));
        row("a large graph in frames", randomInput(7, 100, 6));
        LayoutInput circle = randomInput(8, 12, 3);
        circle.edges.append({11, 0});
        circle.edges.append({7, 2});
        row("edges against the order", circle);
        LayoutInput itself = randomInput(9, 8, 2);
        itself.edges.append({3, 3});
        row("an edge from a node to itself", itself);
        LayoutInput twice = randomInput(10, 8, 2);
        twice.edges += twice.edges;
        row("every edge twice", twice);
        LayoutInput fan;
        for (int i = 0; i < 30; ++i)
            fan.nodes.append({QSizeF(100, 40), i == 0 ? -1 : 0});
        for (int i = 1; i < 30; ++i)
            fan.edges.append({0, i});
        fan.frames = {-1};
        row("one node before a frame of thirty", fan);
    }

    void thePromisesHold()
    {
        QFETCH(LayoutInput, input);
        const LayoutResult result = layoutLayered(input);
        QCOMPARE(result.nodes.size(), input.nodes.size());
        QCOMPARE(result.edges.size(), input.edges.size());
        QCOMPARE(result.frames.size(), input.frames.size());
        const QRectF all(QPointF(), result.size);
        const auto name = [](const char *what, qsizetype a, qsizetype b) {
            return QStringLiteral("%1: %2 and %3")
                .arg(QLatin1String(what))
                .arg(a)
                .arg(b)
                .toLatin1();
        };

        for (qsizetype i = 0; i < result.nodes.size(); ++i) {
            QCOMPARE(result.nodes[i].size(), input.nodes[i].size);
            QVERIFY(all.contains(result.nodes[i]));
            for (qsizetype j = 0; j < i; ++j)
                QVERIFY2(!result.nodes[i].intersects(result.nodes[j]), name("nodes", i, j));
            for (qsizetype frame = 0; frame < result.frames.size(); ++frame) {
                if (isInside(input, input.nodes[i].frame, int(frame)))
                    QVERIFY2(result.frames[frame].contains(result.nodes[i]), name("in", i, frame));
                else
                    QVERIFY2(!result.frames[frame].intersects(result.nodes[i]),
                             name("out", i, frame));
            }
        }
        for (qsizetype i = 0; i < result.frames.size(); ++i) {
            QVERIFY(all.contains(result.frames[i]));
            for (qsizetype j = 0; j < i; ++j) {
                if (isInside(input, int(i), int(j)))
                    QVERIFY2(result.frames[j].contains(result.frames[i]), name("frame in", i, j));
                else
                    QVERIFY2(!result.frames[i].intersects(result.frames[j]), name("frames", i, j));
            }
        }
    }

    void noEdgePassesThroughANode_data() { thePromisesHold_data(); }

    void noEdgePassesThroughANode()
    {
        QFETCH(LayoutInput, input);
        const LayoutResult result = layoutLayered(input);
        for (qsizetype edge = 0; edge < result.edges.size(); ++edge) {
            const EdgeCourse &course = result.edges[edge];
            const auto [from, to] = input.edges[edge];
            QVERIFY(course.size() >= 2);
            const QRectF source = result.nodes[from];
            const QRectF target = result.nodes[to];
            const bool forward = course.first().x() <= course.last().x();
            const double startX = forward || from == to ? source.right() : source.left();
            const double endX = forward || from == to ? target.left() : target.right();
            QCOMPARE(course.first().x(), startX);
            QVERIFY(course.first().y() > source.top() && course.first().y() < source.bottom());
            QCOMPARE(course.last().x(), endX);
            QVERIFY(course.last().y() > target.top() && course.last().y() < target.bottom());
            for (qsizetype piece = 1; piece < course.size(); ++piece) {
                const QPointF a = course[piece - 1];
                const QPointF b = course[piece];
                for (qsizetype node = 0; node < result.nodes.size(); ++node) {
                    // Nodes are made a little smaller: edges begin and end on their borders.
                    const QRectF inner = result.nodes[node].adjusted(0.5, 0.5, -0.5, -0.5);
                    const QRectF reach = QRectF(a, b).normalized().adjusted(-1, -1, 1, 1);
                    if (!inner.intersects(reach))
                        continue;
                    bool through = passesThrough(a, b, inner);
                    for (int step = 1; step < 8 && a.x() != b.x(); ++step)
                        through = through || inner.contains(onCurve(a, b, step / 8.0));
                    QVERIFY2(
                        !through,
                        qPrintable(
                            QStringLiteral("edge %1 → %2 through %3").arg(from).arg(to).arg(node)));
                }
            }
        }
    }

    void whatComesLaterStandsFurtherRight()
    {
        const LayoutInput input = randomInput(12, 80, 0);
        const LayoutResult result = layoutLayered(input);
        for (const auto &[from, to] : input.edges)
            QVERIFY(result.nodes[from].right() < result.nodes[to].left());
    }

    void aChainIsStraight()
    {
        LayoutInput input;
        for (int i = 0; i < 6; ++i)
            input.nodes.append({QSizeF(100, i % 2 == 0 ? 40 : 60), -1});
        input.edges = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}};
        const LayoutResult result = layoutLayered(input);
        for (const QRectF &node : result.nodes)
            QCOMPARE(node.center().y(), result.nodes[0].center().y());
    }

    void aLongEdgeIsStraightOnItsWay()
    {
        LayoutInput input;
        for (int i = 0; i < 6; ++i)
            input.nodes.append({QSizeF(100, 40), -1});
        input.edges = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {0, 5}};
        const EdgeCourse course = layoutLayered(input).edges.last();
        QSet<double> heights;
        for (const QPointF &point : course)
            heights.insert(point.y());
        QVERIFY2(heights.size() <= 3, qPrintable(QString::number(heights.size())));
    }

    void aFanIsCentred()
    {
        LayoutInput input;
        for (int i = 0; i < 5; ++i)
            input.nodes.append({QSizeF(100, 40), -1});
        input.edges = {{0, 1}, {0, 2}, {0, 3}, {1, 4}, {2, 4}, {3, 4}};
        const LayoutResult result = layoutLayered(input);
        QList<double> middle{result.nodes[1].center().y(), result.nodes[2].center().y(),
                             result.nodes[3].center().y()};
        std::sort(middle.begin(), middle.end());
        QCOMPARE(result.nodes[0].center().y(), middle[1]);
        QCOMPARE(result.nodes[4].center().y(), middle[1]);
    }

    void noEdgesCrossWhereNoneMust()
    {
        // Two trees whose nodes are named in the worst order.
        LayoutInput input;
        for (int i = 0; i < 14; ++i)
            input.nodes.append({QSizeF(100, 40), -1});
        for (int leaf = 0; leaf < 6; ++leaf) {
            input.edges.append({12, leaf * 2});
            input.edges.append({13, leaf * 2 + 1});
        }
        const LayoutResult result = layoutLayered(input);
        for (qsizetype i = 0; i < input.edges.size(); ++i) {
            for (qsizetype j = 0; j < i; ++j) {
                const double sources = result.nodes[input.edges[i].first].y()
                                       - result.nodes[input.edges[j].first].y();
                const double targets = result.nodes[input.edges[i].second].y()
                                       - result.nodes[input.edges[j].second].y();
                QVERIFY(sources * targets >= 0);
            }
        }
    }

    void theDeliveryReadsFromLeftToRight()
    {
        const Graph graph = buildGraph(deliveryWorkflows());
        const GraphLayout layout
            = layoutGraph(graph, [](const GraphNode &) { return QSizeF(160, 44); });
        const auto frame = [&](const char *file) {
            return layout.frames.value(FrameId(nodeId(QLatin1String(file)).value));
        };
        QVERIFY(frame("ci.yml").right() < frame("deploy-standalone.yml").left());
        QVERIFY(frame("ci.yml").right() < frame("deploy-coditect.yml").left());
        QVERIFY(!frame("deploy-standalone.yml").intersects(frame("deploy-coditect.yml")));
        QCOMPARE(layout.nodes.size(), graph.nodes.size());
        QCOMPARE(layout.edges.size(), graph.edges.size());
        QVERIFY2(layout.size.width() < 1800 && layout.size.height() < 700,
                 qPrintable(
                     QStringLiteral("%1 x %2").arg(layout.size.width()).arg(layout.size.height())));
    }

    void aCalledWorkflowStandsInItsCaller()
    {
        const Graph graph = buildGraph({fixture(QStringLiteral("release.yml")),
                                        fixture(QStringLiteral("checks.yml")),
                                        fixture(QStringLiteral("region.yml"))});
        const GraphLayout layout
            = layoutGraph(graph, [](const GraphNode &) { return QSizeF(160, 44); });
        const QRectF release = layout.frames.value(graph.frames[0].id);
        const QRectF checks = layout.frames.value(graph.frames[1].id);
        QVERIFY(release.contains(checks));
        QVERIFY(
            checks.contains(layout.nodes.value(nodeId(QStringLiteral("release.yml#checks/slow")))));
        QVERIFY(
            !checks.intersects(layout.nodes.value(nodeId(QStringLiteral("release.yml#prepare")))));
    }
};

QTEST_GUILESS_MAIN(LayeredTest)
#include "layeredtest.moc"

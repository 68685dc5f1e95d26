#include "pipeline/fixtures.h"
#include "pipeline/layered/drawncrossings.h"
#include "pipeline/layered/level.h"
#include "pipeline/layout.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <limits>
#include <numeric>

using namespace pilothouse;

namespace {

/// Nodes in layers, each with a predecessor in the layer before, and half as many edges again that
/// go one to four layers on, most of them near by. Numbers are given by chance.
struct Planted
{
    LayoutInput input;
    qint64 crossings = 0; ///< if each layer were drawn in the order it was made in
};

Planted planted(quint32 seed, int count, int layers, int frames)
{
    QRandomGenerator random(seed);
    Planted graph;
    for (int frame = 0; frame < frames; ++frame)
        graph.input.frames.append(frame % 3 == 1 ? frame - 1 : -1);
    std::vector<int> number(size_t(count), 0);
    std::iota(number.begin(), number.end(), 0);
    for (size_t left = number.size(); left > 1; --left)
        std::swap(number[left - 1], number[random.bounded(quint32(left))]);

    const int width = count / layers;
    const auto nodeAt = [&](int layer, double place) {
        return layer * width + std::clamp(int(place * width), 0, width - 1);
    };
    const auto near = [&](int node, int layer, double reach) {
        const double place = (node % width + 0.5) / width;
        return nodeAt(layer, place + reach * (random.generateDouble() - 0.5));
    };
    std::vector<std::pair<int, int>> edges;
    for (int node = width; node < layers * width; ++node)
        edges.emplace_back(near(node, node / width - 1, 0.2), node);
    for (int extra = 0; extra < count / 2; ++extra) {
        const int from = int(random.bounded(quint32((layers - 1) * width)));
        const int further = random.bounded(5U) == 0 ? 1 + int(random.bounded(4U)) : 1;
        if (const int layer = from / width + further; layer < layers)
            edges.emplace_back(from, near(from, layer, 0.3));
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());

    QList<EdgeCourse> asMade;
    for (const auto &[from, to] : edges) {
        graph.input.edges.append({number[size_t(from)], number[size_t(to)]});
        EdgeCourse course;
        const int first = from / width;
        const int last = to / width;
        for (int layer = first; layer <= last; ++layer) {
            const double part = double(layer - first) / double(last - first);
            course.append({double(layer), from % width * (1 - part) + to % width * part});
        }
        asMade.append(course);
    }
    graph.crossings = drawnCrossings(asMade);
    for (int node = 0; node < count; ++node)
        graph.input.nodes.append(
            {QSizeF(80 + double(random.bounded(100U)), 40 + double(random.bounded(20U))),
             frames > 0 ? int(random.bounded(quint32(frames + 1))) - 1 : -1});
    return graph;
}

bool haveACommonEnd(const std::pair<int, int> &a, const std::pair<int, int> &b)
{
    return a.first == b.first || a.first == b.second || a.second == b.first || a.second == b.second;
}

/// Whether two pieces lie on one line and have more than a point of it in common.
bool runTogether(const QPointF &a, const QPointF &b, const QPointF &c, const QPointF &d)
{
    const QPointF along = b - a;
    const auto off = [&](const QPointF &point) {
        return along.x() * (point.y() - a.y()) - along.y() * (point.x() - a.x());
    };
    if (std::abs(off(c)) > 1e-6 || std::abs(off(d)) > 1e-6)
        return false;
    const auto place = [&](const QPointF &point) {
        return QPointF::dotProduct(point - a, along) / QPointF::dotProduct(along, along);
    };
    const double low = std::min(place(c), place(d));
    const double high = std::max(place(c), place(d));
    return std::min(1.0, high) - std::max(0.0, low) > 1e-6;
}

/// What holds all of these points; edges of it may be straight.
struct Box
{
    explicit Box(const EdgeCourse &points)
    {
        for (const QPointF &point : points) {
            left = std::min(left, point.x());
            right = std::max(right, point.x());
            top = std::min(top, point.y());
            bottom = std::max(bottom, point.y());
        }
    }

    [[nodiscard]] bool touches(const Box &other) const
    {
        return left <= other.right && other.left <= right && top <= other.bottom
               && other.top <= bottom;
    }

    double left = std::numeric_limits<double>::max();
    double right = std::numeric_limits<double>::lowest();
    double top = std::numeric_limits<double>::max();
    double bottom = std::numeric_limits<double>::lowest();
};

/// The first pair of edges without a common end that share a bend or a run; empty = none.
QString shared(const LayoutInput &input, const QList<EdgeCourse> &courses)
{
    const std::vector<Box> boxes(courses.begin(), courses.end());
    for (qsizetype i = 0; i < courses.size(); ++i) {
        for (qsizetype j = 0; j < i; ++j) {
            if (!boxes[size_t(i)].touches(boxes[size_t(j)])
                || haveACommonEnd(input.edges[i], input.edges[j]))
                continue;
            const QString pair = QStringLiteral("edges %1 and %2").arg(i).arg(j);
            for (const QPointF &point : courses[i]) {
                if (courses[j].contains(point))
                    return pair + QStringLiteral(" share a bend");
            }
            for (qsizetype a = 1; a < courses[i].size(); ++a) {
                for (qsizetype b = 1; b < courses[j].size(); ++b) {
                    if (runTogether(courses[i][a - 1], courses[i][a], courses[j][b - 1],
                                    courses[j][b]))
                        return pair + QStringLiteral(" share a run");
                }
            }
        }
    }
    return {};
}

/// The first edge with a piece inside a node, looked at point by point; empty = none.
QString through(const LayoutInput &input, const LayoutResult &layout)
{
    std::vector<Box> boxes;
    for (const QRectF &node : layout.nodes)
        boxes.emplace_back(EdgeCourse{node.topLeft(), node.bottomRight()});
    for (qsizetype edge = 0; edge < layout.edges.size(); ++edge) {
        const EdgeCourse &course = layout.edges[edge];
        for (qsizetype piece = 1; piece < course.size(); ++piece) {
            const Box around({course[piece - 1], course[piece]});
            for (qsizetype node = 0; node < layout.nodes.size(); ++node) {
                if (!around.touches(boxes[size_t(node)]))
                    continue;
                constexpr int steps = 40;
                for (int step = 0; step <= steps; ++step) {
                    const QPointF point
                        = course[piece - 1]
                          + (course[piece] - course[piece - 1]) * step / double(steps);
                    if (layout.nodes[node].adjusted(0.5, 0.5, -0.5, -0.5).contains(point))
                        return QStringLiteral("edge %1 → %2 through %3")
                            .arg(input.edges[edge].first)
                            .arg(input.edges[edge].second)
                            .arg(node);
                }
            }
        }
    }
    return {};
}

QList<EdgeCourse> cross()
{
    return {{{0, 0}, {10, 10}}, {{0, 10}, {10, 0}}};
}

} // namespace

/// What a drawing promises, over many graphs made by chance.
class DrawingTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void twoLinesThatCrossAreOneCrossing() { QCOMPARE(drawnCrossings(cross()), 1); }

    void linesThatOnlyTouchDoNotCross()
    {
        QCOMPARE(drawnCrossings({{{0, 0}, {10, 0}}, {{5, 0}, {5, 10}}}), 0);
        QCOMPARE(drawnCrossings({{{0, 0}, {10, 10}}, {{0, 0}, {10, 0}}}), 0);
        QCOMPARE(drawnCrossings({{{0, 0}, {10, 0}}, {{5, 0}, {15, 0}}}), 0);
        QCOMPARE(drawnCrossings({{{0, 0}, {10, 0}}, {{0, 5}, {10, 5}}}), 0);
    }

    void anEdgeDoesNotCrossItself()
    {
        QCOMPARE(drawnCrossings({{{0, 0}, {10, 10}, {10, 0}, {0, 10}}}), 0);
    }

    void theDirectionOfALineDoesNotMatter()
    {
        QList<EdgeCourse> edges = cross();
        std::reverse(edges[0].begin(), edges[0].end());
        QCOMPARE(drawnCrossings(edges), 1);
        std::swap(edges[0], edges[1]);
        QCOMPARE(drawnCrossings(edges), 1);
    }

    void everyPieceOfABentLineCounts()
    {
        const EdgeCourse zigzag{{0, 0}, {10, 10}, {20, 0}, {30, 10}};
        QCOMPARE(drawnCrossings({zigzag, {{0, 5}, {30, 5}}}), 3);
    }

    void theCountedCrossingsAreTheDrawnOnes_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("layers");
        QTest::newRow("a pipeline") << 12 << 4;
        QTest::newRow("many jobs") << 120 << 8;
        QTest::newRow("deep") << 200 << 40;
        QTest::newRow("wide") << 150 << 3;
    }

    void theCountedCrossingsAreTheDrawnOnes()
    {
        QFETCH(int, count);
        QFETCH(int, layers);
        for (quint32 seed = 1; seed <= 2; ++seed) {
            const LayoutInput input = planted(seed, count, layers, 0).input;
            std::vector<LevelItem> items;
            for (const LayoutInput::Node &node : input.nodes)
                items.push_back({LevelItem::Role::Node, node.size});
            std::vector<LevelEdge> edges;
            for (const auto &[from, to] : input.edges)
                edges.push_back({from, to, input.nodes[from].size.height() / 2,
                                 input.nodes[to].size.height() / 2});
            Ranked ranked = rankItems(items, edges);
            orderRanks(ranked);
            const std::vector<EdgeCourse> courses = layoutLevel(items, edges, {}).courses;
            QCOMPARE(drawnCrossings({courses.begin(), courses.end()}), crossings(ranked));
        }
    }

    void theOrderingCrossesFarLessThanTheOrderTheGraphWasMadeIn()
    {
        for (quint32 seed = 1; seed <= 4; ++seed) {
            const Planted graph = planted(seed, 400, 20, 0);
            const qint64 drawn = drawnCrossings(layoutLayered(graph.input).edges);
            QVERIFY2(drawn * 10 < graph.crossings * 7,
                     qPrintable(QStringLiteral("%1 of %2 in seed %3")
                                    .arg(drawn)
                                    .arg(graph.crossings)
                                    .arg(seed)));
        }
    }

    void aGraphThatNeedsNoCrossingHasNone()
    {
        for (quint32 seed = 1; seed <= 10; ++seed) {
            QRandomGenerator random(seed);
            LayoutInput tree;
            for (int node = 0; node < 60; ++node) {
                tree.nodes.append({QSizeF(100, 40), -1});
                if (node > 0)
                    tree.edges.append({int(random.bounded(quint32(node))), node});
            }
            std::shuffle(tree.edges.begin(), tree.edges.end(), random);
            QCOMPARE(drawnCrossings(layoutLayered(tree).edges), 0);
        }
    }

    void edgesWithoutACommonEndShareNeitherBendNorRun_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("frames");
        QTest::newRow("a pipeline") << 12 << 4 << 0;
        QTest::newRow("many jobs") << 80 << 8 << 0;
        QTest::newRow("in frames") << 40 << 5 << 4;
        QTest::newRow("in many frames") << 60 << 6 << 12;
    }

    void edgesWithoutACommonEndShareNeitherBendNorRun()
    {
        QFETCH(int, count);
        QFETCH(int, layers);
        QFETCH(int, frames);
        for (quint32 seed = 1; seed <= 3; ++seed) {
            const LayoutInput input = planted(seed, count, layers, frames).input;
            const QString found = shared(input, layoutLayered(input).edges);
            QVERIFY2(found.isEmpty(),
                     qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(found)));
        }
    }

    void evenEdgesOfOneNodeMeetItApart()
    {
        for (quint32 seed = 1; seed <= 3; ++seed) {
            LayoutInput input = planted(seed, 100, 10, 0).input;
            input.edges.append(input.edges.first()); // an edge that is there twice
            QSet<std::pair<double, double>> points;
            for (const EdgeCourse &course : layoutLayered(input).edges) {
                for (const QPointF &point : course) {
                    const std::pair<double, double> place(point.x(), point.y());
                    QVERIFY(!points.contains(place));
                    points.insert(place);
                }
            }
        }
    }

    void edgesLeaveANodeInTheOrderOfWhereTheyGo()
    {
        LayoutInput fan;
        for (int i = 0; i < 8; ++i)
            fan.nodes.append({QSizeF(100, 40), -1});
        fan.edges = {{0, 7}, {0, 3}, {0, 5}, {0, 1}, {0, 6}, {0, 2}, {0, 4}};
        const LayoutResult layout = layoutLayered(fan);
        for (const EdgeCourse &a : layout.edges) {
            QVERIFY(a.first().y() > layout.nodes[0].top());
            QVERIFY(a.first().y() < layout.nodes[0].bottom());
            for (const EdgeCourse &b : layout.edges)
                QCOMPARE(a.first().y() < b.first().y(), a.last().y() < b.last().y());
        }
    }

    void noEdgePassesThroughANode_data() { edgesWithoutACommonEndShareNeitherBendNorRun_data(); }

    void noEdgePassesThroughANode()
    {
        QFETCH(int, count);
        QFETCH(int, layers);
        QFETCH(int, frames);
        for (quint32 seed = 1; seed <= 3; ++seed) {
            const LayoutInput input = planted(seed, count, layers, frames).input;
            const QString found = through(input, layoutLayered(input));
            QVERIFY2(found.isEmpty(),
                     qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(found)));
        }
    }

    void aLargeGraphKeepsBothPromises_data()
    {
        QTest::addColumn<quint32>("seed");
        QTest::newRow("one") << 11U;
        QTest::newRow("another") << 12U;
    }

    void aLargeGraphKeepsBothPromises()
    {
        QFETCH(quint32, seed);
        const LayoutInput input = planted(seed, 1000, 25, 0).input;
        QVERIFY(input.edges.size() > 1300);
        const LayoutResult layout = layoutLayered(input);
        QCOMPARE(layout.nodes.size(), 1000);
        QCOMPARE(through(input, layout), QString());
        QCOMPARE(shared(input, layout.edges), QString());
    }

    void framesHoldTheirNodesAndNoOthers_data()
    {
        edgesWithoutACommonEndShareNeitherBendNorRun_data();
    }

    void framesHoldTheirNodesAndNoOthers()
    {
        QFETCH(int, count);
        QFETCH(int, layers);
        QFETCH(int, frames);
        for (quint32 seed = 1; seed <= 3; ++seed) {
            const LayoutInput input = planted(seed, count, layers, frames).input;
            const LayoutResult layout = layoutLayered(input);
            for (qsizetype node = 0; node < input.nodes.size(); ++node) {
                QSet<int> around;
                for (int at = input.nodes[node].frame; at >= 0; at = input.frames[at])
                    around.insert(at);
                for (int frame = 0; frame < frames; ++frame) {
                    if (around.contains(frame))
                        QVERIFY(layout.frames[frame].contains(layout.nodes[node]));
                    else
                        QVERIFY(!layout.frames[frame].intersects(layout.nodes[node]));
                }
                for (qsizetype other = 0; other < node; ++other)
                    QVERIFY(!layout.nodes[node].intersects(layout.nodes[other]));
            }
        }
    }

    void theSameGraphGivesTheSamePicture()
    {
        const LayoutInput input = planted(3, 300, 15, 3).input;
        const LayoutResult first = layoutLayered(input);
        const LayoutResult again = layoutLayered(input);
        QCOMPARE(again.nodes, first.nodes);
        QCOMPARE(again.edges, first.edges);
        QCOMPARE(again.frames, first.frames);
    }

    void onlyIdsEdgesAndSizesDecideAPipelinesPicture()
    {
        // What a run tells of a job (state, times, legs) is no part of the graph; what the file
        // says beyond `needs` is, and moves nothing as long as the sizes stay.
        Graph graph = buildGraph(deliveryWorkflows());
        const auto sizeOf = [](const GraphNode &) {
            return QSizeF(160, 44);
        };
        const GraphLayout before = layoutGraph(graph, sizeOf);
        for (GraphNode &node : graph.nodes) {
            node.title = QStringLiteral("another title");
            node.job.environment.name.text = QStringLiteral("production");
        }
        const GraphLayout after = layoutGraph(graph, sizeOf);
        QCOMPARE(after.nodes, before.nodes);
        QCOMPARE(after.edges, before.edges);
        QCOMPARE(after.frames, before.frames);
    }

    void aDenseGraphEndsToo()
    {
        LayoutInput input;
        constexpr int half = 40;
        for (int i = 0; i < half * 2; ++i)
            input.nodes.append({QSizeF(100, 40), -1});
        for (int from = 0; from < half; ++from) {
            for (int to = half; to < half * 2; ++to)
                input.edges.append({from, to});
        }
        const LayoutResult layout = layoutLayered(input);
        // Between two full sets every order crosses equally often.
        const qint64 pairs = qint64(half) * (half - 1) / 2;
        QCOMPARE(layout.nodes.size(), half * 2);
        std::vector<LevelItem> items(size_t(half) * 2, {LevelItem::Role::Node, QSizeF(100, 40)});
        std::vector<LevelEdge> edges;
        for (const auto &[from, to] : input.edges)
            edges.push_back({from, to, 20, 20});
        Ranked ranked = rankItems(items, edges);
        orderRanks(ranked);
        QCOMPARE(crossings(ranked), pairs * pairs);
    }
};

QTEST_GUILESS_MAIN(DrawingTest)
#include "drawingtest.moc"

#include "pipeline/layered/order.h"
#include "pipeline/layered/spread.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <limits>

using namespace pilothouse;

namespace {

constexpr double nodeHeight = 40;

/// Nodes of one height in one container; edges by index, from a lower one to a higher one.
Ranked rankedOf(int count, const std::vector<std::pair<int, int>> &pairs)
{
    const std::vector<LevelItem> items(size_t(count),
                                       {LevelItem::Role::Node, QSizeF(100, nodeHeight)});
    std::vector<LevelEdge> edges;
    for (const auto &[from, to] : pairs)
        edges.push_back({from, to, nodeHeight / 2, nodeHeight / 2});
    return rankItems(items, edges);
}

Ranked randomRanked(quint32 seed, int count, int edgeCount)
{
    QRandomGenerator random(seed);
    std::vector<std::pair<int, int>> pairs;
    for (int i = 0; i < edgeCount; ++i) {
        const int from = int(random.bounded(quint32(count - 1)));
        const int reach = std::min(count - 1 - from, 20);
        pairs.emplace_back(from, from + 1 + int(random.bounded(quint32(reach))));
    }
    return rankedOf(count, pairs);
}

/// Pair by pair, as the definition says.
qint64 countedOneByOne(const Ranked &ranked, const RankOrder::Ranks &ranks)
{
    std::vector<double> place(ranked.vertices.size());
    for (const std::vector<int> &rank : ranks) {
        for (size_t i = 0; i < rank.size(); ++i)
            place[size_t(rank[i])] = double(i) * 1000;
    }
    const auto from = [&](const Piece &piece) {
        return place[size_t(piece.from)] + piece.fromOffset;
    };
    const auto to = [&](const Piece &piece) {
        return place[size_t(piece.to)] + piece.toOffset;
    };
    qint64 count = 0;
    for (const Piece &a : ranked.pieces) {
        for (const Piece &b : ranked.pieces) {
            if (ranked.vertices[size_t(a.from)].rank == ranked.vertices[size_t(b.from)].rank
                && from(a) < from(b) && to(a) > to(b))
                ++count;
        }
    }
    return count;
}

bool holdTheSame(const RankOrder::Ranks &a, const RankOrder::Ranks &b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](std::vector<int> left, std::vector<int> right) {
                          std::sort(left.begin(), left.end());
                          std::sort(right.begin(), right.end());
                          return left == right;
                      });
}

constexpr qint64 noLimit = std::numeric_limits<qint64>::max();

double distance(const Vertex &, const Vertex &)
{
    return 16;
}

} // namespace

/// The steps of the layout one by one.
class RankOrderTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLongEdgeIsCutIntoAPieceForEachGap()
    {
        const Ranked ranked = rankedOf(4, {{0, 1}, {1, 2}, {2, 3}, {0, 3}});
        QCOMPARE(ranked.ranks.size(), size_t(4));
        QCOMPARE(ranked.chains[3].size(), size_t(3));
        QCOMPARE(ranked.vertices.size(), size_t(6));
        QVERIFY(ranked.vertices[4].passing);
        QVERIFY(ranked.vertices[5].passing);
    }

    void crossingsAreCountedAsTheyAreDefined()
    {
        for (quint32 seed = 1; seed <= 20; ++seed) {
            const Ranked ranked = randomRanked(seed, 50, 90);
            const RankOrder order(ranked);
            QCOMPARE(order.count(), countedOneByOne(ranked, order.ranks()));
        }
    }

    void piecesAtDifferentHeightsOfOneItemCross()
    {
        // Two edges from one frame, from its top to below and from its bottom to above.
        const std::vector<LevelItem> items{{LevelItem::Role::Frame, QSizeF(100, 200)},
                                           {LevelItem::Role::Node, QSizeF(100, nodeHeight)},
                                           {LevelItem::Role::Node, QSizeF(100, nodeHeight)}};
        Ranked ranked = rankItems(items, {{0, 1, 150, 20}, {0, 2, 50, 20}});
        QCOMPARE(crossings(ranked), 1);
        orderRanks(ranked);
        QCOMPARE(crossings(ranked), 0);
        QCOMPARE(ranked.ranks[1], (std::vector<int>{2, 1}));
    }

    void siftingTellsHowManyCrossingsWent()
    {
        for (quint32 seed = 1; seed <= 10; ++seed) {
            const Ranked ranked = randomRanked(seed, 60, 120);
            RankOrder order(ranked);
            for (const RankOrder::Tie tie : {RankOrder::Tie::Stays, RankOrder::Tie::Moves}) {
                const qint64 before = order.count();
                const qint64 gone = order.sift(tie, noLimit);
                QVERIFY(gone >= 0);
                QCOMPARE(order.count(), before - gone);
                QCOMPARE(order.count(), countedOneByOne(ranked, order.ranks()));
            }
            QVERIFY(holdTheSame(order.ranks(), ranked.ranks));
        }
    }

    void siftingANodeWithManyEdgesTellsTheSame()
    {
        std::vector<std::pair<int, int>> pairs;
        for (int i = 2; i < 40; ++i)
            pairs.emplace_back(i % 3 == 0 ? 0 : 1, i);
        const Ranked ranked = rankedOf(40, pairs);
        RankOrder order(ranked);
        const qint64 before = order.count();
        QVERIFY(before > 0);
        QCOMPARE(order.sift(RankOrder::Tie::Stays, noLimit), before);
        QCOMPARE(order.count(), 0);
    }

    void siftingEndsAtItsLimit()
    {
        RankOrder order(randomRanked(1, 60, 120));
        const RankOrder::Ranks before = order.ranks();
        QCOMPARE(order.sift(RankOrder::Tie::Moves, order.work()), 0);
        QCOMPARE(order.ranks(), before);
    }

    void sweepsAndStartsOnlyReorder()
    {
        const Ranked ranked = randomRanked(3, 60, 90);
        RankOrder order(ranked);
        order.startByDepth(RankOrder::Start::Sources);
        QVERIFY(holdTheSame(order.ranks(), ranked.ranks));
        order.startByDepth(RankOrder::Start::Sinks);
        QVERIFY(holdTheSame(order.ranks(), ranked.ranks));
        order.sweep(RankOrder::Side::After);
        order.sweep(RankOrder::Side::Before);
        QVERIFY(holdTheSame(order.ranks(), ranked.ranks));
        QCOMPARE(order.count(), countedOneByOne(ranked, order.ranks()));
    }

    void aSweepPutsANodeBesideItsNeighbours()
    {
        RankOrder order(rankedOf(6, {{0, 5}, {1, 4}, {2, 3}}));
        QCOMPARE(order.count(), 3);
        order.sweep(RankOrder::Side::After);
        QCOMPARE(order.count(), 0);
    }

    void spreadingOnlyReorders()
    {
        const Ranked ranked = randomRanked(4, 80, 140);
        const RankOrder::Ranks spread = spreadRanks(ranked, ranked.ranks, 50, 0.01);
        QVERIFY(holdTheSame(spread, ranked.ranks));
        QCOMPARE(spread, spreadRanks(ranked, ranked.ranks, 50, 0.01));
    }

    void spreadingLaysALadderStraight()
    {
        // Ranks of ten, each node joined to the same one of the next rank, begun in a jumble.
        constexpr int width = 10;
        constexpr int ranks = 8;
        std::vector<std::pair<int, int>> pairs;
        for (int node = 0; node + width < width * ranks; ++node) {
            pairs.emplace_back(node, node + width);
            if (node % width > 0)
                pairs.emplace_back(node, node + width - 1);
        }
        const Ranked ranked = rankedOf(width * ranks, pairs);
        RankOrder order(ranked);
        QCOMPARE(order.count(), 0);
        RankOrder::Ranks jumbled = ranked.ranks;
        for (size_t rank = 0; rank < jumbled.size(); ++rank) {
            for (size_t i = 0; i < width; ++i)
                jumbled[rank][i] = ranked.ranks[rank][(i * 7 + rank * 3) % width];
        }
        order.restore(jumbled);
        const qint64 before = order.count();
        order.restore(spreadRanks(ranked, jumbled, 200, 0.01));
        QVERIFY2(order.count() * 10 < before, qPrintable(QString::number(order.count())));
    }

    void orderingIsNeverWorseThanWhereItBegan()
    {
        for (quint32 seed = 1; seed <= 10; ++seed) {
            Ranked ranked = randomRanked(seed, 40, 60);
            const qint64 before = crossings(ranked);
            orderRanks(ranked);
            QVERIFY(crossings(ranked) <= before);
        }
    }

    void placesKeepTheirOrderAndDistances()
    {
        for (quint32 seed = 1; seed <= 10; ++seed) {
            Ranked ranked = randomRanked(seed, 60, 90);
            orderRanks(ranked);
            const std::vector<double> centres = placeVertices(ranked, distance);
            for (const std::vector<int> &rank : ranked.ranks) {
                for (size_t i = 1; i < rank.size(); ++i) {
                    const Vertex &upper = ranked.vertices[size_t(rank[i - 1])];
                    const Vertex &lower = ranked.vertices[size_t(rank[i])];
                    const double apart = centres[size_t(rank[i])] - centres[size_t(rank[i - 1])]
                                         - upper.height / 2 - lower.height / 2;
                    // Places are rounded to an eighth.
                    QVERIFY2(apart >= 16 - 0.125, qPrintable(QString::number(apart)));
                }
            }
        }
    }

    void theTopmostVertexBeginsAtZero()
    {
        Ranked ranked = randomRanked(5, 40, 60);
        orderRanks(ranked);
        const std::vector<double> centres = placeVertices(ranked, distance);
        double top = 1e9;
        for (size_t i = 0; i < centres.size(); ++i)
            top = std::min(top, centres[i] - ranked.vertices[i].height / 2);
        QCOMPARE(top, 0.0);
    }

    void twoSuccessorsStandAroundTheirPredecessor()
    {
        const Ranked ranked = rankedOf(3, {{0, 1}, {0, 2}});
        const std::vector<double> centres = placeVertices(ranked, distance);
        QCOMPARE(centres[0] * 2, centres[1] + centres[2]);
        QCOMPARE(centres[2] - centres[1], nodeHeight + 16);
    }

    void aLevelPieceStaysLevelWhenPortsSpread()
    {
        Ranked ranked = rankedOf(4, {{0, 1}, {0, 2}, {0, 3}});
        const std::vector<LevelItem> items(4, {LevelItem::Role::Node, QSizeF(100, nodeHeight)});
        const std::vector<double> centres{100, 44, 100, 156};
        spreadPorts(ranked, items, centres, 6);
        QCOMPARE(ranked.pieces[0].fromOffset, -6.0);
        QCOMPARE(ranked.pieces[1].fromOffset, 0.0);
        QCOMPARE(ranked.pieces[2].fromOffset, 6.0);
        for (const Piece &piece : ranked.pieces)
            QCOMPARE(piece.toOffset, 0.0);
    }

    void manyPortsStayOnTheirSide()
    {
        std::vector<std::pair<int, int>> pairs;
        for (int i = 1; i < 60; ++i)
            pairs.emplace_back(0, i);
        Ranked ranked = rankedOf(60, pairs);
        const std::vector<LevelItem> items(60, {LevelItem::Role::Node, QSizeF(100, nodeHeight)});
        spreadPorts(ranked, items, placeVertices(ranked, distance), 6);
        QList<double> offsets;
        for (const Piece &piece : ranked.pieces)
            offsets.append(piece.fromOffset);
        std::sort(offsets.begin(), offsets.end());
        QVERIFY(offsets.first() > -nodeHeight / 2);
        QVERIFY(offsets.last() < nodeHeight / 2);
        QVERIFY(std::adjacent_find(offsets.begin(), offsets.end()) == offsets.end());
    }
};

QTEST_GUILESS_MAIN(RankOrderTest)
#include "rankordertest.moc"

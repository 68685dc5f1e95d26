#include "pipeline/layered/level.h"

#include <algorithm>

namespace pilothouse {

namespace {

/// Where each rank begins and ends from left to right.
struct Columns
{
    std::vector<double> left;
    std::vector<double> right;
};

Columns columnsOf(const Ranked &ranked, const std::vector<LevelItem> &items,
                  const LayoutSettings &settings)
{
    Columns columns;
    double x = 0;
    // Beside the border of a frame edges only spread a little: half the room is enough.
    bool borderBefore = true;
    for (const std::vector<int> &rank : ranked.ranks) {
        double width = 0;
        bool border = true;
        for (const int vertex : rank) {
            const int item = ranked.vertices[size_t(vertex)].item;
            if (item < 0)
                continue;
            width = std::max(width, items[size_t(item)].size.width());
            const LevelItem::Role role = items[size_t(item)].role;
            border = border && role != LevelItem::Role::Node && role != LevelItem::Role::Frame;
        }
        if (!columns.left.empty())
            x += border || borderBefore ? settings.rankGap / 2 : settings.rankGap;
        columns.left.push_back(x);
        x += width;
        columns.right.push_back(x);
        borderBefore = border;
    }
    return columns;
}

void addPoint(EdgeCourse &course, const QPointF &point)
{
    if (course.isEmpty() || course.last() != point)
        course.append(point);
}

EdgeCourse courseOf(const LevelEdge &edge, const std::vector<int> &chain, const Ranked &ranked,
                    const std::vector<LevelItem> &items, const std::vector<double> &centres,
                    const Columns &columns)
{
    EdgeCourse course;
    for (const int index : chain) {
        const Piece &piece = ranked.pieces[size_t(index)];
        const double from = centres[size_t(piece.from)] + piece.fromOffset;
        const double to = centres[size_t(piece.to)] + piece.toOffset;
        const auto rank = size_t(ranked.vertices[size_t(piece.from)].rank);
        if (course.isEmpty())
            addPoint(course, {columns.left[rank] + items[size_t(edge.from)].size.width(), from});
        addPoint(course, {columns.right[rank], from});
        addPoint(course, {columns.left[rank + 1], to});
    }
    return course;
}

} // namespace

LevelLayout layoutLevel(const std::vector<LevelItem> &items, const std::vector<LevelEdge> &edges,
                        const LayoutSettings &settings)
{
    Ranked ranked = rankItems(items, edges);
    orderRanks(ranked);
    const auto frame = [&](const Vertex &vertex) {
        return vertex.item >= 0 && items[size_t(vertex.item)].role == LevelItem::Role::Frame;
    };
    const std::vector<double> centres
        = placeVertices(ranked, [&](const Vertex &a, const Vertex &b) {
              const double least = a.passing || b.passing ? settings.edgeGap : settings.nodeGap;
              if (!frame(a) && !frame(b))
                  return least;
              return a.passing || b.passing ? settings.frameGap / 2 : settings.frameGap;
          });
    spreadPorts(ranked, items, centres, settings.portGap);
    const Columns columns = columnsOf(ranked, items, settings);

    LevelLayout layout;
    double bottom = 0;
    for (size_t vertex = 0; vertex < ranked.vertices.size(); ++vertex)
        bottom = std::max(bottom, centres[vertex] + ranked.vertices[vertex].height / 2);
    for (size_t item = 0; item < items.size(); ++item) {
        const auto rank = size_t(ranked.vertices[item].rank);
        layout.topLeft.emplace_back(columns.left[rank],
                                    centres[item] - items[item].size.height() / 2);
    }
    for (size_t edge = 0; edge < edges.size(); ++edge)
        layout.courses.push_back(
            courseOf(edges[edge], ranked.chains[edge], ranked, items, centres, columns));
    layout.size = {columns.right.empty() ? 0 : columns.right.back(), bottom};
    return layout;
}

} // namespace pilothouse

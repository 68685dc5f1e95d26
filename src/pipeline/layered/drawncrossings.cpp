#include "pipeline/layered/drawncrossings.h"

#include <algorithm>
#include <vector>

namespace pilothouse {

namespace {

struct Stroke
{
    QPointF a;
    QPointF b;
    qsizetype edge = 0;

    [[nodiscard]] double left() const { return std::min(a.x(), b.x()); }
    [[nodiscard]] double right() const { return std::max(a.x(), b.x()); }
    [[nodiscard]] double top() const { return std::min(a.y(), b.y()); }
    [[nodiscard]] double bottom() const { return std::max(a.y(), b.y()); }
};

/// Twice the area of the triangle, with the sign of its sense.
double turn(const QPointF &a, const QPointF &b, const QPointF &c)
{
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

/// Whether a and b lie on different sides of the line through the stroke, neither of them on it.
bool isBetween(const QPointF &a, const QPointF &b, const Stroke &stroke)
{
    constexpr double onIt = 1e-6;
    const double first = turn(stroke.a, stroke.b, a);
    const double second = turn(stroke.a, stroke.b, b);
    return (first > onIt && second < -onIt) || (first < -onIt && second > onIt);
}

} // namespace

qint64 drawnCrossings(const QList<EdgeCourse> &edges)
{
    std::vector<Stroke> strokes;
    for (qsizetype edge = 0; edge < edges.size(); ++edge) {
        const EdgeCourse &course = edges[edge];
        for (qsizetype i = 1; i < course.size(); ++i) {
            if (course[i - 1] != course[i])
                strokes.push_back({course[i - 1], course[i], edge});
        }
    }
    std::sort(strokes.begin(), strokes.end(),
              [](const Stroke &a, const Stroke &b) { return a.left() < b.left(); });

    qint64 count = 0;
    std::vector<Stroke> open; // those that a line from top to bottom would meet here
    for (const Stroke &stroke : strokes) {
        const double here = stroke.left();
        open.erase(std::remove_if(open.begin(), open.end(),
                                  [&](const Stroke &other) { return other.right() < here; }),
                   open.end());
        for (const Stroke &other : open) {
            if (other.edge != stroke.edge && other.top() <= stroke.bottom()
                && stroke.top() <= other.bottom() && isBetween(stroke.a, stroke.b, other)
                && isBetween(other.a, other.b, stroke))
                ++count;
        }
        open.push_back(stroke);
    }
    return count;
}

} // namespace pilothouse

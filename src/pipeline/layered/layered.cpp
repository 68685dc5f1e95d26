#include "pipeline/layered/layered.h"

#include "pipeline/layered/level.h"

#include <algorithm>
#include <map>
#include <vector>

namespace pilothouse {

namespace {

/// Lays out frames inside out: each is laid out alone, then stands in its parent as one item. An
/// edge that leaves a frame goes to the frame's right side, one point for each node it comes from;
/// one that enters comes from the left side, one point for each node it goes to.
class Nesting
{
public:
    Nesting(const LayoutInput &input, const LayoutSettings &settings);
    [[nodiscard]] LayoutResult run();

private:
    /// The root (0) or a frame (index + 1), and how it was laid out.
    struct Container
    {
        int parent = -1;
        int depth = 0;
        std::vector<int> nodes;
        std::vector<int> children;
        std::map<int, int> entries; ///< node inside → its item here
        std::map<int, int> exits;
        std::map<int, size_t> entryEdges; ///< node inside → the edge from its entry
        std::map<int, size_t> exitEdges;
        std::map<int, size_t> ownEdges; ///< edge that joins two items here
        std::vector<LevelItem> items;
        std::vector<LevelEdge> edges;
        LevelLayout layout;
        QPointF inset;  ///< of the items from the container's corner
        QPointF origin; ///< of the container's corner, absolute
        QSizeF size;
    };

    /// An edge in the direction in which it is laid out.
    struct Route
    {
        int from = 0;
        int to = 0;
        int meeting = 0; ///< the innermost container of both ends
        bool reversed = false;
    };

    [[nodiscard]] int containerOf(int node) const { return m_input.nodes[node].frame + 1; }
    /// The item of `container` that is or holds a node: a node, or ~child container.
    [[nodiscard]] int childOn(int container, int node) const;
    void findMeetings();
    void breakCycles(int container);
    void openBorders();
    void layOut(int container);
    [[nodiscard]] int itemOf(int child) const { return m_itemOfChild.at(child); }
    /// How far below the top of `child` an edge of `node` meets it.
    [[nodiscard]] double offsetOf(int child, int node, LevelItem::Role side) const;
    [[nodiscard]] EdgeCourse courseOf(const Route &route) const;
    [[nodiscard]] EdgeCourse loopAround(int node) const;

    const LayoutInput &m_input;
    const LayoutSettings &m_settings;
    std::vector<Container> m_containers;
    std::vector<Route> m_routes;
    std::vector<QRectF> m_rects;
    std::map<int, int> m_itemOfChild; ///< node or ~container → its item in its container
};

Nesting::Nesting(const LayoutInput &input, const LayoutSettings &settings)
    : m_input(input), m_settings(settings), m_containers(size_t(input.frames.size()) + 1)
{
    for (qsizetype frame = 0; frame < input.frames.size(); ++frame) {
        Container &container = m_containers[size_t(frame) + 1];
        container.parent = input.frames[frame] + 1;
        Container &parent = m_containers[size_t(container.parent)];
        container.depth = parent.depth + 1;
        parent.children.push_back(int(frame) + 1);
    }
    for (qsizetype node = 0; node < input.nodes.size(); ++node)
        m_containers[size_t(containerOf(int(node)))].nodes.push_back(int(node));
    m_rects.resize(size_t(input.nodes.size()));
}

int Nesting::childOn(int container, int node) const
{
    int at = containerOf(node);
    if (at == container)
        return node;
    while (m_containers[size_t(at)].parent != container)
        at = m_containers[size_t(at)].parent;
    return ~at;
}

void Nesting::findMeetings()
{
    for (const auto &[from, to] : m_input.edges) {
        int a = containerOf(from);
        int b = containerOf(to);
        while (a != b) {
            int &deeper = m_containers[size_t(a)].depth >= m_containers[size_t(b)].depth ? a : b;
            deeper = m_containers[size_t(deeper)].parent;
        }
        m_routes.push_back({from, to, a, false});
    }
}

/// Turns round the edges that would close a circle among the items of one container.
void Nesting::breakCycles(int container)
{
    std::map<int, std::vector<size_t>> leaving; // child → routes
    for (size_t i = 0; i < m_routes.size(); ++i) {
        const Route &route = m_routes[i];
        if (route.meeting == container && route.from != route.to)
            leaving[childOn(container, route.from)].push_back(i);
    }
    enum class Mark { Open, OnTheWay, Done };
    std::map<int, Mark> marks;
    std::vector<std::pair<int, size_t>> way;
    for (const auto &[start, unused] : leaving) {
        if (marks[start] != Mark::Open)
            continue;
        marks[start] = Mark::OnTheWay;
        way.emplace_back(start, 0);
        while (!way.empty()) {
            const int child = way.back().first;
            const std::vector<size_t> &routes = leaving[child];
            if (way.back().second == routes.size()) {
                marks[child] = Mark::Done;
                way.pop_back();
                continue;
            }
            Route &route = m_routes[routes[way.back().second++]];
            const int target = childOn(container, route.to);
            if (marks[target] == Mark::OnTheWay) {
                route.reversed = true;
            } else if (marks[target] == Mark::Open) {
                marks[target] = Mark::OnTheWay;
                way.emplace_back(target, 0);
            }
        }
    }
}

void Nesting::openBorders()
{
    for (Route &route : m_routes) {
        if (route.reversed)
            std::swap(route.from, route.to);
        for (int at = containerOf(route.from); at != route.meeting;
             at = m_containers[size_t(at)].parent)
            m_containers[size_t(at)].exits.emplace(route.from, -1);
        for (int at = containerOf(route.to); at != route.meeting;
             at = m_containers[size_t(at)].parent)
            m_containers[size_t(at)].entries.emplace(route.to, -1);
    }
}

double Nesting::offsetOf(int child, int node, LevelItem::Role side) const
{
    if (child >= 0)
        return m_input.nodes[child].size.height() / 2;
    const Container &inner = m_containers[size_t(~child)];
    const int item = side == LevelItem::Role::Exit ? inner.exits.at(node) : inner.entries.at(node);
    return inner.inset.y() + inner.layout.topLeft[size_t(item)].y();
}

void Nesting::layOut(int index)
{
    Container &container = m_containers[size_t(index)];
    const auto add = [&](const LevelItem &item) {
        container.items.push_back(item);
        return int(container.items.size()) - 1;
    };
    for (const int node : container.nodes)
        m_itemOfChild[node] = add({LevelItem::Role::Node, m_input.nodes[node].size});
    for (const int child : container.children)
        m_itemOfChild[~child] = add({LevelItem::Role::Frame, m_containers[size_t(child)].size});

    const auto join = [&](int from, int to, double fromOffset, double toOffset) {
        container.edges.push_back({from, to, fromOffset, toOffset});
        return container.edges.size() - 1;
    };
    for (size_t i = 0; i < m_routes.size(); ++i) {
        const Route &route = m_routes[i];
        if (route.meeting != index || route.from == route.to)
            continue;
        const int from = childOn(index, route.from);
        const int to = childOn(index, route.to);
        container.ownEdges[int(i)]
            = join(itemOf(from), itemOf(to), offsetOf(from, route.from, LevelItem::Role::Exit),
                   offsetOf(to, route.to, LevelItem::Role::Entry));
    }
    for (auto &[node, item] : container.entries) {
        const int child = childOn(index, node);
        item = add({LevelItem::Role::Entry, {}});
        container.entryEdges[node]
            = join(item, itemOf(child), 0, offsetOf(child, node, LevelItem::Role::Entry));
    }
    for (auto &[node, item] : container.exits) {
        const int child = childOn(index, node);
        item = add({LevelItem::Role::Exit, {}});
        container.exitEdges[node]
            = join(itemOf(child), item, offsetOf(child, node, LevelItem::Role::Exit), 0);
    }

    container.layout = layoutLevel(container.items, container.edges, m_settings);
    const double padding = index == 0 ? 0 : m_settings.framePadding;
    const double header = index == 0 ? 0 : m_settings.frameHeader;
    container.inset = {container.entries.empty() ? padding : 0, padding + header};
    container.size = {container.inset.x() + container.layout.size.width()
                          + (container.exits.empty() ? padding : 0),
                      container.inset.y() + container.layout.size.height() + padding};
}

EdgeCourse Nesting::courseOf(const Route &route) const
{
    EdgeCourse course;
    const auto append = [&](const Container &container, size_t edge) {
        for (const QPointF &point : container.layout.courses[edge]) {
            const QPointF absolute = point + container.origin + container.inset;
            if (course.isEmpty() || (course.last() - absolute).manhattanLength() > 1e-6)
                course.append(absolute);
        }
    };
    for (int at = containerOf(route.from); at != route.meeting;
         at = m_containers[size_t(at)].parent)
        append(m_containers[size_t(at)], m_containers[size_t(at)].exitEdges.at(route.from));
    const Container &meeting = m_containers[size_t(route.meeting)];
    append(meeting, meeting.ownEdges.at(int(&route - m_routes.data())));
    std::vector<int> inwards;
    for (int at = containerOf(route.to); at != route.meeting; at = m_containers[size_t(at)].parent)
        inwards.push_back(at);
    for (auto at = inwards.rbegin(); at != inwards.rend(); ++at)
        append(m_containers[size_t(*at)], m_containers[size_t(*at)].entryEdges.at(route.to));
    if (route.reversed)
        std::reverse(course.begin(), course.end());
    return course;
}

EdgeCourse Nesting::loopAround(int node) const
{
    const QRectF rect = m_rects[size_t(node)];
    const double out = m_settings.framePadding / 2;
    const double above = rect.top() - std::min(m_settings.nodeGap, m_settings.edgeGap) / 2;
    const double middle = rect.center().y();
    return {{rect.right(), middle},     {rect.right() + out, middle}, {rect.right() + out, above},
            {rect.left() - out, above}, {rect.left() - out, middle},  {rect.left(), middle}};
}

LayoutResult Nesting::run()
{
    findMeetings();
    for (size_t container = 0; container < m_containers.size(); ++container)
        breakCycles(int(container));
    openBorders();
    for (size_t container = m_containers.size(); container-- > 0;)
        layOut(int(container));

    LayoutResult result;
    for (Container &container : m_containers) {
        const QPointF corner = container.origin + container.inset;
        for (const int node : container.nodes)
            m_rects[size_t(node)] = QRectF(corner + container.layout.topLeft[size_t(itemOf(node))],
                                           m_input.nodes[node].size);
        for (const int child : container.children)
            m_containers[size_t(child)].origin
                = corner + container.layout.topLeft[size_t(itemOf(~child))];
    }
    result.nodes = QList<QRectF>(m_rects.begin(), m_rects.end());
    for (const Route &route : m_routes)
        result.edges.append(route.from == route.to ? loopAround(route.from) : courseOf(route));
    for (size_t frame = 1; frame < m_containers.size(); ++frame)
        result.frames.append(QRectF(m_containers[frame].origin, m_containers[frame].size));
    result.size = m_containers[0].size;
    return result;
}

} // namespace

LayoutResult layoutLayered(const LayoutInput &input, const LayoutSettings &settings)
{
    return Nesting(input, settings).run();
}

} // namespace pilothouse

#include "ui/pipeline/graphview.h"

#include "ui/pipeline/graphitems.h"
#include "ui/pipeline/minimap.h"
#include "ui/pipeline/statuswords.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QGraphicsScene>
#include <QKeyEvent>
#include <QSet>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

#include <utility>

namespace pilothouse {
namespace {

constexpr double smallestLegible = 0.6;
constexpr double largest = 2.5;
constexpr double fadedOpacity = 0.5;
constexpr qsizetype minimapFrom = 60; ///< nodes; more than that have one

} // namespace

GraphView::GraphView(QWidget *parent) : QGraphicsView(parent), m_minimap(new Minimap(this))
{
    m_minimap->hide();
    connect(m_minimap, &Minimap::moved, this, [this](const QPointF &center) {
        m_fitted = false;
        centerOn(center);
    });
    setObjectName(QStringLiteral("graphView"));
    setAccessibleName(tr("Pipeline graph"));
    setScene(new QGraphicsScene(this));
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setDragMode(QGraphicsView::ScrollHandDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setAlignment(Qt::AlignCenter);
    // What has changed is painted, and the whole view where that is many small regions.
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    connect(&Theme::instance(), &Theme::changed, this, &GraphView::restyle);
    restyle();
}

void GraphView::restyle()
{
    setBackgroundBrush(Theme::instance().color(ColorRole::Surface));
    scene()->update();
}

void GraphView::setGraph(const Graph &graph)
{
    QSet<FrameId> before;
    for (const GraphFrame &frame : std::as_const(m_graph.frames))
        before.insert(frame.id);
    QSet<FrameId> now;
    for (const GraphFrame &frame : graph.frames)
        now.insert(frame.id);
    // The same files at another commit stay as the person has folded them.
    m_folded = now == before ? m_folded : openFolded(graph);
    m_graph = graph;
    m_overlay = {};
    rebuild();
    fit();
}

void GraphView::rebuild()
{
    scene()->clear();
    m_nodes.clear();
    m_frames.clear();
    m_edges.clear();
    m_seen = foldGraph(m_graph, m_folded);
    const Graph &graph = m_seen.graph;
    const GraphLayout layout = layoutGraph(graph, &NodeItem::sizeFor);
    for (const GraphFrame &frame : graph.frames) {
        auto *item = new FrameItem(frame, layout.frames.value(frame.id));
        connect(item, &FrameItem::foldAsked, this, &GraphView::toggleFold, Qt::QueuedConnection);
        scene()->addItem(item);
        m_frames.insert(frame.id, item);
    }
    for (qsizetype i = 0; i < graph.edges.size(); ++i) {
        auto *item = new EdgeItem(graph.edges[i], layout.edges.value(i));
        scene()->addItem(item);
        m_edges.append(item);
    }
    for (const GraphNode &node : graph.nodes) {
        const QRectF rect = layout.nodes.value(node.id);
        const bool folded = m_seen.hidden.contains(node.id);
        auto *item = new NodeItem(node, folded ? NodeItem::Kind::Folded : NodeItem::Kind::Job,
                                  rect.size());
        item->setPos(rect.topLeft());
        connect(item, &NodeItem::pressed, this, &GraphView::choose);
        // The item is gone after that: not while it still handles the press.
        connect(
            item, &NodeItem::unfoldAsked, this,
            [this](const NodeId &id) { toggleFold(m_seen.frameOf(id)); }, Qt::QueuedConnection);
        scene()->addItem(item);
        m_nodes.insert(node.id, item);
    }
    const int edge = spacing::Small;
    scene()->setSceneRect(QRectF(QPointF(), layout.size).adjusted(-edge, -edge, edge, edge));
    setChosen(m_chosen);
    applyOverlay();
    applyProblems();
    placeMinimap();
}

void GraphView::toggleFold(const FrameId &frame)
{
    if (!m_graph.frame(frame))
        return;
    if (!m_folded.remove(frame))
        m_folded.insert(frame);
    if (m_graph.node(m_chosen) == nullptr)
        m_chosen = {}; // a folded node that may be gone
    rebuild();
    if (m_fitted)
        fit();
}

void GraphView::setOverlay(const Overlay &overlay, const QDateTime &serverNow)
{
    m_overlay = overlay;
    m_serverNow = serverNow;
    applyOverlay();
}

void GraphView::applyOverlay()
{
    const Overlay seen = m_seen.hidden.isEmpty() ? m_overlay : foldOverlay(m_overlay, m_seen);
    for (auto it = m_nodes.cbegin(); it != m_nodes.cend(); ++it) {
        if (const NodeOverlay *node = seen.of(it.key())) {
            it.value()->setOverlay(*node, m_serverNow);
            it.value()->setOpacity(node->stale ? fadedOpacity : 1);
        }
    }
    QSet<std::pair<QString, QString>> critical;
    for (qsizetype i = 1; i < seen.criticalPath.size(); ++i)
        critical.insert({seen.criticalPath[i - 1].value, seen.criticalPath[i].value});
    for (EdgeItem *edge : std::as_const(m_edges))
        edge->setCritical(critical.contains({edge->edge().from.value, edge->edge().to.value}));
    refreshMinimap();
    describe();
}

void GraphView::setProblems(const QList<Finding> &problems)
{
    m_problems.clear();
    for (const Finding &problem : problems)
        m_problems[{problem.path, problem.job}].append(problem);
    applyProblems();
}

void GraphView::applyProblems()
{
    QHash<NodeItem *, QList<Finding>> told;
    // A workflow that is called twice has its jobs twice behind one folded node.
    const auto tell = [&](NodeItem *item, const QList<Finding> &problems) {
        for (const Finding &problem : problems) {
            if (item && !told[item].contains(problem))
                told[item].append(problem);
        }
    };
    for (const GraphNode &node : std::as_const(m_graph.nodes))
        tell(seenItem(node.id), ownProblems(node));
    for (const GraphFrame &frame : std::as_const(m_graph.frames)) {
        const QList<Finding> problems = frameProblems(frame);
        if (FrameItem *item = m_frames.value(frame.id)) {
            item->setProblems(problems);
            continue;
        }
        NodeItem *folded = nullptr;
        for (const GraphFrame *outer = &frame; outer && !folded;
             outer = m_graph.frame(outer->parent))
            folded = m_nodes.value(foldedId(outer->id));
        tell(folded, problems);
    }
    for (NodeItem *item : std::as_const(m_nodes)) {
        QList<Finding> problems = told.value(item);
        std::stable_sort(problems.begin(), problems.end(), [](const Finding &a, const Finding &b) {
            return a.severity < b.severity;
        });
        item->setProblems(problems);
    }
    describe();
}

QList<Finding> GraphView::ownProblems(const GraphNode &node) const
{
    const GraphFrame *frame = m_graph.frame(node.frame);
    return frame && node.kind == GraphNode::Kind::Job
               ? m_problems.value({frame->path, node.job.key})
               : QList<Finding>();
}

/// A job that calls has no node: what is wrong with it is said at what it calls.
QList<Finding> GraphView::frameProblems(const GraphFrame &frame) const
{
    const GraphFrame *caller = m_graph.frame(frame.parent);
    return (caller ? m_problems.value({caller->path, frame.job.key}) : QList<Finding>())
           + m_problems.value({frame.path, QString()});
}

QList<Finding> GraphView::problemsOf(const NodeId &node) const
{
    const GraphNode *job = m_graph.node(node);
    const NodeItem *item = seenItem(node);
    const QList<Finding> own = job ? ownProblems(*job) : QList<Finding>();
    return own.isEmpty() && item ? item->problems() : own;
}

NodeItem *GraphView::seenItem(const NodeId &job) const
{
    return m_nodes.value(m_seen.seen.value(job, job));
}

void GraphView::setChosen(const NodeId &node)
{
    if (NodeItem *before = seenItem(m_chosen))
        before->setChosen(false);
    m_chosen = node;
    if (NodeItem *now = seenItem(node))
        now->setChosen(true);
    describe();
}

void GraphView::describe()
{
    const NodeItem *chosen = seenItem(m_chosen);
    setAccessibleDescription(chosen ? chosen->spoken() : QString());
}

void GraphView::choose(const NodeId &node)
{
    // Behind a folded node the job that makes its state is the one to look at.
    const NodeId job = worstJob(m_overlay, m_seen, node);
    setChosen(job);
    Q_EMIT nodeChosen(job);
}

void GraphView::toggleFoldOfChosen()
{
    const NodeId seen = m_seen.seen.value(m_chosen, m_chosen);
    if (const FrameId folded = m_seen.frameOf(seen); !folded.value.isEmpty())
        toggleFold(folded);
    else if (const GraphNode *node = m_graph.node(m_chosen))
        toggleFold(node->frame);
}

void GraphView::placeMinimap()
{
    m_minimap->setVisible(m_seen.graph.nodes.size() > minimapFrom);
    m_minimap->move(width() - m_minimap->width() - spacing::Small,
                    height() - m_minimap->height() - spacing::Small);
    refreshMinimap();
}

void GraphView::refreshMinimap()
{
    if (!m_minimap->isVisibleTo(this))
        return;
    QList<Minimap::Block> blocks;
    blocks.reserve(m_nodes.size());
    for (const NodeItem *item : std::as_const(m_nodes)) {
        const QRectF rect(item->pos(), item->boundingRect().size());
        blocks.append(
            {rect, item->overlay().status ? lookOf(item->overlay()).tone : Tone::Neutral});
    }
    m_minimap->show(sceneRect(), blocks);
    m_minimap->setVisibleArea(mapToScene(viewport()->rect()).boundingRect());
}

void GraphView::fit()
{
    m_fitted = true;
    const QRectF all = sceneRect();
    if (all.isEmpty() || viewport()->size().isEmpty())
        return;
    const double scale
        = std::min(viewport()->width() / all.width(), viewport()->height() / all.height());
    const double zoom = qBound(smallestLegible, scale, 1.0);
    setTransform(QTransform::fromScale(zoom, zoom));
    // The beginning rather than the middle of what does not fit.
    const bool wide = all.width() * zoom > viewport()->width();
    const bool high = all.height() * zoom > viewport()->height();
    centerOn(wide ? all.left() : all.center().x(), high ? all.top() : all.center().y());
    refreshMinimap();
}

void GraphView::zoomBy(double factor)
{
    const double now = transform().m11();
    const double next = qBound(smallestLegible / 2, now * factor, largest);
    m_fitted = false;
    scale(next / now, next / now);
    refreshMinimap();
}

QRect GraphView::nodeRect(const NodeId &node) const
{
    const NodeItem *item = m_nodes.value(node);
    if (!item)
        return {};
    return mapFromScene(item->sceneBoundingRect()).boundingRect();
}

QRect GraphView::frameHandle(const FrameId &frame) const
{
    const FrameItem *item = m_frames.value(frame);
    return item ? mapFromScene(item->handle()).boundingRect() : QRect();
}

/// The nearest node in a direction: distance along it plus twice the distance across.
void GraphView::step(int dx, int dy)
{
    const NodeItem *from = seenItem(m_chosen);
    NodeId best;
    double bestCost = std::numeric_limits<double>::max();
    for (auto it = m_nodes.cbegin(); it != m_nodes.cend(); ++it) {
        if (!from) {
            const double cost = it.value()->x() * 10 + it.value()->y();
            if (cost < bestCost) {
                bestCost = cost;
                best = it.key();
            }
            continue;
        }
        const QPointF way
            = it.value()->sceneBoundingRect().center() - from->sceneBoundingRect().center();
        const double along = way.x() * dx + way.y() * dy;
        const double across = std::abs(way.x() * dy) + std::abs(way.y() * dx);
        if (it.value() == from || along <= 1)
            continue;
        const double cost = along + 2 * across;
        if (cost < bestCost) {
            bestCost = cost;
            best = it.key();
        }
    }
    if (!best.value.isEmpty()) {
        choose(best);
        ensureVisible(m_nodes.value(best), spacing::Large, spacing::Large);
    }
}

void GraphView::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left:
        step(-1, 0);
        break;
    case Qt::Key_Right:
        step(1, 0);
        break;
    case Qt::Key_Up:
        step(0, -1);
        break;
    case Qt::Key_Down:
        step(0, 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (seenItem(m_chosen))
            Q_EMIT nodeChosen(m_chosen);
        break;
    case Qt::Key_Space:
        toggleFoldOfChosen();
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoomBy(zoomStep);
        break;
    case Qt::Key_Minus:
        zoomBy(1 / zoomStep);
        break;
    case Qt::Key_0:
        fit();
        break;
    default:
        QGraphicsView::keyPressEvent(event);
    }
}

void GraphView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        zoomBy(std::pow(zoomStep, event->angleDelta().y() / 120.0));
        event->accept();
        return;
    }
    QGraphicsView::wheelEvent(event);
}

void GraphView::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (m_fitted)
        fit();
    placeMinimap();
}

void GraphView::scrollContentsBy(int dx, int dy)
{
    QGraphicsView::scrollContentsBy(dx, dy);
    refreshMinimap();
}

void GraphView::showEvent(QShowEvent *event)
{
    QGraphicsView::showEvent(event);
    if (m_fitted)
        fit();
}

} // namespace pilothouse

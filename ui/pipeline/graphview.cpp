#include "ui/pipeline/graphview.h"

#include "ui/pipeline/graphitems.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/theme.h"

#include <QGraphicsScene>
#include <QKeyEvent>
#include <QSet>
#include <QWheelEvent>

#include <cmath>

namespace pilothouse {
namespace {

constexpr double smallestLegible = 0.6;
constexpr double largest = 2.5;

} // namespace

GraphView::GraphView(QWidget *parent) : QGraphicsView(parent)
{
    setObjectName(QStringLiteral("graphView"));
    setAccessibleName(tr("Pipeline graph"));
    setScene(new QGraphicsScene(this));
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setDragMode(QGraphicsView::ScrollHandDrag);
    setTransformationAnchor(QGraphicsView::AnchorUnderMouse);
    setAlignment(Qt::AlignCenter);
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
    scene()->clear();
    m_nodes.clear();
    m_edges.clear();
    const GraphLayout layout = layoutGraph(graph, &NodeItem::sizeFor);
    for (const GraphFrame &frame : graph.frames)
        scene()->addItem(new FrameItem(frame.title, layout.frames.value(frame.id)));
    for (qsizetype i = 0; i < graph.edges.size(); ++i) {
        auto *item = new EdgeItem(graph.edges[i], layout.edges.value(i));
        scene()->addItem(item);
        m_edges.append(item);
    }
    for (const GraphNode &node : graph.nodes) {
        const QRectF rect = layout.nodes.value(node.id);
        auto *item = new NodeItem(node, rect.size());
        item->setPos(rect.topLeft());
        connect(item, &NodeItem::pressed, this, &GraphView::choose);
        scene()->addItem(item);
        m_nodes.insert(node.id, item);
    }
    const int edge = spacing::Small;
    scene()->setSceneRect(QRectF(QPointF(), layout.size).adjusted(-edge, -edge, edge, edge));
    setChosen(m_chosen);
    fit();
}

void GraphView::setOverlay(const Overlay &overlay, const QDateTime &serverNow)
{
    for (auto it = m_nodes.cbegin(); it != m_nodes.cend(); ++it) {
        if (const NodeOverlay *node = overlay.of(it.key()))
            it.value()->setOverlay(*node, serverNow);
    }
    QSet<std::pair<QString, QString>> critical;
    for (qsizetype i = 1; i < overlay.criticalPath.size(); ++i)
        critical.insert({overlay.criticalPath[i - 1].value, overlay.criticalPath[i].value});
    for (EdgeItem *edge : std::as_const(m_edges))
        edge->setCritical(critical.contains({edge->edge().from.value, edge->edge().to.value}));
}

void GraphView::setChosen(const NodeId &node)
{
    if (NodeItem *before = m_nodes.value(m_chosen))
        before->setChosen(false);
    m_chosen = node;
    if (NodeItem *now = m_nodes.value(node)) {
        now->setChosen(true);
        setAccessibleDescription(now->spoken());
    }
}

void GraphView::choose(const NodeId &node)
{
    setChosen(node);
    Q_EMIT nodeChosen(node);
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
    if (scale < smallestLegible) // the beginning rather than the middle of what does not fit
        centerOn(all.left(), all.center().y());
    else
        centerOn(all.center());
}

void GraphView::zoomBy(double factor)
{
    const double now = transform().m11();
    const double next = qBound(smallestLegible / 2, now * factor, largest);
    m_fitted = false;
    scale(next / now, next / now);
}

QRect GraphView::nodeRect(const NodeId &node) const
{
    const NodeItem *item = m_nodes.value(node);
    if (!item)
        return {};
    return mapFromScene(item->sceneBoundingRect()).boundingRect();
}

/// The nearest node in a direction: distance along it plus twice the distance across.
void GraphView::step(int dx, int dy)
{
    const NodeItem *from = m_nodes.value(m_chosen);
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
        if (m_nodes.contains(m_chosen))
            Q_EMIT nodeChosen(m_chosen);
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
}

void GraphView::showEvent(QShowEvent *event)
{
    QGraphicsView::showEvent(event);
    if (m_fitted)
        fit();
}

} // namespace pilothouse

#pragma once

#include "pipeline/layout.h"
#include "pipeline/overlay.h"

#include <QGraphicsObject>
#include <QGraphicsPathItem>

namespace pilothouse {

/// One job on the graph: status icon, title, and below it legs, state or time.
class NodeItem final : public QGraphicsObject
{
    Q_OBJECT

public:
    NodeItem(const GraphNode &node, const QSizeF &size);

    /// Room for the title; the same for every state, so that nodes never move.
    [[nodiscard]] static QSizeF sizeFor(const GraphNode &node);

    [[nodiscard]] const NodeId &id() const { return m_node.id; }
    [[nodiscard]] QString spoken() const;
    void setOverlay(const NodeOverlay &overlay, const QDateTime &serverNow);
    void setChosen(bool chosen);
    void setProblem(bool problem);

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

Q_SIGNALS:
    void pressed(const pilothouse::NodeId &node);

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;

private:
    [[nodiscard]] QString secondLine() const;

    GraphNode m_node;
    QSizeF m_size;
    NodeOverlay m_overlay;
    QDateTime m_serverNow;
    bool m_chosen = false;
    bool m_problem = false;
};

/// A workflow file or a call as a quiet frame with its name.
class FrameItem final : public QGraphicsItem
{
public:
    FrameItem(QString title, const QRectF &rect);

    [[nodiscard]] QRectF boundingRect() const override { return m_rect.adjusted(-1, -1, 1, 1); }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    QString m_title;
    QRectF m_rect;
};

/// The way from one job to another.
class EdgeItem final : public QGraphicsItem
{
public:
    EdgeItem(const GraphEdge &edge, const EdgeCourse &course);

    [[nodiscard]] const GraphEdge &edge() const { return m_edge; }
    void setCritical(bool critical);

    [[nodiscard]] QRectF boundingRect() const override { return m_bounds; }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

private:
    GraphEdge m_edge;
    QPainterPath m_path;
    QPointF m_end;
    QRectF m_bounds;
    bool m_critical = false;
};

} // namespace pilothouse

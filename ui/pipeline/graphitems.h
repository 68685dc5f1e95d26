#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/layout.h"
#include "pipeline/overlay.h"

#include <QGraphicsObject>
#include <QGraphicsPathItem>

namespace pilothouse {

/// One job on the graph, or a folded frame: status icon, title, and below it legs, state or time.
/// Where the zoom makes that too small to read, a shorter form in larger letters takes its place.
class NodeItem final : public QGraphicsObject
{
    Q_OBJECT

public:
    enum class Kind { Job, Folded };

    NodeItem(const GraphNode &node, Kind kind, const QSizeF &size);

    /// Room for the title, and for a time with the time in the queue; the same for every state, so
    /// that nodes never move.
    [[nodiscard]] static QSizeF sizeFor(const GraphNode &node);

    [[nodiscard]] const NodeId &id() const { return m_node.id; }
    [[nodiscard]] QString spoken() const;
    /// What stands below the title at this zoom, beside the mark of a problem if there is one;
    /// empty where a zoom leaves room for the title only.
    [[nodiscard]] QString lineAt(double zoom) const;
    /// How high the letters of the title are on the screen, in pixels; 0 = an icon alone.
    [[nodiscard]] static double letterHeightAt(double zoom);
    [[nodiscard]] const NodeOverlay &overlay() const { return m_overlay; }
    void setOverlay(const NodeOverlay &overlay, const QDateTime &serverNow);
    void setChosen(bool chosen);
    /// What the doctor found there, in the order of its list; the node bears a mark if there is
    /// any.
    void setProblems(const QList<Finding> &problems);
    [[nodiscard]] const QList<Finding> &problems() const { return m_problems; }

    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

Q_SIGNALS:
    void pressed(const pilothouse::NodeId &node);
    void unfoldAsked(const pilothouse::NodeId &node);

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent *event) override;

private:
    void refreshToolTip();
    [[nodiscard]] int textWidthAt(double zoom) const;
    [[nodiscard]] int lineWidthAt(double zoom) const;
    void paintBox(QPainter *painter) const;
    void paintIcons(QPainter *painter, double zoom) const;
    void paintWords(QPainter *painter, double zoom) const;

    GraphNode m_node;
    Kind m_kind;
    QSizeF m_size;
    NodeOverlay m_overlay;
    QDateTime m_serverNow;
    QList<Finding> m_problems;
    bool m_chosen = false;
    bool m_showsTime = true; ///< where it was painted last, a second more is seen
};

/// A workflow file or a call as a quiet frame with its name; a press on the name folds it.
class FrameItem final : public QGraphicsObject
{
    Q_OBJECT

public:
    FrameItem(const GraphFrame &frame, const QRectF &rect);

    [[nodiscard]] QRectF boundingRect() const override { return m_rect.adjusted(-1, -1, 1, 1); }
    void paint(QPainter *painter, const QStyleOptionGraphicsItem *option, QWidget *widget) override;

    /// Of the file as a whole, and of the job that calls it.
    void setProblems(const QList<Finding> &problems);

    /// Where a press folds, in the scene.
    [[nodiscard]] QRectF handle() const;

Q_SIGNALS:
    void foldAsked(const pilothouse::FrameId &frame);

protected:
    void mousePressEvent(QGraphicsSceneMouseEvent *event) override;

private:
    FrameId m_id;
    QString m_path;
    QString m_title;
    QRectF m_rect;
    bool m_problem = false;
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

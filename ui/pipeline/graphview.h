#pragma once

#include "pipeline/graph.h"
#include "pipeline/layout.h"
#include "pipeline/overlay.h"

#include <QGraphicsView>
#include <QHash>

namespace pilothouse {

class EdgeItem;
class NodeItem;

/// The pipeline graph: left to right, zoom with Ctrl+wheel or + and −, 0 fits. Arrows go from job
/// to job, Enter chooses. A status change never moves a node.
class GraphView final : public QGraphicsView
{
    Q_OBJECT

public:
    explicit GraphView(QWidget *parent = nullptr);

    void setGraph(const Graph &graph);
    void setOverlay(const Overlay &overlay, const QDateTime &serverNow);
    void setChosen(const NodeId &node);
    [[nodiscard]] NodeId chosen() const { return m_chosen; }

    /// Whole graph in view, but never larger than life nor smaller than legible.
    void fit();
    /// The factor of one step in.
    static constexpr double zoomStep = 1.2;
    void zoomBy(double factor);

    /// Where a node stands in the viewport, for tests and the tour; null if it is not there.
    [[nodiscard]] QRect nodeRect(const NodeId &node) const;

Q_SIGNALS:
    void nodeChosen(const pilothouse::NodeId &node);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void restyle();
    void choose(const NodeId &node);
    void step(int dx, int dy);

    QHash<NodeId, NodeItem *> m_nodes; ///< owned by the scene
    QList<EdgeItem *> m_edges;         ///< owned by the scene
    NodeId m_chosen;
    bool m_fitted = true; ///< the person has not zoomed: stay fitted
};

} // namespace pilothouse

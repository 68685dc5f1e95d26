#pragma once

#include "pipeline/doctor/finding.h"
#include "pipeline/folding/folding.h"
#include "pipeline/graph.h"
#include "pipeline/layout.h"
#include "pipeline/overlay.h"

#include <QGraphicsView>
#include <QHash>

namespace pilothouse {

class EdgeItem;
class FrameItem;
class Minimap;
class NodeItem;

/// The pipeline graph: left to right, zoom with Ctrl+wheel or + and −, 0 fits. Arrows go from job
/// to job, Enter chooses. A press on a frame's name, or Space on a job, folds the frame to one node
/// with the state of its worst job; a double click or Space unfolds it. A graph of more than 150
/// jobs opens folded; one of more than 60 nodes has a minimap. A status change never moves a node.
class GraphView final : public QGraphicsView
{
    Q_OBJECT

public:
    explicit GraphView(QWidget *parent = nullptr);

    void setGraph(const Graph &graph);
    /// What is as it was read last, of a host that gives nothing now, fades.
    void setOverlay(const Overlay &overlay, const QDateTime &serverNow);
    /// What the doctor found, in the order of its list: marks at the jobs; at the frame what
    /// belongs to the file as a whole or to the job that calls it.
    void setProblems(const QList<Finding> &problems);
    /// What is told at the node that stands for the job: the job's own first.
    [[nodiscard]] QList<Finding> problemsOf(const NodeId &node) const;
    /// A job, whether it is seen or behind a folded node.
    void setChosen(const NodeId &node);
    [[nodiscard]] NodeId chosen() const { return m_chosen; }

    /// Folds the frame if it is open, else unfolds it.
    void toggleFold(const FrameId &frame);
    [[nodiscard]] bool isFolded(const FrameId &frame) const { return m_folded.contains(frame); }

    /// Whole graph in view, but never larger than life nor smaller than legible.
    void fit();
    /// The factor of one step in.
    static constexpr double zoomStep = 1.2;
    void zoomBy(double factor);

    /// Where a node stands in the viewport, for tests and the tour; null if it is not there. A job
    /// behind a folded node is not.
    [[nodiscard]] QRect nodeRect(const NodeId &node) const;
    /// Where a press folds the frame; null if it is not seen.
    [[nodiscard]] QRect frameHandle(const FrameId &frame) const;

Q_SIGNALS:
    void nodeChosen(const pilothouse::NodeId &node);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void restyle();
    void rebuild();
    void applyOverlay();
    void applyProblems();
    [[nodiscard]] QList<Finding> ownProblems(const GraphNode &node) const;
    [[nodiscard]] QList<Finding> frameProblems(const GraphFrame &frame) const;
    void choose(const NodeId &node);
    void describe();
    void step(int dx, int dy);
    void toggleFoldOfChosen();
    void placeMinimap();
    void refreshMinimap();
    [[nodiscard]] NodeItem *seenItem(const NodeId &job) const;

    Graph m_graph;
    QSet<FrameId> m_folded;
    FoldedGraph m_seen;
    Overlay m_overlay;
    QHash<std::pair<QString, QString>, QList<Finding>> m_problems; ///< by path and key of the job
    QDateTime m_serverNow;
    QHash<NodeId, NodeItem *> m_nodes;    ///< owned by the scene
    QHash<FrameId, FrameItem *> m_frames; ///< owned by the scene
    QList<EdgeItem *> m_edges;            ///< owned by the scene
    Minimap *m_minimap;
    NodeId m_chosen;      ///< a job, or a folded node
    bool m_fitted = true; ///< the person has not zoomed: stay fitted
};

} // namespace pilothouse

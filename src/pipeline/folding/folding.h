#pragma once

#include "pipeline/graph.h"
#include "pipeline/overlay.h"

#include <QHash>
#include <QList>
#include <QSet>

namespace pilothouse {

/// A pipeline as it is drawn: each folded frame is one node in its parent's place.
struct FoldedGraph
{
    Graph graph; ///< nodes, edges and frames that are seen
    /// The jobs behind each folded node, in the order of the file, those of inner frames too.
    QHash<NodeId, QList<NodeId>> hidden;
    /// For each job the node that stands for it: itself, or the folded frame it is in.
    QHash<NodeId, NodeId> seen;

    /// The frame that a folded node stands for; empty for a job.
    [[nodiscard]] FrameId frameOf(const NodeId &node) const;

    bool operator==(const FoldedGraph &) const = default;
};

/// The id of the node that a folded frame becomes.
[[nodiscard]] NodeId foldedId(const FrameId &frame);

/// Edges between what is folded and the rest are drawn once, those inside a folded frame not at
/// all. Two folded frames that need each other both ways keep one edge each way, the later one
/// `backward`. Ids of `frames` that the graph does not have count for nothing.
[[nodiscard]] FoldedGraph foldGraph(const Graph &graph, const QSet<FrameId> &frames);

/// The frames to open folded: none up to `most` nodes; else called workflows, and the files with
/// more than one job too while there are still more nodes than that.
[[nodiscard]] QSet<FrameId> openFolded(const Graph &graph, qsizetype most = 150);

/// What the runs say about a folded graph: a folded node shows the worst of its jobs, how many of
/// them have ended, and the time from the first beginning to the last end. Its usual time is
/// unknown: jobs beside each other do not add up.
[[nodiscard]] Overlay foldOverlay(const Overlay &overlay, const FoldedGraph &folded);

/// The job to look at behind a node: of a folded one that with the worst status, the first of
/// these; a job is its own.
[[nodiscard]] NodeId worstJob(const Overlay &overlay, const FoldedGraph &folded,
                              const NodeId &node);

} // namespace pilothouse

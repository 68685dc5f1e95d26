#pragma once

#include "base/id.h"
#include "pipeline/expression/value.h"
#include "pipeline/workflow.h"

#include <QHash>
#include <QList>
#include <QString>

namespace pilothouse {

/// Path and job key: ".github/workflows/ci.yml#lint"; a job of a called workflow carries its
/// callers: ".github/workflows/release.yml#call/lint". The same job keeps its id from commit to
/// commit, so that a selection survives.
using NodeId = Id<struct NodeTag, QString>;
/// Path of the workflow file; a called one carries its caller:
/// ".github/workflows/release.yml#call".
using FrameId = Id<struct FrameTag, QString>;

/// One job of a workflow file. The legs of a matrix are one node.
struct GraphNode
{
    enum class Kind {
        Job,
        Build, ///< what a job hands over to a build service (see withBuilds())
    };

    NodeId id;
    FrameId frame;
    QString title; ///< what to write on it: the job's name without expressions, else its key
    WorkflowJob job;
    /// What `if` says before a run, its callers' too; success of the jobs before is not asked for.
    /// False = no run ever starts it.
    Truth condition = Truth::True;
    Kind kind = Kind::Job;

    /// How many jobs a run of it has; 0 = decided at run time.
    [[nodiscard]] int legCount() const;

    bool operator==(const GraphNode &) const = default;
};

struct GraphEdge
{
    enum class Kind {
        Needs,       ///< `needs` in one file, through calls too
        WorkflowRun, ///< the end of one workflow starts another
    };

    NodeId from;
    NodeId to;
    Kind kind = Kind::Needs;
    bool backward = false; ///< closes a cycle: drawn, but it counts for no order

    bool operator==(const GraphEdge &) const = default;
};

/// One workflow file, or one call of a reusable workflow inside another frame.
struct GraphFrame
{
    FrameId id;
    FrameId parent; ///< the frame of the caller; empty = a file of the workspace
    NodeId caller;  ///< the id that the calling job has (no node bears it); empty = a file
    QString path;
    QString title;                     ///< file name ("ci.yml"), or the calling job's title
    WorkflowJob job;                   ///< the calling job; its key is empty for a file
    QList<NodeId> nodes;               ///< right in it, in the order of the file
    Truth condition = Truth::True;     ///< of the calling job
    QString workflow{};                ///< its name
    QList<WorkflowTrigger> triggers{}; ///< what starts it, with the inputs of a call

    bool operator==(const GraphFrame &) const = default;
};

/// One graph over all workflow files of the workspace at one commit. Edges that are not `backward`
/// form no cycle. Every edge's ends exist.
struct Graph
{
    QList<GraphNode> nodes; ///< file by file, in the order of the files
    QList<GraphEdge> edges;
    QList<GraphFrame> frames; ///< a caller's frame before the frames it calls
    QList<Problem> problems;  ///< of all files, and what only shows between them

    [[nodiscard]] const GraphNode *node(const NodeId &id) const;
    [[nodiscard]] const GraphFrame *frame(const FrameId &id) const;

    bool operator==(const Graph &) const = default;
};

/// Joins workflow files to one graph.
/// Inside a file edges come from `needs`; from file to file from `workflow_run` (the last jobs of
/// the one to the first jobs of the other) by the workflow's name. A job that calls a workflow of
/// this list is drawn as a frame with the called jobs in it; one that calls any other stays a
/// node. A workflow that only others call has no frame of its own.
/// Never fails: an unknown `needs`, a cycle or a missing workflow is a problem, and the node stays.
[[nodiscard]] Graph buildGraph(const QList<Workflow> &workflows);

} // namespace pilothouse

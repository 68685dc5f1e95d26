#pragma once

#include "pipeline/expression/evaluator.h"
#include "pipeline/graph.h"

#include <QHash>
#include <QSet>

#include <optional>

namespace pilothouse {

/// Builds one Graph; used once, by buildGraph.
class GraphBuilder
{
public:
    explicit GraphBuilder(const QList<Workflow> &workflows);
    [[nodiscard]] Graph build();

private:
    /// Where a job, a call or a file begins and ends, as nodes.
    struct Ends
    {
        QList<NodeId> first;
        QList<NodeId> last;
    };

    /// A frame to fill: a file or a call.
    struct Place
    {
        qsizetype frame = 0;           ///< index into the graph's frames
        QString idPrefix;              ///< before the keys of its jobs
        QStringList callers;           ///< paths of the workflows on the way here
        ExpressionContext context;     ///< what expressions know in it
        Truth condition = Truth::True; ///< of the calls on the way here
    };

    void addFile(const Workflow &workflow);
    [[nodiscard]] Ends addJobs(const Workflow &workflow, const Place &place);
    [[nodiscard]] std::optional<Ends> addCall(const WorkflowJob &job, const Workflow &from,
                                              const Place &place);
    void addNode(const WorkflowJob &job, const NodeId &id, const Place &place);
    void addEdges(const Ends &from, const Ends &to, GraphEdge::Kind kind, bool backward);
    void connectFiles();
    void connectFile(const Workflow &workflow);
    void explainUnknownNeed(const Workflow &workflow, const WorkflowReference &need);
    void report(const Workflow &workflow, const Position &at, const QString &message,
                const QString &hint = {}, Problem::Severity severity = Problem::Severity::Error);
    void report(const Problem &problem);
    /// A file of nothing but mistakes must not cost minutes.
    [[nodiscard]] bool isToldEnough(const Workflow &workflow) const;
    [[nodiscard]] static Truth conditionIn(const Place &place, const WorkflowJob &job);
    [[nodiscard]] bool isOnlyCalled(const Workflow &workflow) const;
    [[nodiscard]] const Workflow *workflowAt(const QString &path) const;

    const QList<Workflow> &m_workflows;
    Graph m_graph;
    QHash<QString, Ends> m_files;        ///< by path
    QHash<QString, int> m_told;          ///< by path: how many problems show only between files
    QHash<QString, QStringList> m_after; ///< by path: the paths of the files that it starts
};

} // namespace pilothouse

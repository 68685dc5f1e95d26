#pragma once

#include "pipeline/graph.h"
#include "pipeline/jobname.h"

#include <QHash>
#include <QString>

namespace pilothouse {

/// Finds the place of a job in a graph by the workflow's path and the job's name. Made once for a
/// graph, asked often.
class JobMatcher
{
public:
    /// What a name can stand for, best first. Equals are in the order of the file.
    struct Match
    {
        QList<NodeId> nodes;
        FrameId call; ///< a calling job that has no jobs of its own callees; empty = none
    };

    explicit JobMatcher(const Graph &graph);

    [[nodiscard]] Match find(const QString &workflowPath, const QString &jobName) const;

private:
    struct Candidate
    {
        NamePattern pattern;
        NodeId node;
        FrameId call;
    };
    struct File
    {
        QHash<QString, QList<Candidate>> exact; ///< by name
        QList<Candidate> loose;                 ///< with gaps, heaviest first
    };

    void add(const QString &path, const QList<NamePattern> &names, const NodeId &node,
             const FrameId &call);

    QHash<QString, File> m_files; ///< by path of the workflow file that runs
};

} // namespace pilothouse

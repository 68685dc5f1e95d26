#include "pipeline/jobmatcher.h"

#include <algorithm>

namespace pilothouse {

namespace {

QString pathOfFile(const Graph &graph, const FrameId &id)
{
    const GraphFrame *frame = graph.frame(id);
    while (frame && !frame->caller.value.isEmpty())
        frame = graph.frame(frame->parent);
    return frame ? frame->path : QString();
}

} // namespace

JobMatcher::JobMatcher(const Graph &graph)
{
    for (const GraphNode &node : graph.nodes)
        add(pathOfFile(graph, node.frame), namesOf(node, graph), node.id, {});
    for (const GraphFrame &frame : graph.frames) {
        if (!frame.caller.value.isEmpty())
            add(pathOfFile(graph, frame.id), namesOf(frame, graph), {}, frame.id);
    }
    for (File &file : m_files)
        std::stable_sort(file.loose.begin(), file.loose.end(),
                         [](const Candidate &a, const Candidate &b) {
                             return a.pattern.weight() > b.pattern.weight();
                         });
}

void JobMatcher::add(const QString &path, const QList<NamePattern> &names, const NodeId &node,
                     const FrameId &call)
{
    File &file = m_files[path];
    for (const NamePattern &name : names) {
        if (name.isExact())
            file.exact[name.texts.first()].append({name, node, call});
        else
            file.loose.append({name, node, call});
    }
}

JobMatcher::Match JobMatcher::find(const QString &workflowPath, const QString &jobName) const
{
    Match match;
    const auto file = m_files.constFind(workflowPath);
    if (file == m_files.constEnd())
        return match;
    const auto take = [&](const Candidate &candidate) {
        if (candidate.node.value.isEmpty()) {
            if (match.call.value.isEmpty())
                match.call = candidate.call;
        } else if (!match.nodes.contains(candidate.node)) {
            match.nodes.append(candidate.node);
        }
    };
    for (const Candidate &candidate : file->exact.value(jobName))
        take(candidate);
    if (match.nodes.isEmpty() && match.call.value.isEmpty()) {
        // A name that the host has cut: the exact names are not found by their hash.
        if (jobName.endsWith(QLatin1String("..."))) {
            for (const QList<Candidate> &candidates : file->exact) {
                for (const Candidate &candidate : candidates) {
                    if (candidate.pattern.matches(jobName))
                        take(candidate);
                }
            }
        }
        qsizetype weight = -1;
        for (const Candidate &candidate : file->loose) {
            if (weight >= 0 && candidate.pattern.weight() < weight)
                break;
            if (candidate.pattern.matches(jobName)) {
                weight = candidate.pattern.weight();
                take(candidate);
            }
        }
    }
    return match;
}

} // namespace pilothouse

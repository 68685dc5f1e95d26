#include "pipeline/graphbuilder.h"

#include "base/words.h"
#include "document/nearestword.h"
#include "pipeline/expression/textparts.h"
#include "pipeline/needs.h"
#include "pipeline/reading/callcheck.h"
#include "pipeline/reading/plancontext.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// The CI host allows ten levels, the first file among them; files that call each other many times
/// grow without bound.
constexpr qsizetype deepestCall = 10;
constexpr qsizetype mostNodes = 2'000;

const QString workflowCall = QStringLiteral("workflow_call");
const QString workflowRun = QStringLiteral("workflow_run");

/// The words of a name that are the same in every leg: "Test (${{ matrix.os }})" is "Test".
QString titleOf(const WorkflowJob &job)
{
    static const QRegularExpression expression(QStringLiteral("\\$\\{\\{.*?\\}\\}"));
    static const QRegularExpression leftOver(QStringLiteral("\\(\\s*[-,/\\s]*\\)|\\[\\s*\\]"));
    static const QRegularExpression border(QStringLiteral("^[-,:/|\\s]+|[-,:/|\\s]+$"));
    QString title = job.name.text;
    if (title.contains(expression)) {
        title.remove(expression);
        title.remove(leftOver);
        title.remove(border);
    }
    title = title.simplified();
    return title.isEmpty() ? job.key : title;
}

QString fileName(const QString &path)
{
    return path.section(QLatin1Char('/'), -1);
}

/// The reader has refused what stands at this place.
bool isRefusedAt(const Workflow &workflow, const Position &at)
{
    return std::any_of(workflow.problems.begin(), workflow.problems.end(),
                       [&](const Problem &problem) {
                           return problem.severity == Problem::Severity::Error
                                  && problem.line == at.line && problem.column == at.column;
                       });
}

} // namespace

Graph buildGraph(const QList<Workflow> &workflows)
{
    return GraphBuilder(workflows).build();
}

GraphBuilder::GraphBuilder(const QList<Workflow> &workflows) : m_workflows(workflows) {}

Graph GraphBuilder::build()
{
    for (const Workflow &workflow : m_workflows) {
        m_graph.problems += workflow.problems;
        if (!workflow.elsewhere && !isOnlyCalled(workflow))
            addFile(workflow);
    }
    connectFiles();
    return m_graph;
}

const Workflow *GraphBuilder::workflowAt(const QString &path) const
{
    const auto found = std::find_if(m_workflows.begin(), m_workflows.end(),
                                    [&](const Workflow &other) { return other.path == path; });
    return found == m_workflows.end() ? nullptr : &*found;
}

bool GraphBuilder::isOnlyCalled(const Workflow &workflow) const
{
    const bool callable = !workflow.triggers.isEmpty()
                          && std::all_of(workflow.triggers.begin(), workflow.triggers.end(),
                                         [](const WorkflowTrigger &trigger) {
                                             return trigger.event == workflowCall;
                                         });
    return callable
           && std::any_of(m_workflows.begin(), m_workflows.end(), [&](const Workflow &other) {
                  return other.path != workflow.path
                         && std::any_of(other.jobs.begin(), other.jobs.end(),
                                        [&](const WorkflowJob &job) {
                                            return calleePath(other, job) == workflow.path;
                                        });
              });
}

void GraphBuilder::addFile(const Workflow &workflow)
{
    GraphFrame frame;
    frame.id = FrameId(workflow.path);
    frame.path = workflow.path;
    frame.title = fileName(workflow.path);
    frame.workflow = workflow.name;
    frame.triggers = workflow.triggers;
    m_graph.frames.append(frame);
    m_files.insert(workflow.path, addJobs(workflow, {m_graph.frames.size() - 1,
                                                     workflow.path + QLatin1Char('#'),
                                                     {},
                                                     contextOf(workflow),
                                                     Truth::True}));
}

GraphBuilder::Ends GraphBuilder::addJobs(const Workflow &workflow, const Place &place)
{
    QHash<QString, Ends> ends;
    for (const WorkflowJob &job : workflow.jobs) {
        const NodeId id(place.idPrefix + job.key);
        if (const std::optional<Ends> call = addCall(job, workflow, place)) {
            ends.insert(job.key, *call);
        } else {
            addNode(job, id, place);
            ends.insert(job.key, {{id}, {id}});
        }
    }

    const Needs needs = sortNeeds(workflow);
    Ends all;
    for (const WorkflowJob &job : workflow.jobs) {
        if (!needs.hasNeeds.contains(job.key))
            all.first += ends[job.key].first;
        if (!needs.isNeeded.contains(job.key))
            all.last += ends[job.key].last;
    }
    for (const Need &need : needs.known)
        addEdges(ends[need.from], ends[need.to], GraphEdge::Kind::Needs,
                 need.closes == Need::Closes::Cycle);
    for (const WorkflowReference &need : needs.unknown)
        explainUnknownNeed(workflow, need);
    for (const Need &need : needs.known) {
        if (need.closes == Need::Closes::Cycle)
            report(workflow, need.at,
                   Words::tr("job \"%1\" waits for \"%2\", which waits for it in turn")
                       .arg(need.to, need.from));
    }
    return all;
}

void GraphBuilder::addNode(const WorkflowJob &job, const NodeId &id, const Place &place)
{
    GraphFrame &frame = m_graph.frames[place.frame];
    m_graph.nodes.append({id, frame.id, titleOf(job), job, conditionIn(place, job)});
    frame.nodes.append(id);
}

Truth GraphBuilder::conditionIn(const Place &place, const WorkflowJob &job)
{
    const Truth own = conditionHolds(job.condition.text, place.context);
    if (place.condition == Truth::False || own == Truth::False)
        return Truth::False;
    return place.condition == Truth::Unknown ? Truth::Unknown : own;
}

std::optional<GraphBuilder::Ends> GraphBuilder::addCall(const WorkflowJob &job,
                                                        const Workflow &from, const Place &place)
{
    const QString path = calleePath(from, job);
    if (path.isEmpty())
        return std::nullopt;
    const Workflow *callee = workflowAt(path);
    const QStringList callers = place.callers + QStringList{from.path};
    if (!callee) {
        // One of another repository is a node; why its file was not read, its reader says.
        if (calleeElsewhere(from, job) || isToldEnough(from) || isRefusedAt(from, job.uses.at))
            return std::nullopt;
        QStringList paths;
        for (const Workflow &other : m_workflows)
            paths.append(other.path);
        report(from, job.at,
               Words::tr("job \"%1\" calls %2, which is not there").arg(job.key, path),
               nearestWord(path, paths));
        return std::nullopt;
    }
    if (callers.size() >= deepestCall || m_graph.nodes.size() > mostNodes) {
        report(from, job.at,
               Words::tr("job \"%1\" calls %2 too deep: what it calls is not drawn")
                   .arg(job.key, path));
        return std::nullopt;
    }
    if (callers.contains(path)) {
        report(from, job.at,
               Words::tr("job \"%1\" calls %2, which leads back here").arg(job.key, path));
        return std::nullopt;
    }
    if (callee->isWhole) {
        if (!callee->startsOn(workflowCall))
            report(from, job.at,
                   Words::tr("job \"%1\" calls %2, which does not allow it: add "
                             "\"workflow_call\" under its \"on\"")
                       .arg(job.key, path));
        for (const Problem &problem : checkCall(from.path, job, *callee))
            report(problem);
    }
    if (callee->jobs.isEmpty())
        return std::nullopt;

    GraphFrame frame;
    frame.caller = NodeId(place.idPrefix + job.key);
    frame.id = FrameId(frame.caller.value);
    frame.parent = m_graph.frames[place.frame].id;
    frame.path = path;
    frame.title = titleOf(job);
    frame.workflow = callee->name;
    frame.triggers = callee->triggers;
    frame.job = job;
    frame.condition = conditionIn(place, job);
    m_graph.frames.append(frame);
    return addJobs(*callee,
                   {m_graph.frames.size() - 1, frame.caller.value + QLatin1Char('/'), callers,
                    contextOfCall(place.context, job, callee->triggers), frame.condition});
}

void GraphBuilder::addEdges(const Ends &from, const Ends &to, GraphEdge::Kind kind, bool backward)
{
    for (const NodeId &source : from.last) {
        for (const NodeId &target : to.first)
            m_graph.edges.append({source, target, kind, backward});
    }
}

void GraphBuilder::connectFiles()
{
    for (const Workflow &workflow : m_workflows) {
        if (m_files.contains(workflow.path))
            connectFile(workflow);
    }
}

void GraphBuilder::connectFile(const Workflow &workflow)
{
    const auto leadsTo = [&](const QString &start, const QString &goal) {
        QStringList open{start};
        QSet<QString> seen;
        while (!open.isEmpty()) {
            const QString path = open.takeLast();
            if (path == goal)
                return true;
            if (!seen.contains(path))
                open += m_after.value(path);
            seen.insert(path);
        }
        return false;
    };
    for (const WorkflowTrigger &trigger : workflow.triggers) {
        if (trigger.event != workflowRun)
            continue;
        for (const WorkflowReference &wanted : trigger.workflows) {
            QStringList names;
            const Workflow *source = nullptr;
            for (const Workflow &other : m_workflows) {
                names.append(other.name);
                if (other.name == wanted.name && m_files.contains(other.path))
                    source = source ? source : &other;
            }
            if (!source) {
                if (isToldEnough(workflow))
                    break;
                report(workflow, wanted.at,
                       Words::tr("no workflow of this workspace is named \"%1\"").arg(wanted.name),
                       nearestWord(wanted.name, names), Problem::Severity::Warning);
                continue;
            }
            const bool backward = leadsTo(workflow.path, source->path);
            if (backward)
                report(workflow, wanted.at,
                       Words::tr("%1 and %2 start each other in a circle")
                           .arg(fileName(source->path), fileName(workflow.path)));
            else
                m_after[source->path].append(workflow.path);
            addEdges(m_files[source->path], m_files[workflow.path], GraphEdge::Kind::WorkflowRun,
                     backward);
        }
    }
}

void GraphBuilder::explainUnknownNeed(const Workflow &workflow, const WorkflowReference &need)
{
    if (!workflow.isWhole || isToldEnough(workflow))
        return;
    for (const Workflow &other : m_workflows) {
        if (std::any_of(other.jobs.begin(), other.jobs.end(),
                        [&](const WorkflowJob &job) { return job.key == need.name; })) {
            report(workflow, need.at,
                   Words::tr("job \"%1\" is in %2, but \"needs\" sees only jobs of its own file: "
                             "start this workflow by \"workflow_run\" instead")
                       .arg(need.name, fileName(other.path)));
            return;
        }
    }
    QStringList keys;
    for (const WorkflowJob &job : workflow.jobs)
        keys.append(job.key);
    report(workflow, need.at, Words::tr("there is no job \"%1\" in this file").arg(need.name),
           nearestWord(need.name, keys));
}

void GraphBuilder::report(const Workflow &workflow, const Position &at, const QString &message,
                          const QString &hint, Problem::Severity severity)
{
    report({workflow.path, at.line, at.column, message, hint, severity});
}

bool GraphBuilder::isToldEnough(const Workflow &workflow) const
{
    return m_told.value(workflow.path) >= Problems::most;
}

void GraphBuilder::report(const Problem &problem)
{
    if (m_told.value(problem.file) >= Problems::most)
        return;
    // A file that is called twice is drawn twice; its mistakes are told once.
    if (m_graph.problems.contains(problem))
        return;
    m_graph.problems.append(problem);
    ++m_told[problem.file];
}

} // namespace pilothouse

#include "app/cli/pipelinejson.h"

#include "app/cli/findingsreport.h"

#include <QJsonArray>

#include <algorithm>

namespace pilothouse {

namespace {

QString wordOf(Truth truth)
{
    switch (truth) {
    case Truth::True:
        return QStringLiteral("true");
    case Truth::False:
        return QStringLiteral("false");
    case Truth::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QJsonObject legJson(const MatrixLeg &leg)
{
    QJsonObject values;
    for (const MatrixValue &value : leg.values + leg.added)
        values.insert(value.key, value.value);
    return values;
}

QJsonValue matrixJson(const Matrix &matrix)
{
    if (matrix.kind == Matrix::Kind::None)
        return QJsonValue::Null;
    if (matrix.kind == Matrix::Kind::Dynamic)
        return QJsonObject{{QStringLiteral("kind"), QStringLiteral("dynamic")}};
    QJsonArray legs;
    for (const MatrixLeg &leg : matrix.legs)
        legs.append(legJson(leg));
    return QJsonObject{{QStringLiteral("kind"), QStringLiteral("known")},
                       {QStringLiteral("legs"), legs}};
}

QJsonValue callJson(const WorkflowJob &job)
{
    if (job.uses.isEmpty())
        return QJsonValue::Null;
    if (const auto remote = job.remoteCallee())
        return QJsonObject{{QStringLiteral("kind"), QStringLiteral("remote")},
                           {QStringLiteral("repository"), remote->repository},
                           {QStringLiteral("path"), remote->path},
                           {QStringLiteral("ref"), remote->ref}};
    return QJsonObject{{QStringLiteral("kind"), QStringLiteral("local")},
                       {QStringLiteral("path"), job.localCallee()}};
}

QJsonValue environmentJson(const WorkflowEnvironment &environment)
{
    if (environment.isEmpty())
        return QJsonValue::Null;
    QJsonObject json{{QStringLiteral("name"), environment.name.text}};
    if (!environment.url.isEmpty())
        json.insert(QStringLiteral("url"), environment.url.text);
    return json;
}

QJsonObject jobJson(const WorkflowJob &job)
{
    QStringList needs;
    for (const WorkflowReference &need : job.needs)
        needs.append(need.name);
    QJsonArray steps;
    for (const WorkflowStep &step : job.steps)
        steps.append(step.shownName());
    return {{QStringLiteral("id"), job.key},
            {QStringLiteral("name"), job.name.isEmpty() ? job.key : job.name.text},
            {QStringLiteral("needs"), QJsonArray::fromStringList(needs)},
            {QStringLiteral("runs_on"), job.runsOn.text()},
            {QStringLiteral("if"), job.condition.text},
            {QStringLiteral("environment"), environmentJson(job.environment)},
            {QStringLiteral("matrix"), matrixJson(job.matrix)},
            {QStringLiteral("calls"), callJson(job)},
            {QStringLiteral("steps"), steps},
            {QStringLiteral("line"), job.at.line}};
}

QJsonObject workflowJson(const Workflow &workflow, const Graph &graph)
{
    QJsonArray triggers;
    for (const WorkflowTrigger &trigger : workflow.triggers)
        triggers.append(trigger.event);
    QJsonArray jobs;
    for (const WorkflowJob &job : workflow.jobs)
        jobs.append(jobJson(job));
    return {{QStringLiteral("path"), workflow.path},
            {QStringLiteral("name"), workflow.name},
            {QStringLiteral("triggers"), triggers},
            {QStringLiteral("refused"), isRefused(workflow, graph)},
            {QStringLiteral("jobs"), jobs}};
}

QJsonObject problemJson(const Problem &problem)
{
    QJsonObject json{{QStringLiteral("file"), problem.file},
                     {QStringLiteral("line"), problem.line},
                     {QStringLiteral("column"), problem.column},
                     {QStringLiteral("severity"), problem.severity == Problem::Severity::Error
                                                      ? QStringLiteral("error")
                                                      : QStringLiteral("warning")},
                     {QStringLiteral("message"), problem.message}};
    if (!problem.hint.isEmpty())
        json.insert(QStringLiteral("hint"), problem.hint);
    return json;
}

QJsonObject nodeJson(const GraphNode &node)
{
    return {{QStringLiteral("id"), node.id.value},
            {QStringLiteral("frame"), node.frame.value},
            {QStringLiteral("title"), node.title},
            {QStringLiteral("job"), node.job.key},
            {QStringLiteral("legs"), node.legCount()},
            {QStringLiteral("condition"), wordOf(node.condition)}};
}

QJsonObject edgeJson(const GraphEdge &edge)
{
    return {{QStringLiteral("from"), edge.from.value},
            {QStringLiteral("to"), edge.to.value},
            {QStringLiteral("kind"), edge.kind == GraphEdge::Kind::Needs
                                         ? QStringLiteral("needs")
                                         : QStringLiteral("workflow_run")},
            {QStringLiteral("closes_cycle"), edge.backward}};
}

template <typename Value, typename Write>
QJsonArray arrayOf(const QList<Value> &values, Write write)
{
    QJsonArray array;
    for (const Value &value : values)
        array.append(write(value));
    return array;
}

} // namespace

bool isRefused(const Workflow &workflow, const Graph &graph)
{
    return std::any_of(graph.problems.begin(), graph.problems.end(), [&](const Problem &problem) {
        return problem.file == workflow.path && problem.severity == Problem::Severity::Error;
    });
}

QJsonObject pipelineJson(const QList<Workflow> &workflows, const Graph &graph,
                         const QList<Finding> &findings)
{
    return {{QStringLiteral("workflows"),
             arrayOf(workflows,
                     [&](const Workflow &workflow) { return workflowJson(workflow, graph); })},
            {QStringLiteral("nodes"), arrayOf(graph.nodes, nodeJson)},
            {QStringLiteral("edges"), arrayOf(graph.edges, edgeJson)},
            {QStringLiteral("problems"), arrayOf(graph.problems, problemJson)},
            {QStringLiteral("findings"), findingsJson(findings)}};
}

} // namespace pilothouse

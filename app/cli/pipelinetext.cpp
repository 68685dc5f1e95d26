#include "app/cli/pipelinetext.h"

#include "app/cli/findingsreport.h"
#include "base/words.h"

#include <algorithm>

namespace pilothouse {

namespace {

QString needsOf(const WorkflowJob &job)
{
    QStringList names;
    for (const WorkflowReference &need : job.needs)
        names.append(need.name);
    return names.join(QStringLiteral(", "));
}

QString legsOf(const Matrix &matrix)
{
    QStringList legs;
    for (const MatrixLeg &leg : matrix.legs) {
        QStringList values;
        for (const MatrixValue &value : leg.values + leg.added)
            values.append(value.value);
        legs.append(values.join(QLatin1Char(' ')));
    }
    return legs.join(QStringLiteral(", "));
}

/// What a job's `if` says; in a file that is called more than once it may differ.
Truth conditionOf(const Workflow &workflow, const WorkflowJob &job, const Graph &graph)
{
    const auto node = std::find_if(graph.nodes.begin(), graph.nodes.end(), [&](const GraphNode &n) {
        const GraphFrame *frame = graph.frame(n.frame);
        return n.job.key == job.key && frame && frame->path == workflow.path;
    });
    return node == graph.nodes.end() ? Truth::Unknown : node->condition;
}

QString lineOf(const WorkflowJob &job, const QString &condition)
{
    QStringList facts;
    if (!job.needs.isEmpty())
        facts.append(Words::tr("needs %1").arg(needsOf(job)));
    if (!job.uses.isEmpty())
        facts.append(Words::tr("calls %1").arg(job.uses.text));
    if (!job.environment.isEmpty())
        facts.append(Words::tr("environment %1").arg(job.environment.name.text));
    if (job.matrix.kind == Matrix::Kind::Known)
        facts.append(Words::tr("%n job(s): %1", nullptr, int(job.matrix.legs.size()))
                         .arg(legsOf(job.matrix)));
    if (job.matrix.kind == Matrix::Kind::Dynamic)
        facts.append(Words::tr("how many jobs, a run decides"));
    if (!condition.isEmpty())
        facts.append(condition);
    QString line = QStringLiteral("  ") + job.key;
    if (!facts.isEmpty())
        line += QStringLiteral(": ") + facts.join(QStringLiteral("; "));
    return line + QLatin1Char('\n');
}

QString blockOf(const Workflow &workflow, const Graph &graph)
{
    QStringList events;
    for (const WorkflowTrigger &trigger : workflow.triggers)
        events.append(trigger.event);
    QString text = workflow.path;
    if (workflow.name != workflow.path)
        text += QStringLiteral(" (%1)").arg(workflow.name);
    if (!events.isEmpty())
        text += Words::tr(" on %1").arg(events.join(QStringLiteral(", ")));
    text += QLatin1Char('\n');
    for (const WorkflowJob &job : workflow.jobs)
        text += lineOf(job, conditionOf(workflow, job, graph) == Truth::False
                                ? Words::tr("never runs, as its \"if\" says")
                                : QString());
    return text + QLatin1Char('\n');
}

} // namespace

QString pipelineText(const QList<Workflow> &workflows, const Graph &graph,
                     const QList<Finding> &findings)
{
    QString text;
    for (const Workflow &workflow : workflows)
        text += blockOf(workflow, graph);
    for (const Problem &problem : graph.problems)
        text += (problem.severity == Problem::Severity::Error ? Words::tr("error: ")
                                                              : Words::tr("warning: "))
                + problem.toString() + QLatin1Char('\n');
    if (!graph.problems.isEmpty() && !findings.isEmpty())
        text += QLatin1Char('\n');
    return text + findingsText(findings);
}

} // namespace pilothouse

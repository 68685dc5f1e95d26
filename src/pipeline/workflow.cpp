#include "pipeline/workflow.h"

#include "base/words.h"
#include "document/yamlparser.h"
#include "pipeline/matrix.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// A place for messages about a value that may be absent: its key then.
Position placeOf(const YamlNode::Entry &entry)
{
    return entry.value.at().line > 0 ? entry.value.at() : entry.keyAt;
}

/// One text or a list of them, each with its place; other shapes are problems.
QList<WorkflowReference> references(const YamlNode &node, const QString &what, Problems &problems)
{
    QList<WorkflowReference> found;
    const auto take = [&](const YamlNode &item) {
        if (!item.isScalar())
            problems.add(item.at(), Words::tr("expected a name in %1").arg(what));
        else if (std::none_of(found.begin(), found.end(), [&](const WorkflowReference &other) {
                     return other.name == item.text();
                 }))
            found.append({item.text(), item.at()});
    };
    if (node.isSequence())
        std::for_each(node.items().begin(), node.items().end(), take);
    else if (!node.isMissing() && !node.isNull())
        take(node);
    return found;
}

QStringList texts(const YamlNode &node)
{
    QStringList found;
    if (node.isScalar())
        found.append(node.text());
    for (const YamlNode &item : node.items()) {
        if (item.isScalar())
            found.append(item.text());
    }
    return found;
}

QString runsOn(const YamlNode &node)
{
    if (!node.isMap())
        return texts(node).join(QStringLiteral(", "));
    QStringList labels = texts(node.value(u"labels"));
    if (const QString group = node.value(u"group").text(); !group.isEmpty())
        labels.prepend(group);
    return labels.join(QStringLiteral(", "));
}

QString stepName(const YamlNode &step)
{
    if (const QString name = step.value(u"name").text(); !name.isEmpty())
        return name;
    const YamlNode uses = step.value(u"uses");
    const QString what = uses.isScalar()
                             ? uses.text()
                             : step.value(u"run").text().trimmed().section(QLatin1Char('\n'), 0, 0);
    return QStringLiteral("Run ") + what;
}

QList<WorkflowTrigger> readTriggers(const YamlNode &on, Problems &problems)
{
    QList<WorkflowTrigger> triggers;
    for (const QString &event : texts(on))
        triggers.append({event, {}, {}, {}});
    for (const YamlNode::Entry &entry : on.entries()) {
        triggers.append(
            {entry.key,
             references(entry.value.value(u"workflows"), QStringLiteral("\"workflows\""), problems),
             texts(entry.value.value(u"types")), texts(entry.value.value(u"branches"))});
    }
    return triggers;
}

WorkflowJob readJob(const YamlNode::Entry &entry, Problems &problems)
{
    static const QRegularExpression valid(QStringLiteral("^[A-Za-z_][A-Za-z0-9_-]*$"));
    WorkflowJob job;
    job.key = entry.key;
    job.at = entry.keyAt;
    if (!valid.match(job.key).hasMatch())
        problems.add(job.at, Words::tr("\"%1\" cannot be the key of a job: use letters, digits, - "
                                       "and _, beginning with a letter or _")
                                 .arg(job.key));
    const YamlNode &body = entry.value;
    if (!body.isMap()) {
        problems.add(placeOf(entry), Words::tr("expected the keys of job \"%1\"").arg(job.key));
        return job;
    }

    job.name = body.value(u"name").text();
    job.needs = references(body.value(u"needs"), QStringLiteral("\"needs\""), problems);
    job.uses = body.value(u"uses").text();
    job.runsOn = runsOn(body.value(u"runs-on"));
    job.condition = body.value(u"if").text();
    job.timeoutMinutes = body.value(u"timeout-minutes").text();
    const YamlNode environment = body.value(u"environment");
    job.environment = environment.isMap() ? environment.value(u"name").text() : environment.text();
    job.matrix = readMatrix(body.value(u"strategy").value(u"matrix"), problems);
    for (const YamlNode &step : body.value(u"steps").items()) {
        if (!step.isMap()) {
            problems.add(step.at(), Words::tr("expected a step with \"uses\" or \"run\""));
            continue;
        }
        if (!step.contains(u"uses") && !step.contains(u"run"))
            problems.add(step.at(), Words::tr("this step has neither \"uses\" nor \"run\""));
        job.steps.append(stepName(step));
    }

    if (job.uses.isEmpty() && !body.contains(u"runs-on"))
        problems.add(job.at,
                     Words::tr("job \"%1\" has neither \"runs-on\" nor \"uses\"").arg(job.key));
    if (!job.uses.isEmpty() && body.contains(u"steps"))
        problems.add(
            body.keyAt(u"steps"),
            Words::tr("job \"%1\" calls a workflow, so it cannot have steps").arg(job.key));
    return job;
}

} // namespace

QString WorkflowJob::localCallee() const
{
    return uses.startsWith(QLatin1String("./")) ? uses.mid(2) : QString();
}

bool Workflow::startsOn(const QString &event) const
{
    return std::any_of(triggers.begin(), triggers.end(),
                       [&](const WorkflowTrigger &trigger) { return trigger.event == event; });
}

Workflow parseWorkflow(const SourceFile &file)
{
    Workflow workflow;
    workflow.path = file.path;
    workflow.name = file.path;
    Problems problems(file.path);
    const YamlNode root = parseYaml(file.content, problems, Strictness::Lenient);
    if (root.isMap()) {
        if (const QString name = root.value(u"name").text(); !name.isEmpty())
            workflow.name = name;
        workflow.triggers = readTriggers(root.value(u"on"), problems);
        if (workflow.triggers.isEmpty())
            problems.add(root.contains(u"on") ? root.keyAt(u"on") : root.at(),
                         Words::tr("\"on\" names no event, so nothing starts this workflow"));
        const YamlNode jobs = root.value(u"jobs");
        for (const YamlNode::Entry &entry : jobs.entries())
            workflow.jobs.append(readJob(entry, problems));
        if (workflow.jobs.isEmpty())
            problems.add(root.contains(u"jobs") ? root.keyAt(u"jobs") : root.at(),
                         Words::tr("\"jobs\" names no job"));
    } else if (!problems.hasErrors()) {
        problems.add(root.at(), Words::tr("expected a workflow with \"on\" and \"jobs\""));
    }
    workflow.problems = problems.list();
    return workflow;
}

} // namespace pilothouse

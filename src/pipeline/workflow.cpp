#include "pipeline/workflow.h"

#include "base/words.h"
#include "document/yamlparser.h"
#include "pipeline/reading/jobreader.h"
#include "pipeline/reading/keys.h"
#include "pipeline/reading/sharedvalues.h"
#include "pipeline/reading/triggerreader.h"

#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

/// Of the map under `jobs`: a job of which something is missing is not drawn.
constexpr int levelOfJobs = 2;

void readJobs(Keys &keys, Workflow &workflow, Problems &problems)
{
    const QString key = QStringLiteral("jobs");
    const YamlNode jobs = keys.node(key);
    checkKeysDiffer(jobs, problems);
    for (const YamlNode::Entry &entry : jobs.entries()) {
        if (!workflow.jobs.isEmpty())
            workflow.jobs.last().end = entry.keyAt;
        if (workflow.isWhole || entry.value.isMap()) // else its keys are below the error
            workflow.jobs.append(readJob(entry, problems));
    }
}

/// A run that has a group of its own would wait for itself.
void checkGroups(const Workflow &workflow, Problems &problems)
{
    const WorkflowText &own = workflow.concurrency.group;
    if (own.isEmpty() || own.isExpression())
        return;
    for (const WorkflowJob &job : workflow.jobs) {
        if (job.concurrency.group.text == own.text)
            problems.add(job.concurrency.group.at,
                         Words::tr("the workflow in line %1 has the concurrency group \"%2\" "
                                   "already: job \"%3\" would wait for its own run")
                             .arg(QString::number(own.at.line), own.text, job.key));
    }
}

void readTop(const YamlNode &root, Workflow &workflow, Problems &problems)
{
    Keys keys(root, Words::tr("a workflow"), problems);
    if (const WorkflowText name = keys.text(QStringLiteral("name")); !name.isEmpty())
        workflow.name = name.text;
    static_cast<void>(keys.text(QStringLiteral("description")));
    workflow.runName = keys.text(QStringLiteral("run-name"), Form::Text, Scope::Workflow);
    const QString on = QStringLiteral("on");
    workflow.onAt = keys.keyAt(on);
    workflow.triggers = readTriggers(keys.node(on), keys.placeOf(on), problems);
    if (workflow.triggers.isEmpty())
        problems.add(keys.has(on) ? workflow.onAt : root.at(),
                     Words::tr("\"on\" names no event, so nothing starts this workflow"));
    workflow.permissions = readPermissions(keys, problems);
    workflow.concurrency = readConcurrency(keys, Scope::Workflow, problems);
    workflow.defaults = readDefaults(keys, Scope::None, problems);
    workflow.env = keys.settings(QStringLiteral("env"), Scope::WorkflowEnv, Scope::WorkflowEnv);
    readJobs(keys, workflow, problems);
    for (const YamlNode::Entry &entry : root.entries()) {
        if (!workflow.jobs.isEmpty() && workflow.jobs.last().at < entry.keyAt) {
            workflow.jobs.last().end = entry.keyAt;
            break;
        }
    }
    checkGroups(workflow, problems);
    if (workflow.jobs.isEmpty())
        problems.add(root.contains(u"jobs") ? root.keyAt(u"jobs") : root.at(),
                     Words::tr("\"jobs\" names no job"));
}

/// The host takes a mark at the beginning, which tells of UTF-8.
QByteArray withoutMark(const QByteArray &content)
{
    return content.startsWith("\xEF\xBB\xBF") ? content.mid(3) : content;
}

/// A line that is wrong from its beginning on ends what is indented deeper; the parser stops before
/// it has told all of that.
ReadableYaml readableYaml(const QByteArray &content, Problems &problems)
{
    // Strict, although the file is not ours: what that refuses, the host refuses as well.
    ReadableYaml found = parseYamlToError(content, problems, levelOfJobs, Strictness::Strict);
    if (found.isWhole || !problems.hasErrors())
        return found;
    const Problem error = problems.list().last();
    qsizetype start = 0;
    for (int line = 1; line < error.line; ++line)
        start = content.indexOf('\n', start) + 1;
    qsizetype indent = 0;
    while (start + indent < content.size() && content[start + indent] == ' ')
        ++indent;
    if (error.column > indent + 1)
        return found;
    Problems known(problems.file());
    const ReadableYaml above = parseYamlToError(content.first(start), known, levelOfJobs);
    const QList<YamlNode::Entry> jobs = above.root.value(u"jobs").entries();
    if (above.isWhole && jobs.size() > found.root.value(u"jobs").entries().size()
        && error.column <= jobs.last().keyAt.column)
        found.root = above.root;
    return found;
}

} // namespace

QString WorkflowJob::localCallee() const
{
    for (const char *here : {"./", "$/"}) {
        if (uses.text.startsWith(QLatin1String(here)))
            return uses.text.mid(2);
    }
    return {};
}

std::optional<RemoteFile> WorkflowJob::remoteCallee() const
{
    static const QRegularExpression form(
        QStringLiteral("^([^/@\\s]+/[^/@\\s]+)/([^@\\s]+)@(\\S+)$"));
    const QRegularExpressionMatch match = form.match(uses.text);
    if (!localCallee().isEmpty() || !match.hasMatch())
        return std::nullopt;
    return RemoteFile{match.captured(1), match.captured(2), match.captured(3)};
}

std::optional<RemoteFile> calleeElsewhere(const Workflow &from, const WorkflowJob &job)
{
    const QString local = job.localCallee();
    if (from.elsewhere && !local.isEmpty())
        return RemoteFile{from.elsewhere->repository, local, from.elsewhere->ref};
    return job.remoteCallee();
}

QString calleePath(const Workflow &from, const WorkflowJob &job)
{
    const std::optional<RemoteFile> elsewhere = calleeElsewhere(from, job);
    return elsewhere ? elsewhere->address() : job.localCallee();
}

const WorkflowTrigger *Workflow::trigger(const QString &event) const
{
    const auto found
        = std::find_if(triggers.begin(), triggers.end(),
                       [&](const WorkflowTrigger &trigger) { return trigger.event == event; });
    return found == triggers.end() ? nullptr : &*found;
}

const WorkflowJob *Workflow::job(const QString &key) const
{
    const auto found = std::find_if(jobs.begin(), jobs.end(),
                                    [&](const WorkflowJob &job) { return job.key == key; });
    return found == jobs.end() ? nullptr : &*found;
}

Workflow parseWorkflow(const SourceFile &file)
{
    Workflow workflow;
    workflow.path = file.path;
    workflow.name = file.path;
    Problems problems(file.path);
    const ReadableYaml found = readableYaml(withoutMark(file.content), problems);
    const YamlNode &root = found.root;
    workflow.isWhole = found.isWhole;
    Problems ofPart(file.path); // much of it would be that something is missing: not told
    if (root.isMap())
        readTop(root, workflow, found.isWhole ? problems : ofPart);
    else if (!problems.hasErrors())
        problems.add(root.at(), Words::tr("expected a workflow with \"on\" and \"jobs\""));
    workflow.problems = problems.list();
    if (!found.isWhole && !workflow.jobs.isEmpty() && workflow.jobs.last().end.line == 0) {
        const Position error{workflow.problems.last().line, workflow.problems.last().column};
        if (error > workflow.jobs.last().at)
            workflow.jobs.last().end = error;
    }
    return workflow;
}

} // namespace pilothouse

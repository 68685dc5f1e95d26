#include "fuzz/failed.h"
#include "pipeline/doctor/examine.h"
#include "pipeline/doctor/shellcommand.h"
#include "pipeline/folding/folding.h"
#include "pipeline/layout.h"
#include "pipeline/outlook/outlook.h"
#include "pipeline/workflow.h"

#include <algorithm>

using namespace pilothouse;

namespace {

const QByteArray marker = QByteArrayLiteral("# file: ");
/// More would say no more about how they join, and take longer.
constexpr qsizetype mostFiles = 4;

/// As the fixtures of the doctor's rules hold several files: each begins with a line that names it.
QList<SourceFile> filesOf(const QByteArray &bytes)
{
    const QString folder = QStringLiteral(".github/workflows/");
    QList<SourceFile> files{{folder + QStringLiteral("fuzz.yml"), {}}};
    for (const QByteArray &line : bytes.split('\n')) {
        if (line.startsWith(marker) && files.size() < mostFiles) {
            const QString path = folder + QString::fromUtf8(line.mid(marker.size()).left(64));
            const bool isNew
                = std::none_of(files.begin(), files.end(),
                               [&](const SourceFile &file) { return file.path == path; });
            if (isNew)
                files.append({path, {}});
        }
        files.last().content += line + '\n';
    }
    files.last().content.chop(1);
    return files;
}

QString placeOf(const Finding &finding)
{
    return QStringLiteral("%1 %2:%3:%4 %5 %6")
        .arg(finding.rule, finding.path)
        .arg(finding.at.line)
        .arg(finding.at.column)
        .arg(finding.job)
        .arg(finding.step);
}

void checkFindings(const QList<Workflow> &workflows)
{
    for (const Finding &finding : examine(workflows)) {
        const auto workflow
            = std::find_if(workflows.begin(), workflows.end(),
                           [&](const Workflow &each) { return each.path == finding.path; });
        if (workflow == workflows.end())
            failed("a finding is in one of the files", placeOf(finding));
        if (!doctorRule(finding.rule))
            failed("a finding is one of a rule", placeOf(finding));
        if (finding.at.line < 1 || finding.at.column < 1)
            failed("a finding has a place", placeOf(finding));
        const WorkflowJob *job = workflow->job(finding.job);
        if (!finding.job.isEmpty() && !job)
            failed("a finding is in a job of its file", placeOf(finding));
        if (finding.step < 0 || finding.step > (job ? job->steps.size() : 0))
            failed("a finding is in a step of its job", placeOf(finding));
        if (finding.sentence.isEmpty() || finding.rightForm.isEmpty())
            failed("a finding has a sentence and a right form", placeOf(finding));
    }
}

void checkShell(const QString &script)
{
    const int lines = int(script.count(QLatin1Char('\n'))) + 1;
    for (const ShellCommand &command : readShell(script)) {
        for (const ShellWord &word : command.words) {
            if (word.at.line < 1 || word.at.line > lines || word.at.column < 1)
                failed("a word of a script stands in it", QStringLiteral("%1 at %2:%3 of %4")
                                                              .arg(word.raw)
                                                              .arg(word.at.line)
                                                              .arg(word.at.column)
                                                              .arg(lines));
        }
        if (command.wrappers < 0 || command.wrappers > command.words.size())
            failed("what runs a command is some of its words", command.program);
    }
}

/// A run of every file, in which every second job has failed.
void checkOutlooks(const QList<Workflow> &workflows, const Graph &graph)
{
    QList<Run> runs;
    QHash<RunId, QList<Job>> jobs;
    for (const Workflow &workflow : workflows) {
        Run run;
        run.id = RunId(runs.size() + 1);
        run.workflowPath = workflow.path;
        run.event = workflow.triggers.isEmpty() ? QString() : workflow.triggers.first().event;
        run.branch = QStringLiteral("main");
        run.status = RunStatus::Running;
        for (const WorkflowJob &each : workflow.jobs) {
            Job job;
            job.id = JobId(jobs.size() * 1000 + jobs[run.id].size() + 1);
            job.run = run.id;
            job.name = each.name.isEmpty() ? each.key : each.name.text;
            job.status = jobs[run.id].size() % 2 ? RunStatus::Failed : RunStatus::Succeeded;
            jobs[run.id].append(job);
        }
        runs.append(run);
    }
    for (const QList<Run> &shown : {QList<Run>(), runs}) {
        const Overlay overlay = overlayRuns(graph, shown, jobs);
        if (overlay.nodes.size() != graph.nodes.size())
            failed("every node has an overlay");
        if (outlooksOf(graph, overlay).size() != graph.nodes.size())
            failed("every node has an outlook");
    }
}

void checkGraph(const Graph &graph)
{
    for (const GraphEdge &edge : graph.edges) {
        if (!graph.node(edge.from) || !graph.node(edge.to))
            failed("both ends of an edge are nodes", edge.from.value + edge.to.value);
    }
    const GraphLayout layout
        = layoutGraph(graph, [](const GraphNode &) { return QSizeF(160, 48); });
    if (layout.nodes.size() != graph.nodes.size() || layout.edges.size() != graph.edges.size())
        failed("every node and every edge is laid out");
    if (foldGraph(graph, {}).graph.nodes.size() != graph.nodes.size())
        failed("with nothing folded every node is there");
}

} // namespace

/// Whatever stands in workflow files: they are read, joined to a graph, folded, laid out, foretold
/// and examined, and what those promise holds.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    QList<Workflow> workflows;
    for (const SourceFile &file : filesOf(bytes))
        workflows.append(parseWorkflow(file));
    const Graph graph = buildGraph(workflows);
    checkGraph(graph);
    checkOutlooks(workflows, graph);
    checkFindings(workflows);
    checkShell(QString::fromUtf8(bytes));
    return 0;
}

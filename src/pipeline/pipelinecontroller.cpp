#include "pipeline/pipelinecontroller.h"

#include "base/whendone.h"
#include "pipeline/doctor/examine.h"
#include "pipeline/outlook/outlook.h"
#include "pipeline/runpoller.h"
#include "pipeline/workflowloader.h"

#include <QPromise>
#include <QThreadPool>

#include <algorithm>
#include <memory>

namespace pilothouse {

namespace {

/// The job a person wants to see first.
Job worstOf(const QList<Job> &jobs)
{
    return *std::min_element(jobs.begin(), jobs.end(), [](const Job &a, const Job &b) {
        return a.status != b.status && worse(a.status, b.status) == a.status;
    });
}

/// The key of the job in whose lines it stands; empty = in none that is drawn.
QString jobAt(const Graph &graph, const QString &path, const Position &at)
{
    const auto holds = [&](const GraphFrame *frame, const WorkflowJob &job) {
        return frame && frame->path == path && at >= job.at && (job.end.line == 0 || at < job.end);
    };
    for (const GraphNode &node : graph.nodes) {
        if (holds(graph.frame(node.frame), node.job))
            return node.job.key;
    }
    for (const GraphFrame &frame : graph.frames) {
        if (holds(graph.frame(frame.parent), frame.job))
            return frame.job.key;
    }
    return {};
}

/// What the reader refused, beside what the rules found. Where both say the same (PD-01: a job
/// needs one that is not there) the rule's words stay, for they know the right form.
QList<Finding> withProblems(const Graph &graph, const QList<Finding> &findings)
{
    QList<Finding> all;
    for (const Problem &problem : graph.problems) {
        const bool said
            = std::any_of(findings.begin(), findings.end(), [&](const Finding &finding) {
                  return finding.rule == QLatin1String("PD-01") && finding.path == problem.file
                         && finding.at == Position{problem.line, problem.column};
              });
        if (said)
            continue;
        Finding finding;
        finding.severity = problem.severity == Problem::Severity::Error
                               ? Finding::Severity::Blocks
                               : Finding::Severity::Hygiene;
        finding.path = problem.file;
        finding.at = {problem.line, problem.column};
        finding.job = jobAt(graph, problem.file, finding.at);
        finding.sentence = problem.hint.isEmpty()
                               ? problem.message
                               : PipelineController::tr("%1; did you mean \"%2\"?")
                                     .arg(problem.message, problem.hint);
        all.append(finding);
    }
    return all + findings;
}

} // namespace

PipelineController::PipelineController(SourceTree &files, RunSource *runs, Clock &clock,
                                       const Settings &settings, OtherRepositories *others,
                                       QObject *parent)
    : QObject(parent), m_settings(settings),
      m_loader(new WorkflowLoader(files, others, settings.workflowPaths, this))
{
    connect(m_loader, &WorkflowLoader::loaded, this, &PipelineController::takeWorkflows);
    connect(m_loader, &WorkflowLoader::failed, this, &PipelineController::failLoading);
    if (!runs)
        return;
    m_poller = new RunPoller(*runs, clock, settings.sourceName,
                             {settings.focusedPace, settings.quietPace, settings.staleAfter}, this);
    connect(m_poller, &RunPoller::changed, this, &PipelineController::followRuns);
    connect(m_poller, &RunPoller::stateChanged, this, &PipelineController::sourceChanged);
    connect(m_poller, &RunPoller::jobEnded, this, &PipelineController::jobEnded);
}

CommitId PipelineController::commit() const
{
    return m_commit;
}

const Graph &PipelineController::graph() const
{
    return m_graph;
}

const QList<Finding> &PipelineController::findings() const
{
    return m_findings;
}

bool PipelineController::isLoading() const
{
    return m_loader->isLoading();
}

const std::optional<Error> &PipelineController::loadError() const
{
    return m_loadError;
}

const Overlay &PipelineController::overlay() const
{
    return m_overlay;
}

const QList<Run> &PipelineController::runs() const
{
    static const QList<Run> none;
    return m_poller ? m_poller->runs() : none;
}

std::optional<std::chrono::milliseconds> PipelineController::runsAge() const
{
    return m_poller ? m_poller->runsAge() : std::nullopt;
}

std::optional<std::chrono::milliseconds> PipelineController::jobsAge(const RunId &run) const
{
    return m_poller ? m_poller->jobsAge(run) : std::nullopt;
}

QDateTime PipelineController::serverNow() const
{
    return m_poller ? m_poller->serverNow() : QDateTime();
}

SourceState PipelineController::runState() const
{
    if (m_poller)
        return m_poller->state();
    SourceState none;
    none.name = m_settings.sourceName;
    return none;
}

NodeId PipelineController::selectedNode() const
{
    return m_selectedNode;
}

std::optional<Job> PipelineController::selectedJob() const
{
    return m_selectedJob == JobId() ? std::nullopt : m_overlay.job(m_selectedJob);
}

void PipelineController::show(const CommitId &commit)
{
    m_commit = commit;
    forget();
    if (m_poller)
        m_poller->follow(commit);
    load();
}

void PipelineController::refresh()
{
    if (m_commit.value.isEmpty())
        return;
    // A commit never changes: its files are read again only where that failed.
    if (m_loadError) {
        forget();
        load();
    }
    if (m_poller)
        m_poller->refresh();
}

void PipelineController::showRun(const RunId &run)
{
    if (m_poller)
        m_poller->choose(run);
}

void PipelineController::setWatched(bool watched)
{
    if (m_poller)
        m_poller->setWatched(watched);
}

void PipelineController::forget()
{
    m_loadError.reset();
    m_graph = Graph();
    m_findings.clear();
    ++m_examination;
    m_overlay = Overlay();
    m_usual.clear();
    m_usualRuns = 0;
}

void PipelineController::load()
{
    m_loader->load(m_commit);
    // A load that has ended at once has told so itself.
    if (!m_loader->isLoading())
        return;
    Q_EMIT graphChanged();
    Q_EMIT overlayChanged();
}

void PipelineController::failLoading(const Error &error)
{
    m_loadError = error;
    Q_EMIT graphChanged();
}

void PipelineController::takeWorkflows(const QList<Workflow> &workflows,
                                       const QList<Problem> &missing)
{
    m_graph = buildGraph(workflows);
    m_graph.problems = missing + m_graph.problems;
    Q_EMIT graphChanged();
    // Another repository's defects are not mended here.
    QList<Workflow> own = workflows;
    own.removeIf([](const Workflow &workflow) { return workflow.elsewhere.has_value(); });
    examineElsewhere(own);
    computeUsual();
    recompute();
    if (m_poller) {
        QStringList paths;
        for (const GraphFrame &frame : std::as_const(m_graph.frames)) {
            if (frame.caller.value.isEmpty())
                paths.append(frame.path);
        }
        m_poller->setPaths(paths);
    }
}

/// The rules read every script of every file, which may take longer than a frame.
void PipelineController::examineElsewhere(const QList<Workflow> &workflows)
{
    const qint64 examination = ++m_examination;
    auto promise = std::make_shared<QPromise<QList<Finding>>>();
    promise->start();
    whenDone(
        promise->future(), this,
        [this, examination](const QList<Finding> &findings) {
            if (examination != m_examination)
                return;
            m_findings = withProblems(m_graph, findings);
            Q_EMIT findingsChanged();
        },
        [] {}); // a pool that ends with the program has nobody to tell
    QThreadPool::globalInstance()->start([promise, workflows, around = m_settings.surroundings] {
        promise->addResult(examine(workflows, around));
        promise->finish();
    });
}

void PipelineController::computeUsual()
{
    if (!m_poller)
        return;
    m_usualRuns = m_poller->earlierRuns().size();
    m_usual = durationsOf(overlayRuns(m_graph, m_poller->earlierRuns(), m_poller->earlierJobs()));
}

void PipelineController::followRuns()
{
    if (m_usualRuns != m_poller->earlierRuns().size())
        computeUsual();
    recompute();
}

bool PipelineController::isRead(const NodeId &node) const
{
    if (!runsAge())
        return false;
    const QString path = node.value.section(QLatin1Char('#'), 0, 0);
    const auto run = m_overlay.runs.constFind(path);
    return run == m_overlay.runs.constEnd() || jobsAge(run->id).has_value();
}

void PipelineController::recompute()
{
    m_overlay = m_poller ? overlayRuns(m_graph, m_poller->shownRuns(), m_poller->jobs())
                         : overlayRuns(m_graph, {}, {});
    const QHash<NodeId, JobOutlook> outlooks = outlooksOf(m_graph, m_overlay);
    for (auto node = m_overlay.nodes.begin(); node != m_overlay.nodes.end(); ++node) {
        node->outlook = outlooks.value(node.key());
        if (const auto usual = m_usual.constFind(node.key()); usual != m_usual.constEnd())
            node->usual = *usual;
        node->unread = !node->status && !isRead(node.key());
    }
    Q_EMIT overlayChanged();
    keepSelection();
}

void PipelineController::selectNode(const NodeId &node)
{
    const NodeOverlay *state = m_overlay.of(node);
    const bool known = m_graph.node(node) != nullptr;
    const Job job = state && !state->jobs.isEmpty() ? worstOf(state->jobs) : Job();
    const NodeId chosen = known ? node : NodeId();
    if (chosen == m_selectedNode && job.id == m_selectedJob)
        return;
    m_selectedNode = chosen;
    m_selectedJob = job.id;
    m_selectedName = job.name;
    Q_EMIT selectionChanged();
}

void PipelineController::selectJob(const JobId &id)
{
    const std::optional<Job> job = m_overlay.job(id);
    if (!job || id == m_selectedJob)
        return;
    m_selectedNode = m_overlay.nodeOf(id).value_or(NodeId());
    m_selectedJob = id;
    m_selectedName = job->name;
    Q_EMIT selectionChanged();
}

/// A node that is chosen before it has jobs gets its job when one comes; a new attempt has new
/// jobs of the old names.
void PipelineController::keepSelection()
{
    if (m_selectedJob != JobId() && m_overlay.job(m_selectedJob))
        return;
    const NodeOverlay *state = m_overlay.of(m_selectedNode);
    if (!state) {
        // The graph may be on its way; the choice is kept until it is there.
        if (m_graph.nodes.isEmpty() || (m_selectedNode == NodeId() && m_selectedJob == JobId()))
            return;
        m_selectedNode = NodeId();
        m_selectedJob = JobId();
        Q_EMIT selectionChanged();
        return;
    }
    Job job;
    if (!state->jobs.isEmpty()) {
        const auto same = std::find_if(state->jobs.begin(), state->jobs.end(),
                                       [&](const Job &own) { return own.name == m_selectedName; });
        job = same == state->jobs.end() ? worstOf(state->jobs) : *same;
    }
    if (job.id == m_selectedJob)
        return;
    m_selectedJob = job.id;
    if (job.id != JobId())
        m_selectedName = job.name;
    Q_EMIT selectionChanged();
}

} // namespace pilothouse

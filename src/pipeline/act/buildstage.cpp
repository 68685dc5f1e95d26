#include "pipeline/act/buildstage.h"

#include "base/reading.h"
#include "pipeline/pipelinecontroller.h"
#include "pipeline/runpoller.h"

#include <algorithm>

namespace pilothouse {

BuildStage::BuildStage(const Settings &settings, PipelineController &pipeline, RunSource &builds,
                       Clock &clock, QObject *parent)
    : ShownRuns(parent), m_settings(settings), m_pipeline(pipeline),
      m_poller(new RunPoller(builds, clock, settings.sourceName,
                             {settings.focusedPace, settings.quietPace, settings.staleAfter}, this))
{
    connect(&m_pipeline, &PipelineController::graphChanged, this, &BuildStage::followCommit);
    connect(&m_pipeline, &PipelineController::selectionChanged, this, &ShownRuns::changed);
    connect(m_poller, &RunPoller::changed, this, &BuildStage::followBuilds);
    connect(m_poller, &RunPoller::stateChanged, this, &BuildStage::sourceChanged);
    connect(m_poller, &RunPoller::stateChanged, this, &ShownRuns::changed);
    followCommit();
}

void BuildStage::followCommit()
{
    if (m_commit != m_pipeline.commit()) {
        m_commit = m_pipeline.commit();
        m_poller->follow(m_commit);
    }
    Q_EMIT changed();
}

/// A build may bring a configuration that no build before had: its steps are wanted too.
void BuildStage::followBuilds()
{
    QStringList paths;
    for (const Run &run : m_poller->runs()) {
        if (!paths.contains(run.workflowPath))
            paths.append(run.workflowPath);
    }
    paths.sort();
    m_poller->setPaths(paths);
    Q_EMIT changed();
}

bool BuildStage::standsAt(const NodeId &node) const
{
    const GraphNode *found = m_pipeline.graph().node(node);
    return found && !m_settings.job.isEmpty() && found->job.key == m_settings.job;
}

bool BuildStage::standsAtChosen() const
{
    return standsAt(m_pipeline.selectedNode());
}

std::optional<Run> BuildStage::chosen() const
{
    const QList<Run> &runs = m_poller->runs();
    const auto newest = std::max_element(runs.begin(), runs.end(), [](const Run &a, const Run &b) {
        return a.createdAt < b.createdAt;
    });
    return newest == runs.end() ? std::nullopt : std::optional<Run>(*newest);
}

QList<Step> BuildStage::steps() const
{
    const auto build = chosen();
    const QList<Job> own = build ? jobs(build->id) : QList<Job>();
    return own.isEmpty() ? QList<Step>() : own.first().steps;
}

BuildState BuildStage::state() const
{
    BuildState state;
    state.unread = !age();
    state.stale = age() && isStale(source());
    const auto build = chosen();
    if (!build)
        return state;
    const QList<Job> own = jobs(build->id);
    Job job = own.value(0);
    if (own.isEmpty()) {
        job.id = JobId(build->id.value);
        job.run = build->id;
        job.hostId = build->hostId;
        job.status = build->status;
        job.createdAt = build->createdAt;
        job.startedAt = build->startedAt;
        if (hasEnded(build->status))
            job.completedAt = build->updatedAt;
    }
    state.job = job;
    return state;
}

QList<Run> BuildStage::runs() const
{
    return m_poller->runs();
}

QList<Job> BuildStage::jobs(const RunId &run) const
{
    return m_poller->jobs().value(run);
}

std::optional<std::chrono::milliseconds> BuildStage::age() const
{
    return m_poller->runsAge();
}

QDateTime BuildStage::serverNow() const
{
    return m_poller->serverNow();
}

void BuildStage::refresh()
{
    m_poller->refresh();
}

const SourceState &BuildStage::source() const
{
    return m_poller->state();
}

} // namespace pilothouse

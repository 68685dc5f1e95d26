#include "pipeline/act/pipelineruns.h"

#include "base/chaining.h"
#include "pipeline/pipelinecontroller.h"

#include <QSet>

#include <algorithm>

namespace pilothouse {

QFuture<Result<QList<DispatchForm>>> ShownRuns::dispatchForms()
{
    return ready<QList<DispatchForm>>(QList<DispatchForm>());
}

PipelineRuns::PipelineRuns(PipelineController &pipeline, SourceTree &files, QObject *parent)
    : ShownRuns(parent), m_pipeline(pipeline), m_files(files)
{
    connect(&m_pipeline, &PipelineController::overlayChanged, this, &ShownRuns::changed);
    connect(&m_pipeline, &PipelineController::selectionChanged, this, &ShownRuns::changed);
    connect(&m_pipeline, &PipelineController::sourceChanged, this, &ShownRuns::changed);
}

QList<Run> PipelineRuns::runs() const
{
    return m_pipeline.runs();
}

std::optional<std::chrono::milliseconds> PipelineRuns::age() const
{
    return m_pipeline.runsAge();
}

QDateTime PipelineRuns::serverNow() const
{
    return m_pipeline.serverNow();
}

void PipelineRuns::refresh()
{
    m_pipeline.refresh();
}

std::optional<Run> PipelineRuns::chosen() const
{
    const QHash<QString, Run> &shown = m_pipeline.overlay().runs;
    std::optional<Run> found;
    const QString path = m_pipeline.selectedNode().value.section(QLatin1Char('#'), 0, 0);
    if (const auto own = shown.constFind(path); own != shown.constEnd()) {
        found = *own;
    } else {
        QStringList paths = shown.keys();
        paths.sort(); // the choice does not change from one look to the next
        for (const QString &each : std::as_const(paths)) {
            const Run &run = *shown.constFind(each);
            if (!found
                || (run.status != found->status && worse(run.status, found->status) == run.status))
                found = run;
        }
    }
    return found;
}

QList<Job> PipelineRuns::jobs(const RunId &run) const
{
    QList<Job> jobs;
    QSet<JobId> seenIds;
    const auto add = [&](const QList<Job> &some) {
        for (const Job &job : some) {
            if (job.run == run && !seenIds.contains(job.id))
                jobs.append(job);
            seenIds.insert(job.id);
        }
    };
    for (const NodeOverlay &node : m_pipeline.overlay().nodes)
        add(node.jobs);
    add(m_pipeline.overlay().unmatched);
    std::sort(jobs.begin(), jobs.end(), [](const Job &a, const Job &b) { return a.id < b.id; });
    return jobs;
}

QStringList PipelineRuns::workflowPaths() const
{
    QStringList paths;
    for (const GraphFrame &frame : m_pipeline.graph().frames) {
        if (frame.caller.value.isEmpty())
            paths.append(frame.path);
    }
    return paths;
}

QFuture<Result<QList<DispatchForm>>> PipelineRuns::dispatchForms()
{
    return readForms(workflowPaths(), {});
}

QFuture<Result<QList<DispatchForm>>> PipelineRuns::readForms(QStringList paths,
                                                             QList<DispatchForm> before)
{
    using Forms = QList<DispatchForm>;
    if (paths.isEmpty())
        return ready<Forms>(before);
    const QString path = paths.takeFirst();
    return askNext<Forms>(m_files.file(m_pipeline.commit(), path), this,
                          [this, paths, before](const Result<SourceFile> &file) {
                              if (!file)
                                  return ready<Forms>(fail(file.error()));
                              Forms forms = before;
                              const DispatchForm form = dispatchForm(parseWorkflow(*file));
                              if (form.startable)
                                  forms.append(form);
                              return readForms(paths, forms);
                          });
}

} // namespace pilothouse

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

QFuture<Result<RunFile>> ShownRuns::fileOf(const Run &)
{
    return ready<RunFile>(fail(ErrorKind::NotFound, tr("The host has no workflow files.")));
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

QFuture<Result<RunFile>> PipelineRuns::fileOf(const Run &run)
{
    auto file = converted<RunFile>(m_files.file(run.commit, run.workflowPath), this,
                                   [this, run](const Result<SourceFile> &read) -> Result<RunFile> {
                                       if (!read)
                                           return fail(read.error());
                                       return RunFile{run, parseWorkflow(*read), {}, jobs(run.id)};
                                   });
    // Of other events the ref is no branch of this name.
    static const QStringList onRefs{QStringLiteral("push"), QStringLiteral("workflow_dispatch"),
                                    QStringLiteral("schedule")};
    if (run.branch.isEmpty() || !onRefs.contains(run.event))
        return file;
    return askNext<RunFile>(file, this, [this](const Result<RunFile> &read) {
        if (!read)
            return ready<RunFile>(read);
        // The host does not tell a branch from a tag.
        return converted<RunFile>(m_files.resolve(QStringLiteral("refs/tags/") + read->run.branch),
                                  this,
                                  [known = *read](const Result<CommitId> &tag) -> Result<RunFile> {
                                      RunFile own = known;
                                      if (!tag && tag.error().kind == ErrorKind::NotFound)
                                          own.ref = QStringLiteral("refs/heads/") + own.run.branch;
                                      return own;
                                  });
    });
}

QFuture<Result<QList<DispatchForm>>> PipelineRuns::dispatchForms()
{
    return readForms(m_pipeline.commit(), workflowPaths(), {});
}

QFuture<Result<QList<DispatchForm>>>
PipelineRuns::readForms(const CommitId &commit, QStringList paths, QList<DispatchForm> before)
{
    using Forms = QList<DispatchForm>;
    if (paths.isEmpty())
        return ready<Forms>(before);
    const QString path = paths.takeFirst();
    return askNext<Forms>(m_files.file(commit, path), this,
                          [this, commit, paths, before](const Result<SourceFile> &file) {
                              if (!file)
                                  return ready<Forms>(fail(file.error()));
                              Forms forms = before;
                              const DispatchForm form = dispatchForm(parseWorkflow(*file));
                              if (form.startable)
                                  forms.append(form);
                              return readForms(commit, paths, forms);
                          });
}

} // namespace pilothouse

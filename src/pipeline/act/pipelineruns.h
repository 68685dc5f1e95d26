#pragma once

#include "pipeline/act/shownruns.h"

namespace pilothouse {

class PipelineController;

/// The runs of the commit that the pipeline shows: the run of the chosen node's workflow, else the
/// one that needs a person most. Both outlive it.
class PipelineRuns final : public ShownRuns
{
    Q_OBJECT

public:
    PipelineRuns(PipelineController &pipeline, SourceTree &files, QObject *parent = nullptr);

    [[nodiscard]] std::optional<Run> chosen() const override;
    [[nodiscard]] QList<Run> runs() const override;
    [[nodiscard]] QList<Job> jobs(const RunId &run) const override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> age() const override;
    [[nodiscard]] QDateTime serverNow() const override;
    void refresh() override;
    /// Of the shown commit's files, in their order.
    [[nodiscard]] QFuture<Result<QList<DispatchForm>>> dispatchForms() override;
    [[nodiscard]] QStringList workflowPaths() const override;
    [[nodiscard]] QFuture<Result<RunFile>> fileOf(const Run &run) override;

private:
    [[nodiscard]] QFuture<Result<QList<DispatchForm>>>
    readForms(const CommitId &commit, QStringList paths, QList<DispatchForm> before);

    PipelineController &m_pipeline;
    SourceTree &m_files;
};

} // namespace pilothouse

#pragma once

#include "base/clock.h"
#include "pipeline/act/shownruns.h"
#include "pipeline/folding/buildnodes.h"
#include "pipeline/graph.h"

namespace pilothouse {

class PipelineController;
class RunPoller;
struct SourceState;

/// The builds that a job of the pipeline hands over to a build service, for the commit that the
/// pipeline shows: the stage of a track that its CI host does not see. GUI thread; the pipeline,
/// the builds and the clock outlive it.
class BuildStage final : public ShownRuns
{
    Q_OBJECT

public:
    struct Settings
    {
        QString sourceName = QStringLiteral("Cloud Build");
        QString job; ///< key of the job that hands its builds over; empty = they stand at no job
        std::chrono::milliseconds focusedPace{4'000};
        std::chrono::milliseconds quietPace{30'000};
        std::chrono::milliseconds staleAfter{15'000}; ///< as RunPoller::Pace has it
    };

    BuildStage(const Settings &settings, PipelineController &pipeline, RunSource &builds,
               Clock &clock, QObject *parent = nullptr);

    [[nodiscard]] const Settings &settings() const { return m_settings; }
    /// Whether its builds belong to this job.
    [[nodiscard]] bool standsAt(const NodeId &node) const;
    [[nodiscard]] bool standsAtChosen() const;
    /// The newest build of the commit, with its steps as far as they are read.
    [[nodiscard]] std::optional<Run> chosen() const override;
    [[nodiscard]] QList<Step> steps() const;
    /// What there is to draw of it: also while its steps are not read yet.
    [[nodiscard]] BuildState state() const;

    [[nodiscard]] QList<Run> runs() const override;
    [[nodiscard]] QList<Job> jobs(const RunId &run) const override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> age() const override;
    [[nodiscard]] QDateTime serverNow() const override;
    void refresh() override;
    [[nodiscard]] const SourceState &source() const;

Q_SIGNALS:
    void sourceChanged(const pilothouse::SourceState &state);

private:
    void followCommit();
    void followBuilds();

    Settings m_settings;
    PipelineController &m_pipeline;
    RunPoller *m_poller; ///< a child
    CommitId m_commit;
};

} // namespace pilothouse

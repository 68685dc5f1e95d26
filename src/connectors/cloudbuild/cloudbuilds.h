#pragma once

#include "connectors/cloudbuild/cloudbuildcontrol.h"
#include "logs/logsource.h"
#include "pipeline/runsource.h"

#include <memory>

namespace pilothouse {

/// The builds of one project and region as runs of one job each, and their logs.
///
/// A build is of a commit if it says so: by its source, or by a substitution that is a full SHA.
/// Lists hold the newest hundred. The clients and the clock outlive it; destroying it cancels what
/// is under way. GUI thread.
class CloudBuilds final : public RunSource, public LogSource
{
public:
    using Settings = CloudBuildApi::Settings;

    CloudBuilds(HttpClient &build, HttpClient &storage, Clock &clock, const Settings &settings);
    ~CloudBuilds() override;

    [[nodiscard]] QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &commit) override;
    [[nodiscard]] QFuture<Result<Reading<QList<Run>>>> latestRuns() override;
    /// NotFound for a run that no list has named.
    [[nodiscard]] QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &run) override;
    /// Refused: a build does not tell its branch, and its one job is named after itself.
    [[nodiscard]] QFuture<Result<Reading<std::optional<Run>>>>
    lastGreen(const Run &before) override;

    /// BuildLog only; nullptr for anything else.
    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;

    /// Acting upon these builds; lives as long as this does.
    [[nodiscard]] RunControl &control() { return m_control; }

private:
    using Listed = CloudBuildApi::Listed;

    [[nodiscard]] Reading<QList<Run>> readingOf(const Listed &listed, const CommitId &commit);

    CloudBuildApi m_api;
    CloudBuildControl m_control{m_api};
};

} // namespace pilothouse

#pragma once

#include "connectors/cloudbuild/buildhistory.h"
#include "connectors/cloudbuild/cloudbuildcontrol.h"
#include "logs/logsource.h"
#include "pipeline/runsource.h"

#include <memory>

namespace pilothouse {

/// The builds of one project and region as runs of one job each, and their logs.
///
/// A build is of a commit if it says so: by its source, or by a substitution that is a full SHA.
/// A commit's builds are looked for among the newest thousand: read down there once, and from then
/// on to where they are known; of the older ones those that had not ended are read by themselves.
/// The clients and the clock outlive it; destroying it cancels what is under way. GUI thread.
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
    /// The newest build before this one (`hostId` says which) that went well, of the same trigger,
    /// or handed over under the same tags. Refused where it has neither.
    [[nodiscard]] QFuture<Result<Reading<std::optional<Run>>>>
    lastGreen(const Run &before) override;

    /// BuildLog only; nullptr for anything else.
    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;

    /// Acting upon these builds; lives as long as this does.
    [[nodiscard]] RunControl &control() { return m_control; }

private:
    using Listed = CloudBuildApi::Listed;

    using Green = Reading<std::optional<Run>>;

    /// Brings `m_history` up to what the service tells; answers when, and which builds it told.
    [[nodiscard]] QFuture<Result<Listed>> read();
    /// Reads these builds by themselves, one after the other.
    [[nodiscard]] QFuture<Result<void>> renew(const QStringList &ids);
    [[nodiscard]] QFuture<Result<Green>> greenBefore(const CloudBuild &build, const Listed &listed);

    CloudBuildApi m_api;
    BuildHistory m_history;
    CloudBuildControl m_control{m_api};
};

} // namespace pilothouse

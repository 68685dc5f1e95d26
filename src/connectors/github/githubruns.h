#pragma once

#include "connectors/http/client.h"
#include "logs/logsource.h"
#include "pipeline/runsource.h"

#include <QString>

#include <memory>

namespace pilothouse {

class Clock;
class RunControl;
class OtherRepositories;
class SeenSource;

/// Runs, jobs and job logs of one GitHub repository over REST.
///
/// Every page is asked for with its ETag: a 304 is free and renews the reading's age. Once GitHub
/// says that the limit is reached, nothing is sent before the time it named; the answer until then
/// is RateLimited with retryAt. GitHub has no log of a running job: its stream ends with NotFound.
///
/// http and clock outlive it; destroying it cancels what is under way. GUI thread.
class GithubRuns final : public RunSource, public LogSource
{
public:
    struct Settings
    {
        QUrl api{QStringLiteral("https://api.github.com")};
        QString owner;
        QString repository;
        QByteArray apiVersion = "2022-11-28";
    };

    GithubRuns(HttpClient &http, Clock &clock, const Settings &settings);
    ~GithubRuns() override;

    [[nodiscard]] QFuture<Result<Reading<QList<Run>>>> runs(const CommitId &commit) override;
    [[nodiscard]] QFuture<Result<Reading<QList<Run>>>> latestRuns() override;
    [[nodiscard]] QFuture<Result<Reading<QList<Job>>>> jobs(const RunId &run) override;
    [[nodiscard]] QFuture<Result<Reading<std::optional<Run>>>>
    lastGreen(const Run &before) override;

    /// JobLog only; nullptr for anything else.
    [[nodiscard]] std::unique_ptr<LogStream> open(const LogTarget &target) override;

    /// Acting upon these runs; shares limits and pages, and lives as long as this does.
    [[nodiscard]] RunControl &control();
    /// The deployments of the same repository; lives as long.
    [[nodiscard]] SeenSource &deployments();
    /// Files of the host's other repositories; lives as long.
    [[nodiscard]] OtherRepositories &files();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse

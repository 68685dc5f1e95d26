#pragma once

#include "logs/runsearch/logfetch.h"
#include "pipeline/runsource.h"

#include <chrono>
#include <optional>

namespace pilothouse {

/// The log that another is held against.
struct GreenLog
{
    Run run;
    Job job;
    std::optional<std::chrono::milliseconds> ago; ///< since it ended, by the host's clock
    std::shared_ptr<const LogStore> log;
};

/// The job of that name, a matrix leg by its full name, where it has a log. NotFound with the
/// reason otherwise.
[[nodiscard]] Result<Job> sameJob(const Run &green, const QList<Job> &jobs, const QString &name);

/// Finds the log of the same job in the newest run that went well before, asking the CI host and
/// then the log's source; or that of the newest build like one that went well before it. One
/// question at a time: a later one, or `forget`, drops the one before, and its answer never comes.
/// GUI thread; ports and spool outlive it.
class LastGreen final : public QObject
{
    Q_OBJECT

public:
    LastGreen(RunSource &runs, std::vector<LogSource *> sources, LogSpool &spool,
              QObject *parent = nullptr);
    ~LastGreen() override;

    /// `job` is one of `run`. Ends with `found` or `refused`, never from within this call.
    void find(const Run &run, const Job &job);
    /// `build` as its service spells it. Ends as `find` does.
    void findBuild(const QString &build);
    void forget();
    /// A service whose builds may be asked for; outlives this.
    void addBuilds(RunSource &builds) { m_builds.push_back(&builds); }
    [[nodiscard]] bool isLooking() const { return m_looking; }

Q_SIGNALS:
    void found(const pilothouse::GreenLog &green);
    /// The message is a whole sentence that says what is missing.
    void refused(const pilothouse::Error &why);

private:
    void takeRun(const Result<Reading<std::optional<Run>>> &answer, const Run &red, const Job &job);
    void askBuilds(const QString &build, size_t service);
    void takeBuild(RunSource &service, const Run &green, const QString &build);
    void fetch(const LogTarget &target, GreenLog green, const QDateTime &serverAt);
    void takeJobs(const Result<Reading<QList<Job>>> &answer, const Run &green, const Job &job);
    void takeLog(const Result<void> &outcome, GreenLog green);
    void refuse(const Error &why);
    /// Calls `take` with the answer unless another question was asked since.
    template <typename T, typename Take>
    void await(const QFuture<Result<T>> &future, Take take);

    RunSource &m_runs;
    std::vector<RunSource *> m_builds;
    std::vector<LogSource *> m_sources;
    LogSpool &m_spool;
    std::unique_ptr<LogFetch> m_transfer;
    qint64 m_question = 0;
    bool m_looking = false;
};

} // namespace pilothouse

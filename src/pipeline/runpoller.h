#pragma once

#include "base/clock.h"
#include "base/reading.h"
#include "pipeline/runsource.h"

#include <QHash>
#include <QObject>
#include <QStringList>

#include <chrono>
#include <optional>

namespace pilothouse {

/// Follows the runs of one commit at a CI host, and the jobs of those that are shown. Asks one
/// question at a time. GUI thread.
class RunPoller final : public QObject
{
    Q_OBJECT

public:
    struct Pace
    {
        std::chrono::milliseconds focused{4'000}; ///< while something runs or has just changed
        std::chrono::milliseconds quiet{30'000};
        /// A host that has not answered for so long is Old; but not in a pause that is meant.
        std::chrono::milliseconds staleAfter{15'000};
    };

    /// `source` and `clock` must outlive it. Nothing is asked before `follow`.
    RunPoller(RunSource &source, Clock &clock, const QString &name, const Pace &pace,
              QObject *parent = nullptr);

    [[nodiscard]] const QList<Run> &runs() const { return m_runs; }
    /// One run a workflow: the chosen one, else the newest.
    [[nodiscard]] QList<Run> shownRuns() const;
    [[nodiscard]] const QHash<RunId, QList<Job>> &jobs() const { return m_jobs; }
    /// For comparison: the newest run of each workflow that went well with another commit.
    [[nodiscard]] const QList<Run> &earlierRuns() const { return m_earlierRuns; }
    [[nodiscard]] const QHash<RunId, QList<Job>> &earlierJobs() const { return m_earlierJobs; }

    [[nodiscard]] std::optional<std::chrono::milliseconds> runsAge() const;
    [[nodiscard]] std::optional<std::chrono::milliseconds> jobsAge(const RunId &run) const;
    [[nodiscard]] QDateTime serverNow() const;
    [[nodiscard]] const SourceState &state() const { return m_state; }

    /// Forgets what was and begins with another commit.
    void follow(const CommitId &commit);
    /// The workflow files whose jobs are wanted; those of other runs are not asked for.
    void setPaths(const QStringList &paths);
    void choose(const RunId &run);
    /// Asks now; a rate limit is still obeyed.
    void refresh();
    void setWatched(bool watched);

Q_SIGNALS:
    void changed();
    void stateChanged(const pilothouse::SourceState &state);
    /// Not for skipped jobs, nor for those that had ended when their run was first seen.
    void jobEnded(const pilothouse::JobId &job);

private:
    void startRound();
    void askRuns();
    void acceptRuns(const Reading<QList<Run>> &answer);
    void askNextJobs();
    void acceptJobs(const Run &run, const Reading<QList<Job>> &answer);
    void askEarlierRuns();
    void askNextEarlierJobs();
    void finishRound();
    void noteChange();
    void tellChanges();
    void failRound(const Error &error);
    void scheduleAfter(std::chrono::milliseconds delay);
    void growOldAfter(std::chrono::milliseconds pause);
    void noteAnswer(const QDateTime &serverAt, std::chrono::milliseconds receivedSinceBoot);
    [[nodiscard]] bool wantsJobs(const Run &run) const;
    [[nodiscard]] std::chrono::milliseconds pauseAfterSuccess() const;
    [[nodiscard]] std::chrono::milliseconds pauseAfter(const Error &error) const;
    /// Calls `what` with a good answer, fails the round with a bad one, drops a late one.
    template <typename T, typename What>
    void ask(const QFuture<Result<T>> &question, What what);

    /// What was last heard of a run's jobs.
    struct Heard
    {
        int attempt = 0;
        bool complete = false; ///< nothing will change any more
        std::chrono::milliseconds receivedSinceBoot{0};
    };

    RunSource &m_source;
    Clock &m_clock;
    Pace m_pace;
    CommitId m_commit;
    QStringList m_paths;
    QHash<QString, RunId> m_chosen; ///< by workflow path

    QList<Run> m_runs;
    QHash<RunId, QList<Job>> m_jobs;
    QHash<RunId, Heard> m_heard;
    QList<Run> m_earlierRuns;
    QHash<RunId, QList<Job>> m_earlierJobs;
    std::optional<std::chrono::milliseconds> m_runsReceived;

    QList<Run> m_toAsk;
    QList<Run> m_earlierToAsk;
    bool m_earlierAsked = false;
    bool m_asking = false;
    bool m_askAgain = false;
    bool m_watched = true;
    bool m_changedInRound = false;
    bool m_unsaid = false; ///< a change that `changed` has not told yet
    int m_failures = 0;
    qint64 m_generation = 0; ///< of the commit: answers of an earlier one are dropped
    qint64 m_alarm = 0;      ///< of the timer: an earlier one is not heard
    qint64 m_ageAlarm = 0;   ///< likewise
    std::chrono::milliseconds m_lastChange{0};
    std::optional<std::chrono::milliseconds> m_limitedUntil; ///< since boot

    QDateTime m_serverAt;
    std::chrono::milliseconds m_serverAtReceived{0};
    SourceState m_state;
};

} // namespace pilothouse

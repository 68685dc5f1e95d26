#pragma once

#include "app/sandbox/world/scenario.h"

#include <QObject>

#include <functional>
#include <optional>

namespace pilothouse::sandbox {

/// One job of a run. Times are seconds on the clock since the start of the rehearsal, negative for
/// what was before; NaN = not yet.
struct RunJob
{
    enum class Phase { Queued, Waiting, Running, Done };

    PlannedJob plan;
    qint64 id = 0;
    Phase phase = Phase::Queued;
    QString conclusion; ///< GitHub's word once Done
    double createdAt = 0;
    double startedAt = 0;
    double endedAt = 0;
    bool approved = false;
    bool willFail = false;
};

struct RunRecord
{
    qint64 id = 0;
    int number = 0; ///< counts the runs of a workflow
    int attempt = 1;
    PlannedWorkflow workflow;
    QString revision; ///< nickname
    QString event;    ///< what started it
    QString actor;    ///< who started it by hand; empty = nobody did
    double createdAt = 0;
    double updatedAt = 0;
    double cancelAt = 0; ///< 0 = nobody asked
    QString conclusion;  ///< empty until all jobs are done
    bool held = false;   ///< another run has its concurrency group
    QList<RunJob> jobs;
    QList<QList<RunJob>> earlier; ///< jobs of the attempts before, oldest first

    /// The run as it was in an attempt; nothing if there was none.
    [[nodiscard]] std::optional<RunRecord> inAttempt(int which) const;
    /// GitHub's word: queued, pending, in_progress, waiting or completed.
    [[nodiscard]] QString status() const;
};

/// All runs of the CI host. Time comes from outside: `advance` plays everything that was due.
class RunBook final : public QObject
{
    Q_OBJECT

public:
    /// `speed` divides the durations of jobs.
    explicit RunBook(double speed, QObject *parent = nullptr);

    /// A run that has ended `past.age` seconds before the start.
    void addPast(const PlannedWorkflow &workflow, const PastRun &past);
    void begin(const PlannedWorkflow &workflow, qint64 id, const QString &revision, double at);
    /// Started by hand: the id of the new run.
    qint64 dispatch(const PlannedWorkflow &workflow, const QString &revision, const QString &actor,
                    double now);
    void advance(double now);

    /// Lets the jobs that wait for an environment go on, or ends them. False if none waits for it.
    bool review(qint64 run, const QString &environment, const QString &state, double now);
    /// Asks for the end of a run; it comes a second later. False if the run has ended already.
    bool cancel(qint64 run, double now);
    /// Ends it at once. False if the run has ended already.
    bool forceCancel(qint64 run, double now);
    /// A new attempt of all jobs, or of those that did not succeed. False while the run goes on.
    bool rerun(qint64 run, const QString &which, double now);
    /// The same for one job and what needs it.
    bool rerunJob(qint64 job, double now);
    /// Runs that have, or wait for, a concurrency group: who has it first.
    [[nodiscard]] QList<const RunRecord *> members(const QString &group) const;

    [[nodiscard]] const QList<RunRecord> &runs() const { return m_runs; } ///< oldest first
    [[nodiscard]] const RunRecord *find(qint64 run) const;
    [[nodiscard]] const RunJob *findJob(qint64 job, const RunRecord **of = nullptr) const;

Q_SIGNALS:
    void runChanged(qint64 run);
    void jobEnded(qint64 run, const QString &job, double at);
    void runEnded(qint64 run, double at);

private:
    RunRecord *findMutable(qint64 run);
    /// Plays one change of the run if one was due by `now`.
    bool playNext(RunRecord &run, double now);
    void append(RunRecord &run);
    /// Whether another run has the group of this one, which has not begun.
    [[nodiscard]] bool isHeld(const RunRecord &run) const;
    void again(RunRecord &run, const std::function<bool(const RunJob &)> &which, double now);
    void playJob(RunRecord &run, RunJob &job, double now);
    static void endJob(RunRecord &run, RunJob &job, const QString &conclusion, double at);

    double m_speed;
    QList<RunRecord> m_runs;
};

} // namespace pilothouse::sandbox

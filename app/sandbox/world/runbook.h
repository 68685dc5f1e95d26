#pragma once

#include "app/sandbox/world/scenario.h"

#include <QObject>

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
    double createdAt = 0;
    double updatedAt = 0;
    double cancelAt = 0; ///< 0 = nobody asked
    QString conclusion;  ///< empty until all jobs are done
    QList<RunJob> jobs;

    /// GitHub's word: queued, in_progress, waiting or completed.
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
    void advance(double now);

    /// Lets the jobs that wait for an environment go on, or ends them. False if none waits for it.
    bool review(qint64 run, const QString &environment, const QString &state, double now);
    /// Asks for the end of a run; it comes a second later. False if the run has ended already.
    bool cancel(qint64 run, double now);
    /// A new attempt of all jobs, or of those that did not succeed. False while the run goes on.
    bool rerun(qint64 run, const QString &which, double now);

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
    void playJob(RunRecord &run, RunJob &job, double now);
    static void endJob(RunRecord &run, RunJob &job, const QString &conclusion, double at);

    double m_speed;
    QList<RunRecord> m_runs;
};

} // namespace pilothouse::sandbox

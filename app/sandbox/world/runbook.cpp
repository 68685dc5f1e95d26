#include "app/sandbox/world/runbook.h"

#include <algorithm>
#include <limits>

namespace pilothouse::sandbox {

namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();
constexpr double cancelTakes = 1;

/// Above 32 bits on purpose, as GitHub's are.
qint64 jobId(qint64 run, int attempt, qsizetype index)
{
    return 30'000'000'000 + run * 1000 + qint64{attempt - 1} * 100 + index;
}

RunRecord makeRun(const PlannedWorkflow &workflow, qint64 id, const QString &revision, double at)
{
    RunRecord run;
    run.id = id;
    run.workflow = workflow;
    run.revision = revision;
    run.createdAt = at;
    run.updatedAt = at;
    for (const PlannedJob &plan : workflow.jobs) {
        RunJob job;
        job.plan = plan;
        job.id = jobId(id, 1, run.jobs.size());
        job.createdAt = at;
        job.startedAt = never;
        job.endedAt = never;
        run.jobs.append(job);
    }
    return run;
}

struct NeedsState
{
    bool done = true;
    bool good = true;
    double at = 0;
};

NeedsState needsOf(const RunRecord &run, const RunJob &job)
{
    NeedsState state;
    state.at = job.createdAt;
    for (const RunJob &other : run.jobs) {
        if (!job.plan.needs.contains(other.plan.name))
            continue;
        if (other.phase != RunJob::Phase::Done)
            state.done = false;
        else if (other.conclusion != QLatin1String("success"))
            state.good = false;
        if (other.phase == RunJob::Phase::Done)
            state.at = std::max(state.at, other.endedAt);
    }
    return state;
}

QString conclusionOf(const RunRecord &run)
{
    QString worst = QStringLiteral("success");
    for (const RunJob &job : run.jobs) {
        if (job.conclusion == QLatin1String("failure"))
            return job.conclusion;
        if (job.conclusion == QLatin1String("cancelled"))
            worst = job.conclusion;
    }
    return worst;
}

void settle(RunRecord &run)
{
    const bool all = std::all_of(run.jobs.begin(), run.jobs.end(), [](const RunJob &job) {
        return job.phase == RunJob::Phase::Done;
    });
    if (all)
        run.conclusion = conclusionOf(run);
}

} // namespace

QString RunRecord::status() const
{
    if (!conclusion.isEmpty())
        return QStringLiteral("completed");
    bool begun = false;
    bool waits = false;
    for (const RunJob &job : jobs) {
        if (job.phase == RunJob::Phase::Running)
            return QStringLiteral("in_progress");
        begun = begun || job.phase == RunJob::Phase::Done;
        waits = waits || job.phase == RunJob::Phase::Waiting;
    }
    if (waits)
        return QStringLiteral("waiting");
    return begun ? QStringLiteral("in_progress") : QStringLiteral("queued");
}

RunBook::RunBook(double speed, QObject *parent) : QObject(parent), m_speed(speed) {}

void RunBook::addPast(const PlannedWorkflow &workflow, const PastRun &past)
{
    RunRecord run = makeRun(workflow, past.run, past.revision, 0);
    for (RunJob &job : run.jobs) {
        job.approved = true;
        job.willFail = past.failed.contains(job.plan.name);
    }
    // Played at full length first, then moved to where it ended.
    while (run.conclusion.isEmpty()) {
        for (RunJob &job : run.jobs) {
            const NeedsState needs = needsOf(run, job);
            if (job.phase == RunJob::Phase::Done || !needs.done)
                continue;
            job.phase = RunJob::Phase::Done;
            job.startedAt = needs.at;
            job.endedAt = needs.good ? needs.at + job.plan.duration : needs.at;
            job.conclusion = !needs.good    ? QStringLiteral("skipped")
                             : job.willFail ? QStringLiteral("failure")
                                            : QStringLiteral("success");
            if (past.cancelled.contains(job.plan.name))
                job.conclusion = QStringLiteral("cancelled");
            run.updatedAt = std::max(run.updatedAt, job.endedAt);
        }
        settle(run);
    }
    const double shift = -past.age - run.updatedAt;
    run.createdAt += shift;
    run.updatedAt += shift;
    for (RunJob &job : run.jobs) {
        job.createdAt += shift;
        job.startedAt += shift;
        job.endedAt += shift;
    }
    append(run);
}

void RunBook::begin(const PlannedWorkflow &workflow, qint64 id, const QString &revision, double at)
{
    RunRecord run = makeRun(workflow, id, revision, at);
    append(run);
    Q_EMIT runChanged(id);
}

void RunBook::append(RunRecord &run)
{
    const auto same = [&run](const RunRecord &other) {
        return other.workflow.file == run.workflow.file;
    };
    run.number = 1 + static_cast<int>(std::count_if(m_runs.begin(), m_runs.end(), same));
    m_runs.append(run);
}

void RunBook::advance(double now)
{
    for (qsizetype i = 0; i < m_runs.size(); ++i)
        // By index: a listener may begin another run.
        while (m_runs[i].conclusion.isEmpty() && playNext(m_runs[i], now)) {
        }
}

bool RunBook::playNext(RunRecord &run, double now)
{
    const qint64 id = run.id;
    if (run.cancelAt > 0 && run.cancelAt <= now) {
        const double at = std::exchange(run.cancelAt, 0);
        for (RunJob &job : run.jobs)
            if (job.phase != RunJob::Phase::Done)
                endJob(run, job, QStringLiteral("cancelled"), at);
        Q_EMIT runChanged(id);
        Q_EMIT runEnded(id, at);
        return true;
    }
    for (RunJob &job : run.jobs) {
        const RunJob::Phase before = job.phase;
        playJob(run, job, now);
        if (job.phase == before)
            continue;
        // Copies: a listener may begin a run, and `run` moves.
        const QString name = job.plan.name;
        const double at = job.endedAt;
        const bool jobDone = job.phase == RunJob::Phase::Done;
        const bool runDone = !run.conclusion.isEmpty();
        Q_EMIT runChanged(id);
        if (jobDone)
            Q_EMIT jobEnded(id, name, at);
        if (runDone)
            Q_EMIT runEnded(id, at);
        return true;
    }
    return false;
}

void RunBook::playJob(RunRecord &run, RunJob &job, double now)
{
    if (job.phase == RunJob::Phase::Done)
        return;
    if (job.phase == RunJob::Phase::Running) {
        const double due = job.startedAt + job.plan.duration / m_speed;
        if (due <= now)
            endJob(run, job, job.willFail ? QStringLiteral("failure") : QStringLiteral("success"),
                   due);
        return;
    }
    const NeedsState needs = needsOf(run, job);
    if (!needs.done)
        return;
    if (!needs.good)
        return endJob(run, job, QStringLiteral("skipped"), needs.at);
    const bool waits = job.phase == RunJob::Phase::Waiting;
    if (job.plan.gate && !job.approved) {
        job.phase = RunJob::Phase::Waiting;
        run.updatedAt = std::max(run.updatedAt, needs.at);
        return;
    }
    job.phase = RunJob::Phase::Running;
    job.startedAt = waits ? now : needs.at;
    run.updatedAt = std::max(run.updatedAt, job.startedAt);
}

void RunBook::endJob(RunRecord &run, RunJob &job, const QString &conclusion, double at)
{
    if (!(job.startedAt <= at))
        job.startedAt = at;
    job.phase = RunJob::Phase::Done;
    job.conclusion = conclusion;
    job.endedAt = at;
    run.updatedAt = std::max(run.updatedAt, at);
    settle(run);
}

bool RunBook::review(qint64 run, const QString &environment, const QString &state, double now)
{
    RunRecord *record = findMutable(run);
    if (!record)
        return false;
    bool any = false;
    for (RunJob &job : record->jobs) {
        if (job.phase != RunJob::Phase::Waiting || job.plan.environment != environment)
            continue;
        any = true;
        if (state == QLatin1String("approved")) {
            job.approved = true;
        } else {
            endJob(*record, job, QStringLiteral("failure"), now);
        }
    }
    if (!any)
        return false;
    record->updatedAt = now;
    const bool ended = !record->conclusion.isEmpty();
    Q_EMIT runChanged(run);
    if (ended)
        Q_EMIT runEnded(run, now);
    advance(now);
    return true;
}

bool RunBook::cancel(qint64 run, double now)
{
    RunRecord *record = findMutable(run);
    if (!record || !record->conclusion.isEmpty())
        return false;
    if (record->cancelAt <= 0)
        record->cancelAt = now + cancelTakes / m_speed;
    return true;
}

bool RunBook::rerun(qint64 run, const QString &which, double now)
{
    RunRecord *record = findMutable(run);
    if (!record || record->conclusion.isEmpty())
        return false;
    ++record->attempt;
    record->conclusion.clear();
    record->updatedAt = now;
    for (qsizetype i = 0; i < record->jobs.size(); ++i) {
        RunJob &job = record->jobs[i];
        job.id = jobId(record->id, record->attempt, i);
        if (which == QLatin1String("failed") && job.conclusion == QLatin1String("success"))
            continue;
        job.phase = RunJob::Phase::Queued;
        job.conclusion.clear();
        job.createdAt = now;
        job.startedAt = never;
        job.endedAt = never;
    }
    Q_EMIT runChanged(run);
    return true;
}

const RunRecord *RunBook::find(qint64 run) const
{
    const auto it = std::find_if(m_runs.begin(), m_runs.end(),
                                 [run](const RunRecord &record) { return record.id == run; });
    return it == m_runs.end() ? nullptr : &*it;
}

RunRecord *RunBook::findMutable(qint64 run)
{
    const auto it = std::find_if(m_runs.begin(), m_runs.end(),
                                 [run](const RunRecord &record) { return record.id == run; });
    return it == m_runs.end() ? nullptr : &*it;
}

const RunJob *RunBook::findJob(qint64 job, const RunRecord **of) const
{
    for (const RunRecord &run : m_runs)
        for (const RunJob &candidate : run.jobs)
            if (candidate.id == job) {
                if (of)
                    *of = &run;
                return &candidate;
            }
    return nullptr;
}

} // namespace pilothouse::sandbox

#include "app/sandbox/world/runbook.h"

#include <algorithm>
#include <limits>

namespace pilothouse::sandbox {

namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();
constexpr double cancelTakes = 1;
constexpr qint64 firstDispatched = 7101;

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
    run.event = workflow.event;
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
    if (held)
        return QStringLiteral("pending");
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

std::optional<RunRecord> RunRecord::inAttempt(int which) const
{
    if (which == attempt)
        return *this;
    if (which < 1 || which > earlier.size())
        return {};
    RunRecord then = *this;
    then.attempt = which;
    then.jobs = earlier[which - 1];
    then.conclusion = conclusionOf(then);
    then.held = false;
    return then;
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

qint64 RunBook::dispatch(const PlannedWorkflow &workflow, const QString &revision,
                         const QString &actor, double now)
{
    qint64 id = firstDispatched;
    for (const RunRecord &run : std::as_const(m_runs))
        id = std::max(id, run.id + 1);
    RunRecord run = makeRun(workflow, id, revision, now);
    run.event = QStringLiteral("workflow_dispatch");
    run.actor = actor;
    append(run);
    Q_EMIT runChanged(id);
    advance(now);
    return id;
}

QList<const RunRecord *> RunBook::members(const QString &group) const
{
    QList<const RunRecord *> all;
    for (const RunRecord &run : m_runs) {
        if (run.conclusion.isEmpty() && !group.isEmpty() && run.workflow.concurrency == group)
            all.append(&run);
    }
    std::stable_partition(all.begin(), all.end(), [](const RunRecord *run) { return !run->held; });
    return all;
}

bool RunBook::isHeld(const RunRecord &run) const
{
    if (run.workflow.concurrency.isEmpty()
        || std::any_of(run.jobs.begin(), run.jobs.end(),
                       [](const RunJob &job) { return job.phase != RunJob::Phase::Queued; }))
        return false;
    return std::any_of(m_runs.begin(), m_runs.end(), [&](const RunRecord &other) {
        return other.id != run.id && other.conclusion.isEmpty() && !other.held
               && other.workflow.concurrency == run.workflow.concurrency
               && (other.createdAt < run.createdAt
                   || (other.createdAt == run.createdAt && other.id < run.id));
    });
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
        run.held = false;
        for (RunJob &job : run.jobs)
            if (job.phase != RunJob::Phase::Done)
                endJob(run, job, QStringLiteral("cancelled"), at);
        Q_EMIT runChanged(id);
        Q_EMIT runEnded(id, at);
        return true;
    }
    const bool wasHeld = run.held;
    run.held = isHeld(run);
    if (run.held)
        return false;
    if (wasHeld) {
        // It begins where the other one ended, however late anybody looks.
        double freeAt = run.createdAt;
        for (const RunRecord &other : std::as_const(m_runs)) {
            if (other.id != run.id && other.workflow.concurrency == run.workflow.concurrency
                && !other.conclusion.isEmpty())
                freeAt = std::max(freeAt, other.updatedAt);
        }
        for (RunJob &job : run.jobs)
            job.createdAt = std::max(job.createdAt, freeAt);
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

bool RunBook::forceCancel(qint64 run, double now)
{
    RunRecord *record = findMutable(run);
    if (!record || !record->conclusion.isEmpty())
        return false;
    record->cancelAt = 0;
    record->held = false;
    for (RunJob &job : record->jobs) {
        if (job.phase != RunJob::Phase::Done)
            endJob(*record, job, QStringLiteral("cancelled"), now);
    }
    Q_EMIT runChanged(run);
    Q_EMIT runEnded(run, now);
    return true;
}

void RunBook::again(RunRecord &run, const std::function<bool(const RunJob &)> &which, double now)
{
    run.earlier.append(run.jobs);
    ++run.attempt;
    run.conclusion.clear();
    run.updatedAt = now;
    for (qsizetype i = 0; i < run.jobs.size(); ++i) {
        RunJob &job = run.jobs[i];
        const bool repeated = which(job);
        job.id = jobId(run.id, run.attempt, i);
        if (!repeated)
            continue;
        job.phase = RunJob::Phase::Queued;
        job.conclusion.clear();
        job.approved = false;
        job.createdAt = now;
        job.startedAt = never;
        job.endedAt = never;
    }
    const qint64 id = run.id; // a listener may begin a run, and `run` moves
    Q_EMIT runChanged(id);
    advance(now);
}

bool RunBook::rerun(qint64 run, const QString &which, double now)
{
    RunRecord *record = findMutable(run);
    if (!record || record->conclusion.isEmpty())
        return false;
    const bool failedOnly = which == QLatin1String("failed");
    again(
        *record,
        [failedOnly](const RunJob &job) {
            return !failedOnly || job.conclusion != QLatin1String("success");
        },
        now);
    return true;
}

bool RunBook::rerunJob(qint64 job, double now)
{
    const RunRecord *of = nullptr;
    const RunJob *found = findJob(job, &of);
    RunRecord *record = found ? findMutable(of->id) : nullptr;
    if (!record || record->conclusion.isEmpty())
        return false;
    QStringList names{found->plan.name};
    // What needs it, and what needs that.
    for (qsizetype known = 0; known != names.size();) {
        known = names.size();
        for (const RunJob &each : std::as_const(record->jobs)) {
            const bool needs
                = std::any_of(each.plan.needs.begin(), each.plan.needs.end(),
                              [&](const QString &need) { return names.contains(need); });
            if (needs && !names.contains(each.plan.name))
                names.append(each.plan.name);
        }
    }
    again(
        *record, [names](const RunJob &each) { return names.contains(each.plan.name); }, now);
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
    const auto in = [job](const QList<RunJob> &jobs) -> const RunJob * {
        const auto it = std::find_if(jobs.begin(), jobs.end(),
                                     [job](const RunJob &each) { return each.id == job; });
        return it == jobs.end() ? nullptr : &*it;
    };
    for (const RunRecord &run : m_runs) {
        const RunJob *found = in(run.jobs);
        for (qsizetype i = 0; !found && i < run.earlier.size(); ++i)
            found = in(run.earlier[i]);
        if (!found)
            continue;
        if (of)
            *of = &run;
        return found;
    }
    return nullptr;
}

} // namespace pilothouse::sandbox

#include "app/sandbox/github/runviews.h"

#include "app/sandbox/world/world.h"

#include <algorithm>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

QString word(RunJob::Phase phase)
{
    switch (phase) {
    case RunJob::Phase::Queued:
        return QStringLiteral("queued");
    case RunJob::Phase::Waiting:
        return QStringLiteral("waiting");
    case RunJob::Phase::Running:
        return QStringLiteral("in_progress");
    case RunJob::Phase::Done:
        return QStringLiteral("completed");
    }
    return {};
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text);
}

QJsonValue time(const RunFacts &facts, double second)
{
    return std::isfinite(second) ? githubTime(facts.world.wallTime(second))
                                 : QJsonValue(QJsonValue::Null);
}

QString path(const PlannedWorkflow &workflow)
{
    return QLatin1String(".github/workflows/") + workflow.file;
}

QJsonArray stepsView(const RunFacts &facts, const RunRecord &run, const RunJob &job)
{
    QJsonArray out;
    if (job.phase != RunJob::Phase::Running && job.phase != RunJob::Phase::Done)
        return out;
    if (job.conclusion == QLatin1String("skipped"))
        return out;
    const bool cancelled = job.conclusion == QLatin1String("cancelled");
    const QDateTime now = facts.world.wallTime(facts.world.clockSecond());
    const QDateTime until
        = job.phase == RunJob::Phase::Done ? facts.world.wallTime(job.endedAt) : now;
    for (const JobStep &step : jobSteps(jobRun(facts, run, job))) {
        const bool over
            = (job.phase == RunJob::Phase::Done && !cancelled) || step.completedAt <= until;
        const bool begun = over || step.startedAt <= until;
        QString status = begun ? QStringLiteral("in_progress") : QStringLiteral("queued");
        QString conclusion;
        if (over || cancelled) {
            status = QStringLiteral("completed");
            conclusion = over ? step.conclusion : QStringLiteral("cancelled");
        }
        out.append(
            QJsonObject{{QStringLiteral("name"), step.name},
                        {QStringLiteral("status"), status},
                        {QStringLiteral("conclusion"), orNull(conclusion)},
                        {QStringLiteral("number"), step.number},
                        {QStringLiteral("started_at"),
                         begun ? githubTime(step.startedAt) : QJsonValue(QJsonValue::Null)},
                        {QStringLiteral("completed_at"),
                         over ? githubTime(step.completedAt) : QJsonValue(QJsonValue::Null)}});
    }
    return out;
}

double attemptBegan(const RunRecord &run)
{
    double at = run.createdAt;
    for (const RunJob &job : run.jobs) {
        if (run.attempt > 1)
            at = std::max(at, job.createdAt);
    }
    return at;
}

} // namespace

qint64 workflowId(const QString &file)
{
    return githubId(file) % 90'000'000 + 1'000'000;
}

qint64 environmentId(const QString &environment)
{
    return githubId(QLatin1String("environment/") + environment);
}

JobRun jobRun(const RunFacts &facts, const RunRecord &run, const RunJob &job)
{
    constexpr int firstHelmRevision = 42;
    JobRun out;
    out.release = run.revision;
    out.sha = facts.world.commit(run.revision);
    out.job = job.plan.name;
    out.startedAt = facts.world.wallTime(job.startedAt);
    const double planned
        = job.plan.duration / (job.createdAt < 0 ? 1 : facts.world.options().speed);
    out.duration = std::chrono::milliseconds(std::llround(planned * 1000));
    if (job.phase == RunJob::Phase::Done && job.conclusion != QLatin1String("cancelled"))
        out.duration
            = std::chrono::milliseconds(std::llround((job.endedAt - job.startedAt) * 1000));
    const auto &releases = facts.world.scenario().releases;
    for (qsizetype i = 0; i < releases.size(); ++i)
        if (releases[i].revision == run.revision)
            out.helmRevision = firstHelmRevision + static_cast<int>(i);
    return out;
}

QString runActor(const RunFacts &facts, const RunRecord &run)
{
    if (!run.actor.isEmpty())
        return run.actor;
    return run.event == QLatin1String("push") ? madeCommit(facts.repository, run.revision).login
                                              : QStringLiteral("github-actions[bot]");
}

QJsonObject runView(const RunFacts &facts, const RunRecord &run)
{
    const GithubPlace &place = facts.place;
    const MadeCommit commit = madeCommit(facts.repository, run.revision);
    const QString url = place.repositoryApi() + QStringLiteral("/actions/runs/%1").arg(run.id);
    const qint64 workflow = workflowId(run.workflow.file);
    const qint64 suite = run.id * 10 + 5'000'000'000;
    const QString workflowUrl
        = place.repositoryApi() + QStringLiteral("/actions/workflows/%1").arg(workflow);
    const bool byRobot = run.event != QLatin1String("push");
    const QJsonObject actor = userView(place, runActor(facts, run));
    QString title = commit.subject;
    if (byRobot)
        title = run.workflow.name;
    return {
        {QStringLiteral("id"), run.id},
        {QStringLiteral("name"), run.workflow.name},
        {QStringLiteral("node_id"), nodeId(QStringLiteral("WFR"), run.id)},
        {QStringLiteral("head_branch"), place.branch},
        {QStringLiteral("head_sha"), commit.sha},
        {QStringLiteral("path"), path(run.workflow)},
        {QStringLiteral("display_title"), title},
        {QStringLiteral("run_number"), run.number},
        {QStringLiteral("event"), run.event},
        {QStringLiteral("status"), run.status()},
        {QStringLiteral("conclusion"), orNull(run.conclusion)},
        {QStringLiteral("workflow_id"), workflow},
        {QStringLiteral("check_suite_id"), suite},
        {QStringLiteral("check_suite_node_id"), nodeId(QStringLiteral("CS"), suite)},
        {QStringLiteral("url"), url},
        {QStringLiteral("html_url"),
         place.repositoryWeb() + QStringLiteral("/actions/runs/%1").arg(run.id)},
        {QStringLiteral("pull_requests"), QJsonArray()},
        {QStringLiteral("created_at"), time(facts, run.createdAt)},
        {QStringLiteral("updated_at"), time(facts, run.updatedAt)},
        {QStringLiteral("run_started_at"), time(facts, attemptBegan(run))},
        {QStringLiteral("actor"), actor},
        {QStringLiteral("triggering_actor"), actor},
        {QStringLiteral("run_attempt"), run.attempt},
        {QStringLiteral("referenced_workflows"), QJsonArray()},
        {QStringLiteral("jobs_url"), url + QLatin1String("/jobs")},
        {QStringLiteral("logs_url"), url + QLatin1String("/logs")},
        {QStringLiteral("check_suite_url"),
         place.repositoryApi() + QStringLiteral("/check-suites/%1").arg(suite)},
        {QStringLiteral("artifacts_url"), url + QLatin1String("/artifacts")},
        {QStringLiteral("cancel_url"), url + QLatin1String("/cancel")},
        {QStringLiteral("rerun_url"), url + QLatin1String("/rerun")},
        {QStringLiteral("previous_attempt_url"),
         run.attempt > 1 ? QJsonValue(url + QStringLiteral("/attempts/%1").arg(run.attempt - 1))
                         : QJsonValue(QJsonValue::Null)},
        {QStringLiteral("workflow_url"), workflowUrl},
        {QStringLiteral("head_commit"), headCommitView(commit)},
        {QStringLiteral("repository"), repositoryView(place)},
        {QStringLiteral("head_repository"), repositoryView(place)},
    };
}

QJsonObject jobView(const RunFacts &facts, const RunRecord &run, const RunJob &job)
{
    const GithubPlace &place = facts.place;
    const QString api = place.repositoryApi();
    const bool begun = std::isfinite(job.startedAt) && job.conclusion != QLatin1String("skipped");
    const bool runs = begun && job.phase != RunJob::Phase::Waiting;
    // GitHub gives a job that has not begun the time of its creation.
    const double started = std::isfinite(job.startedAt) ? job.startedAt : job.createdAt;
    const QString runner = QStringLiteral("GitHub Actions %1").arg(job.id % 97 + 2);
    return {
        {QStringLiteral("id"), job.id},
        {QStringLiteral("run_id"), run.id},
        {QStringLiteral("workflow_name"), run.workflow.name},
        {QStringLiteral("head_branch"), place.branch},
        {QStringLiteral("run_url"), api + QStringLiteral("/actions/runs/%1").arg(run.id)},
        {QStringLiteral("run_attempt"), run.attempt},
        {QStringLiteral("node_id"), nodeId(QStringLiteral("CR"), job.id)},
        {QStringLiteral("head_sha"), facts.world.commit(run.revision)},
        {QStringLiteral("url"), api + QStringLiteral("/actions/jobs/%1").arg(job.id)},
        {QStringLiteral("html_url"),
         place.repositoryWeb() + QStringLiteral("/actions/runs/%1/job/%2").arg(run.id).arg(job.id)},
        {QStringLiteral("status"), word(job.phase)},
        {QStringLiteral("conclusion"), orNull(job.conclusion)},
        {QStringLiteral("created_at"), time(facts, job.createdAt)},
        {QStringLiteral("started_at"), time(facts, started)},
        {QStringLiteral("completed_at"), job.phase == RunJob::Phase::Done
                                             ? time(facts, job.endedAt)
                                             : QJsonValue(QJsonValue::Null)},
        {QStringLiteral("name"), job.plan.name},
        {QStringLiteral("steps"), stepsView(facts, run, job)},
        {QStringLiteral("check_run_url"), api + QStringLiteral("/check-runs/%1").arg(job.id)},
        {QStringLiteral("labels"), QJsonArray{QStringLiteral("ubuntu-latest")}},
        {QStringLiteral("runner_id"), runs ? QJsonValue(job.id % 97 + 2) : QJsonValue(0)},
        {QStringLiteral("runner_name"), runs ? QJsonValue(runner) : QJsonValue(QString())},
        {QStringLiteral("runner_group_id"), runs ? QJsonValue(2) : QJsonValue(0)},
        {QStringLiteral("runner_group_name"),
         runs ? QJsonValue(QStringLiteral("GitHub Actions")) : QJsonValue(QString())},
    };
}

QJsonObject workflowView(const RunFacts &facts, const PlannedWorkflow &workflow)
{
    const GithubPlace &place = facts.place;
    const qint64 id = workflowId(workflow.file);
    const QJsonValue since = githubTime(facts.world.startedAt().addDays(-40));
    return {{QStringLiteral("id"), id},
            {QStringLiteral("node_id"), nodeId(QStringLiteral("W"), id)},
            {QStringLiteral("name"), workflow.name},
            {QStringLiteral("path"), path(workflow)},
            {QStringLiteral("state"), QStringLiteral("active")},
            {QStringLiteral("created_at"), since},
            {QStringLiteral("updated_at"), since},
            {QStringLiteral("url"),
             place.repositoryApi() + QStringLiteral("/actions/workflows/%1").arg(id)},
            {QStringLiteral("html_url"), place.repositoryWeb() + QLatin1String("/blob/")
                                             + place.branch + QLatin1Char('/') + path(workflow)},
            {QStringLiteral("badge_url"), place.repositoryWeb() + QLatin1String("/workflows/")
                                              + workflow.file + QLatin1String("/badge.svg")}};
}

QJsonObject environmentView(const RunFacts &facts, const QString &environment)
{
    const qint64 id = environmentId(environment);
    return {{QStringLiteral("id"), id},
            {QStringLiteral("node_id"), nodeId(QStringLiteral("EN"), id)},
            {QStringLiteral("name"), environment},
            {QStringLiteral("url"),
             facts.place.repositoryApi() + QLatin1String("/environments/") + environment},
            {QStringLiteral("html_url"),
             facts.place.repositoryWeb()
                 + QLatin1String("/deployments/activity_log?environments_filter=") + environment}};
}

QJsonObject pendingDeploymentView(const RunFacts &facts, const RunRecord &,
                                  const QString &environment)
{
    const QJsonObject reviewer{
        {QStringLiteral("type"), QStringLiteral("User")},
        {QStringLiteral("reviewer"), userView(facts.place, QStringLiteral("release-manager"))}};
    return {{QStringLiteral("environment"), environmentView(facts, environment)},
            {QStringLiteral("wait_timer"), 0},
            {QStringLiteral("wait_timer_started_at"), QJsonValue::Null},
            {QStringLiteral("current_user_can_approve"), true},
            {QStringLiteral("reviewers"), QJsonArray{reviewer}}};
}

qint64 deploymentId(const RunRecord &run, const QString &environment)
{
    return run.id * 10 + (environment == QLatin1String("production") ? 1 : 0);
}

bool isDeployment(const RunJob &job)
{
    return !job.plan.environment.isEmpty()
           && (job.phase == RunJob::Phase::Running
               || (job.phase == RunJob::Phase::Done
                   && (job.conclusion == QLatin1String("success")
                       || job.conclusion == QLatin1String("failure"))));
}

QJsonArray deploymentStatuses(const RunFacts &facts, const RunRecord &run, const RunJob &job)
{
    const qint64 id = deploymentId(run, job.plan.environment);
    const QString url = facts.place.repositoryApi() + QStringLiteral("/deployments/%1").arg(id);
    const QString page = facts.place.repositoryWeb()
                         + QStringLiteral("/actions/runs/%1/job/%2").arg(run.id).arg(job.id);
    const auto status = [&](int which, const QString &state, double at) {
        const qint64 own = id * 10 + which;
        const QJsonValue time = githubTime(facts.world.wallTime(at));
        return QJsonObject{{QStringLiteral("url"), url + QStringLiteral("/statuses/%1").arg(own)},
                           {QStringLiteral("id"), own},
                           {QStringLiteral("node_id"), nodeId(QStringLiteral("DES"), own)},
                           {QStringLiteral("state"), state},
                           {QStringLiteral("creator"),
                            userView(facts.place, QStringLiteral("github-actions[bot]"))},
                           {QStringLiteral("description"), QString()},
                           {QStringLiteral("environment"), job.plan.environment},
                           {QStringLiteral("target_url"), page},
                           {QStringLiteral("log_url"), page},
                           {QStringLiteral("environment_url"), QString()},
                           {QStringLiteral("created_at"), time},
                           {QStringLiteral("updated_at"), time},
                           {QStringLiteral("deployment_url"), url},
                           {QStringLiteral("repository_url"), facts.place.repositoryApi()}};
    };
    QJsonArray all;
    if (job.phase == RunJob::Phase::Done)
        all.append(status(1, job.conclusion, job.endedAt));
    all.append(status(0, QStringLiteral("in_progress"), job.startedAt));
    return all;
}

QJsonObject deploymentView(const RunFacts &facts, const RunRecord &run, const QString &environment,
                           const QDateTime &at)
{
    const qint64 id = deploymentId(run, environment);
    const QString url = facts.place.repositoryApi() + QStringLiteral("/deployments/%1").arg(id);
    return {
        {QStringLiteral("url"), url},
        {QStringLiteral("id"), id},
        {QStringLiteral("node_id"), nodeId(QStringLiteral("DE"), id)},
        {QStringLiteral("sha"), facts.world.commit(run.revision)},
        {QStringLiteral("ref"), facts.place.branch},
        {QStringLiteral("task"), QStringLiteral("deploy")},
        {QStringLiteral("payload"), QJsonObject()},
        {QStringLiteral("original_environment"), environment},
        {QStringLiteral("environment"), environment},
        {QStringLiteral("description"), QJsonValue::Null},
        {QStringLiteral("creator"), userView(facts.place, QStringLiteral("github-actions[bot]"))},
        {QStringLiteral("created_at"), githubTime(at)},
        {QStringLiteral("updated_at"), githubTime(at)},
        {QStringLiteral("statuses_url"), url + QLatin1String("/statuses")},
        {QStringLiteral("repository_url"), facts.place.repositoryApi()},
        {QStringLiteral("transient_environment"), false},
        {QStringLiteral("production_environment"), environment == QLatin1String("production")}};
}

} // namespace pilothouse::sandbox

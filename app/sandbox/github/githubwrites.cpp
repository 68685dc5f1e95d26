#include "app/sandbox/github/githubserver.h"

#include "app/sandbox/world/world.h"

#include <QJsonDocument>
#include <QUrl>

#include <algorithm>

// What GitHub's API writes, and what it tells about who waits for whom.

namespace pilothouse::sandbox {

namespace {

constexpr int mostRetries = 50;
constexpr double retrySeconds = 30.0 * 86'400;
const QString userLogin = QStringLiteral("release-manager");

QJsonObject memberView(const GithubPlace &place, const RunRecord &run, qsizetype position)
{
    return {{QStringLiteral("run_id"), run.id},
            {QStringLiteral("run_name"), run.workflow.name},
            {QStringLiteral("run_url"),
             place.repositoryApi() + QStringLiteral("/actions/runs/%1").arg(run.id)},
            {QStringLiteral("run_html_url"),
             place.repositoryWeb() + QStringLiteral("/actions/runs/%1").arg(run.id)},
            {QStringLiteral("status"),
             run.held ? QStringLiteral("pending") : QStringLiteral("in_progress")},
            {QStringLiteral("position"), position}};
}

} // namespace

void GithubServer::addWrites()
{
    const auto post = [this](const char *pattern, auto action) {
        m_router.add("POST", QString::fromLatin1(pattern), std::move(action));
    };
    const auto cancel = [this](const ExchangePtr &exchange, const QStringList &parts) {
        const qint64 run = parts[0].toLongLong();
        if (!m_world.runs().find(run))
            return refuse(exchange, 404);
        if (!m_world.runs().cancel(run, m_world.clockSecond()))
            return reply(exchange, 409,
                         QJsonObject{{QStringLiteral("message"),
                                      QStringLiteral("Cannot cancel a workflow run that is "
                                                     "completed.")},
                                     {QStringLiteral("documentation_url"),
                                      QStringLiteral("https://docs.github.com/rest")},
                                     {QStringLiteral("status"), QStringLiteral("409")}});
        reply(exchange, 202, QJsonObject());
    };
    post("/repo/actions/runs/{run}/cancel", cancel);
    post("/repo/actions/runs/{run}/force-cancel",
         [this](const ExchangePtr &exchange, const QStringList &parts) {
             const qint64 run = parts[0].toLongLong();
             if (!m_world.runs().find(run))
                 return refuse(exchange, 404);
             if (!m_world.runs().forceCancel(run, m_world.clockSecond()))
                 return refuse(exchange, 409);
             reply(exchange, 202, QJsonObject());
         });
    for (const char *which : {"rerun", "rerun-failed-jobs"})
        m_router.add("POST", QLatin1String("/repo/actions/runs/{run}/") + QLatin1String(which),
                     [this, which](const ExchangePtr &exchange, const QStringList &parts) {
                         rerun(exchange, m_world.runs().find(parts[0].toLongLong()),
                               [&](qint64 id) {
                                   const bool all = QLatin1String(which) == QLatin1String("rerun");
                                   return m_world.runs().rerun(
                                       id, all ? QStringLiteral("all") : QStringLiteral("failed"),
                                       m_world.clockSecond());
                               });
                     });
    post("/repo/actions/jobs/{job}/rerun",
         [this](const ExchangePtr &exchange, const QStringList &parts) {
             const RunRecord *run = nullptr;
             const qint64 job = parts[0].toLongLong();
             const bool known = m_world.runs().findJob(job, &run) != nullptr;
             rerun(exchange, known ? run : nullptr,
                   [&](qint64) { return m_world.runs().rerunJob(job, m_world.clockSecond()); });
         });
    post("/repo/actions/workflows/{workflow}/dispatches",
         [this](const ExchangePtr &exchange, const QStringList &parts) {
             dispatch(exchange, parts[0]);
         });
    post("/repo/actions/runs/{run}/pending_deployments",
         [this](const ExchangePtr &exchange, const QStringList &parts) {
             review(exchange, parts[0].toLongLong());
         });
}

QString GithubServer::environmentName(qint64 id) const
{
    for (const PlannedWorkflow &workflow : m_world.scenario().workflows)
        for (const PlannedJob &job : workflow.jobs)
            if (!job.environment.isEmpty() && environmentId(job.environment) == id)
                return job.environment;
    return {};
}

void GithubServer::pendingDeployments(const ExchangePtr &exchange, qint64 id)
{
    const RunRecord *run = m_world.runs().find(id);
    if (!run)
        return refuse(exchange, 404);
    QJsonArray pending;
    for (const RunJob &job : run->jobs)
        if (job.phase == RunJob::Phase::Waiting)
            pending.append(pendingDeploymentView(facts(), *run, job.plan.environment));
    reply(exchange, 200, pending);
}

void GithubServer::review(const ExchangePtr &exchange, qint64 id)
{
    const RunRecord *run = m_world.runs().find(id);
    if (!run)
        return refuse(exchange, 404);
    const QJsonObject body = QJsonDocument::fromJson(exchange->request.body).object();
    const QString state = body.value(QLatin1String("state")).toString();
    const QJsonArray ids = body.value(QLatin1String("environment_ids")).toArray();
    const bool complete = (state == QLatin1String("approved") || state == QLatin1String("rejected"))
                          && !ids.isEmpty() && body.contains(QLatin1String("comment"));
    if (!complete)
        return refuse(exchange, 422);
    QJsonArray deployed;
    QJsonArray environments;
    for (const auto &value : ids) {
        const QString environment = environmentName(value.toInteger());
        if (environment.isEmpty()
            || !m_world.runs().review(id, environment, state, m_world.clockSecond()))
            return refuse(exchange, 422);
        environments.append(environmentView(facts(), environment));
        deployed.append(deploymentView(facts(), *m_world.runs().find(id), environment,
                                       m_world.wallTime(m_world.clockSecond())));
    }
    m_approvals[id].append(
        QJsonObject{{QStringLiteral("environments"), environments},
                    {QStringLiteral("state"), state},
                    {QStringLiteral("user"), userView(m_place, QStringLiteral("release-manager"))},
                    {QStringLiteral("comment"), body.value(QLatin1String("comment"))}});
    reply(exchange, 200, deployed);
}

void GithubServer::rerun(const ExchangePtr &exchange, const RunRecord *run,
                         const std::function<bool(qint64)> &begin)
{
    if (!run)
        return refuse(exchange, 404);
    if (run->conclusion.isEmpty())
        return refuseWith(exchange, 403, QStringLiteral("This workflow is already running"));
    if (run->attempt > mostRetries)
        return refuseWith(exchange, 403,
                          QStringLiteral("Unable to retry this workflow run because it was re-run "
                                         "too often"));
    if (m_world.clockSecond() - run->createdAt > retrySeconds)
        return refuseWith(exchange, 403,
                          QStringLiteral("Unable to retry this workflow run because it was created "
                                         "over a month ago"));
    if (!begin(run->id))
        return refuse(exchange, 403);
    reply(exchange, 201, QJsonObject());
}

void GithubServer::dispatch(const ExchangePtr &exchange, const QString &name)
{
    const QJsonObject body = QJsonDocument::fromJson(exchange->request.body).object();
    const QJsonObject inputs = body.value(QLatin1String("inputs")).toObject();
    const QString ref = body.value(QLatin1String("ref")).toString();
    const auto &workflows = m_world.scenario().workflows;
    const auto workflow
        = std::find_if(workflows.begin(), workflows.end(), [&](const PlannedWorkflow &each) {
              return name == each.file || name == QString::number(workflowId(each.file));
          });
    if (workflow == workflows.end())
        return refuse(exchange, 404);
    if (!workflow->startable)
        return refuseWith(exchange, 422,
                          QStringLiteral("Workflow does not have 'workflow_dispatch' trigger"));
    if (ref != m_place.branch && ref != QLatin1String("refs/heads/") + m_place.branch)
        return refuseWith(exchange, 422, QStringLiteral("No ref found for: ") + ref);
    for (const QString &input : workflow->requiredInputs) {
        if (inputs.value(input).toString().isEmpty())
            return refuseWith(exchange, 422,
                              QStringLiteral("Required input '%1' not provided").arg(input));
    }
    const QStringList given = inputs.keys();
    for (const QString &input : given) {
        if (!workflow->requiredInputs.contains(input))
            return refuseWith(exchange, 422,
                              QStringLiteral("Unexpected inputs provided: [\"%1\"]").arg(input));
    }
    const QString sha = inputs.value(QLatin1String("commit")).toString();
    const QList<MadeCommit> pushed = pushedCommits();
    const auto commit = std::find_if(pushed.begin(), pushed.end(), [&](const MadeCommit &each) {
        return sha.isEmpty() ? !each.nickname.isEmpty() : each.sha == sha;
    });
    if (commit == pushed.end() || !m_world.scenario().revisions.contains(commit->nickname))
        return refuseWith(exchange, 422,
                          QStringLiteral("The rehearsal has images of its releases only: give the "
                                         "full SHA of one"));
    const qint64 id
        = m_world.runs().dispatch(*workflow, commit->nickname, userLogin, m_world.clockSecond());
    if (!body.value(QLatin1String("return_run_details")).toBool())
        return reply(exchange, 204, QJsonValue::Undefined);
    const QString path = QStringLiteral("/actions/runs/%1").arg(id);
    reply(exchange, 200,
          QJsonObject{{QStringLiteral("workflow_run_id"), id},
                      {QStringLiteral("run_url"), m_place.repositoryApi() + path},
                      {QStringLiteral("html_url"), m_place.repositoryWeb() + path}});
}

QJsonArray GithubServer::concurrencyOf(const RunRecord &run) const
{
    const QString group = run.workflow.concurrency;
    if (group.isEmpty())
        return {};
    const QString url = m_place.repositoryApi() + QLatin1String("/actions/concurrency_groups/")
                        + QString::fromLatin1(QUrl::toPercentEncoding(group));
    QJsonArray own;
    const QList<const RunRecord *> members = m_world.runs().members(group);
    for (qsizetype i = 0; i < members.size(); ++i) {
        if (members[i]->id != run.id)
            continue;
        QJsonObject member = memberView(m_place, run, i);
        member.insert(QStringLiteral("position_url"),
                      url + QStringLiteral("?ahead_of_run=%1").arg(run.id));
        own.append(member);
    }
    return {QJsonObject{{QStringLiteral("group_name"), group},
                        {QStringLiteral("group_url"), url},
                        {QStringLiteral("group_members"), own}}};
}

void GithubServer::concurrencyGroup(const ExchangePtr &exchange, const QString &name)
{
    const QList<const RunRecord *> members = m_world.runs().members(name);
    if (members.isEmpty())
        return refuse(exchange, 404);
    const QString ahead = exchange->request.parameter("ahead_of_run");
    QJsonArray views;
    bool found = ahead.isEmpty();
    for (qsizetype i = 0; i < members.size(); ++i) {
        // With the one that was asked about, as the last.
        views.append(memberView(m_place, *members[i], i));
        found = found || QString::number(members[i]->id) == ahead;
        if (found && !ahead.isEmpty())
            break;
    }
    if (!found)
        return refuse(exchange, 422);
    reply(exchange, 200,
          QJsonObject{{QStringLiteral("group_name"), name},
                      {QStringLiteral("group_url"),
                       m_place.repositoryApi() + QLatin1String("/actions/concurrency_groups/")
                           + QString::fromLatin1(QUrl::toPercentEncoding(name))},
                      {QStringLiteral("total_count"), views.size()},
                      {QStringLiteral("group_members"), views}});
}

} // namespace pilothouse::sandbox

#include "app/sandbox/github/githubserver.h"

#include "app/sandbox/world/story.h"
#include "app/sandbox/world/world.h"

#include <QJsonDocument>

namespace pilothouse::sandbox {

void GithubServer::addReads()
{
    const auto get = [this](const char *pattern, auto action) {
        m_router.add("GET", QString::fromLatin1(pattern), std::move(action));
    };
    /// Answers with a view of the run that the first part names.
    const auto ofRun = [this](auto view) {
        return [this, view](const ExchangePtr &exchange, const QStringList &parts) {
            const RunRecord *run = m_world.runs().find(parts.value(0).toLongLong());
            if (!run)
                return refuse(exchange, 404);
            view(exchange, *run, parts);
        };
    };
    const auto attemptKnown = [](const RunRecord &run, const QStringList &parts) {
        return parts.value(1).toInt() == run.attempt;
    };

    get("/user", [this](const ExchangePtr &exchange, const QStringList &) {
        reply(exchange, 200, userView(m_place, QStringLiteral("release-manager")),
              {{"X-OAuth-Scopes", "repo, workflow"}});
    });
    get("/rate_limit", [this](const ExchangePtr &exchange, const QStringList &) {
        const QJsonObject core{{QStringLiteral("limit"), 5000},
                               {QStringLiteral("used"), m_used},
                               {QStringLiteral("remaining"), 5000 - m_used},
                               {QStringLiteral("reset"), m_resetAt.toSecsSinceEpoch()}};
        reply(exchange, 200,
              QJsonObject{
                  {QStringLiteral("resources"),
                   QJsonObject{{QStringLiteral("core"), core}, {QStringLiteral("search"), core}}},
                  {QStringLiteral("rate"), core}});
    });
    get("/repo", [this](const ExchangePtr &exchange, const QStringList &) {
        reply(exchange, 200, repositoryView(m_place));
    });
    get("/repo/actions/workflows", [this](const ExchangePtr &exchange, const QStringList &) {
        QJsonArray all;
        for (const PlannedWorkflow &workflow : m_world.scenario().workflows)
            all.append(workflowView(facts(), workflow));
        replyList(exchange, all, "workflows");
    });
    get("/repo/actions/workflows/{workflow}", [this](const ExchangePtr &exchange,
                                                     const QStringList &parts) {
        for (const PlannedWorkflow &workflow : m_world.scenario().workflows)
            if (parts[0] == workflow.file || parts[0] == QString::number(workflowId(workflow.file)))
                return reply(exchange, 200, workflowView(facts(), workflow));
        refuse(exchange, 404);
    });
    get("/repo/actions/workflows/{workflow}/runs",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            replyList(exchange, runsMatching(exchange->request, parts[0]), "workflow_runs");
        });
    get("/repo/actions/runs", [this](const ExchangePtr &exchange, const QStringList &) {
        replyList(exchange, runsMatching(exchange->request, {}), "workflow_runs");
    });
    get("/repo/actions/runs/{run}",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &) {
            reply(exchange, 200, runView(facts(), run));
        }));
    get("/repo/actions/runs/{run}/jobs",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &) {
            replyList(exchange, jobsOf(run), "jobs");
        }));
    get("/repo/actions/runs/{run}/attempts/{attempt}",
        ofRun([this, attemptKnown](const ExchangePtr &exchange, const RunRecord &run,
                                   const QStringList &parts) {
            if (!attemptKnown(run, parts))
                return refuse(exchange, 404);
            reply(exchange, 200, runView(facts(), run));
        }));
    get("/repo/actions/runs/{run}/attempts/{attempt}/jobs",
        ofRun([this, attemptKnown](const ExchangePtr &exchange, const RunRecord &run,
                                   const QStringList &parts) {
            if (!attemptKnown(run, parts))
                return refuse(exchange, 404);
            replyList(exchange, jobsOf(run), "jobs");
        }));
    get("/repo/actions/runs/{run}/pending_deployments",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            pendingDeployments(exchange, parts[0].toLongLong());
        });
    get("/repo/actions/runs/{run}/approvals",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &) {
            reply(exchange, 200, m_approvals.value(run.id));
        }));
    get("/repo/actions/runs/{run}/artifacts",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &, const QStringList &) {
            replyList(exchange, {}, "artifacts");
        }));
    get("/repo/actions/jobs/{job}", [this](const ExchangePtr &exchange, const QStringList &parts) {
        const RunRecord *run = nullptr;
        const RunJob *job = m_world.runs().findJob(parts[0].toLongLong(), &run);
        if (!job)
            return refuse(exchange, 404);
        reply(exchange, 200, jobView(facts(), *run, *job));
    });
    get("/repo/actions/jobs/{job}/logs",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            redirectToLog(exchange, parts[0].toLongLong());
        });
    get("/repo/check-runs/{check}/annotations",
        [this](const ExchangePtr &exchange, const QStringList &) {
            replyList(exchange, {}, nullptr);
        });
    get("/repo/environments", [this](const ExchangePtr &exchange, const QStringList &) {
        QJsonArray all;
        for (const char *name : {"staging", "production"})
            all.append(environmentView(facts(), QString::fromLatin1(name)));
        replyList(exchange, all, "environments");
    });
    get("/repo/deployments",
        [this](const ExchangePtr &exchange, const QStringList &) { deployments(exchange); });
    get("/repo/commits", [this](const ExchangePtr &exchange, const QStringList &) {
        QJsonArray all;
        const QList<MadeCommit> commits = pushedCommits();
        for (qsizetype i = 0; i < commits.size(); ++i)
            all.append(commitView(m_place, commits[i], commits.value(i + 1).sha));
        replyList(exchange, all, nullptr);
    });
    const auto findCommit = [this](const QString &name, auto found) {
        const QList<MadeCommit> commits = pushedCommits();
        for (qsizetype i = 0; i < commits.size(); ++i)
            if (commits[i].sha == name || (name == m_place.branch && i == 0)
                || (name.size() >= 7 && commits[i].sha.startsWith(name)))
                return found(commits[i], commits.value(i + 1).sha), true;
        return false;
    };
    get("/repo/commits/{commit}", [this, findCommit](const ExchangePtr &exchange,
                                                     const QStringList &parts) {
        const bool there = findCommit(parts[0], [&](const MadeCommit &c, const QString &parent) {
            reply(exchange, 200, commitView(m_place, c, parent));
        });
        if (!there)
            refuse(exchange, 422);
    });
    get("/repo/commits/{commit}/pulls",
        [this, findCommit](const ExchangePtr &exchange, const QStringList &parts) {
            const bool there = findCommit(parts[0], [&](const MadeCommit &c, const QString &) {
                QJsonArray pulls;
                if (c.pullRequest > 0)
                    pulls.append(pullView(m_place, c));
                replyList(exchange, pulls, nullptr);
            });
            if (!there)
                refuse(exchange, 422);
        });
    get("/repo/pulls/{number}", [this](const ExchangePtr &exchange, const QStringList &parts) {
        for (const MadeCommit &commit : pushedCommits())
            if (QString::number(commit.pullRequest) == parts[0])
                return reply(exchange, 200, pullView(m_place, commit));
        refuse(exchange, 404);
    });
    get("/repo/issues/comments",
        [this](const ExchangePtr &exchange, const QStringList &) { comments(exchange, 0); });
    get("/repo/issues/{number}/comments",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            comments(exchange, parts[0].toInt());
        });
}

void GithubServer::addWrites()
{
    const auto post = [this](const char *pattern, auto action) {
        m_router.add("POST", QString::fromLatin1(pattern), std::move(action));
    };
    const auto rerun = [this](const QString &which) {
        return [this, which](const ExchangePtr &exchange, const QStringList &parts) {
            const qint64 run = parts[0].toLongLong();
            if (!m_world.runs().find(run))
                return refuse(exchange, 404);
            if (!m_world.runs().rerun(run, which, m_world.clockSecond()))
                return refuse(exchange, 403);
            reply(exchange, 201, QJsonObject());
        };
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
    post("/repo/actions/runs/{run}/force-cancel", cancel);
    post("/repo/actions/runs/{run}/rerun", rerun(QStringLiteral("all")));
    post("/repo/actions/runs/{run}/rerun-failed-jobs", rerun(QStringLiteral("failed")));
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

void GithubServer::deployments(const ExchangePtr &exchange)
{
    const QString environment = exchange->request.parameter("environment");
    const QString sha = exchange->request.parameter("sha");
    QJsonArray all;
    const QList<RunRecord> &runs = m_world.runs().runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
        for (const RunJob &job : run->jobs) {
            const bool begun = job.phase == RunJob::Phase::Running
                               || (job.phase == RunJob::Phase::Done
                                   && job.conclusion == QLatin1String("success"));
            if (job.plan.environment.isEmpty() || !begun
                || (!environment.isEmpty() && environment != job.plan.environment)
                || (!sha.isEmpty() && sha != m_world.commit(run->revision)))
                continue;
            all.append(deploymentView(facts(), *run, job.plan.environment,
                                      m_world.wallTime(job.startedAt)));
        }
    replyList(exchange, all, nullptr);
}

void GithubServer::comments(const ExchangePtr &exchange, int issue)
{
    constexpr int releasePull = 418;
    QJsonArray all;
    qint64 id = 2'400'000'000;
    for (const Said &said : m_world.story().said()) {
        CommentFacts facts{++id, issue > 0 ? issue : releasePull, QStringLiteral("b-novak"),
                           said.text, m_world.wallTime(said.clockSecond)};
        all.append(commentView(m_place, facts));
    }
    replyList(exchange, all, nullptr);
}

} // namespace pilothouse::sandbox

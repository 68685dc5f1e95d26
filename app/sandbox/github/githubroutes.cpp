#include "app/sandbox/github/githubserver.h"

#include "app/sandbox/github/wholeviews.h"
#include "app/sandbox/world/story.h"
#include "app/sandbox/world/world.h"

#include <QJsonDocument>

namespace pilothouse::sandbox {

namespace {

const HeaderList scopes{{"X-OAuth-Scopes", "read:org, repo, workflow"}};

} // namespace

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
    get("/user", [this](const ExchangePtr &exchange, const QStringList &) {
        reply(exchange, 200,
              wholeUserView(m_place, QStringLiteral("release-manager"),
                            m_world.startedAt().addDays(-40)),
              scopes);
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
    get("/", [this](const ExchangePtr &exchange, const QStringList &) {
        reply(exchange, 200, rootView(m_place), scopes);
    });
    get("/repo", [this](const ExchangePtr &exchange, const QStringList &) {
        reply(exchange, 200, repository());
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
            QJsonArray jobs = jobsOf(run);
            const bool all = exchange->request.parameter("filter") == QLatin1String("all");
            for (int attempt = run.attempt - 1; all && attempt > 0; --attempt) {
                for (const auto &job : jobsOf(*run.inAttempt(attempt)))
                    jobs.append(job);
            }
            replyList(exchange, jobs, "jobs");
        }));
    get("/repo/actions/runs/{run}/attempts/{attempt}",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &parts) {
            const auto then = run.inAttempt(parts.value(1).toInt());
            if (!then)
                return refuse(exchange, 404);
            reply(exchange, 200, runView(facts(), *then));
        }));
    get("/repo/actions/runs/{run}/attempts/{attempt}/jobs",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &parts) {
            const auto then = run.inAttempt(parts.value(1).toInt());
            if (!then)
                return refuse(exchange, 404);
            replyList(exchange, jobsOf(*then), "jobs");
        }));
    get("/repo/actions/runs/{run}/logs",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &) {
            redirectToArchive(exchange, run);
        }));
    get("/repo/actions/runs/{run}/attempts/{attempt}/logs",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &parts) {
            const auto then = run.inAttempt(parts.value(1).toInt());
            if (!then)
                return refuse(exchange, 404);
            redirectToArchive(exchange, *then);
        }));
    get("/repo/actions/runs/{run}/pending_deployments",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            pendingDeployments(exchange, parts[0].toLongLong());
        });
    get("/repo/actions/runs/{run}/concurrency_groups",
        ofRun([this](const ExchangePtr &exchange, const RunRecord &run, const QStringList &) {
            replyList(exchange, concurrencyOf(run), "concurrency_groups");
        }));
    get("/repo/actions/concurrency_groups/{group*}",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            concurrencyGroup(exchange, parts[0]);
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
            all.append(wholeEnvironmentView(facts(), QString::fromLatin1(name)));
        replyList(exchange, all, "environments");
    });
    get("/repo/deployments",
        [this](const ExchangePtr &exchange, const QStringList &) { deployments(exchange); });
    get("/repo/deployments/{deployment}/statuses",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            const qint64 id = parts[0].toLongLong();
            for (const RunRecord &run : m_world.runs().runs())
                for (const RunJob &job : run.jobs)
                    if (isDeployment(job) && deploymentId(run, job.plan.environment) == id)
                        return replyList(exchange, deploymentStatuses(facts(), run, job), nullptr);
            refuse(exchange, 404);
        });
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
                    pulls.append(pullView(m_place, c, repository()));
                replyList(exchange, pulls, nullptr);
            });
            if (!there)
                refuse(exchange, 422);
        });
    get("/repo/pulls/{number}", [this](const ExchangePtr &exchange, const QStringList &parts) {
        for (const MadeCommit &commit : pushedCommits())
            if (QString::number(commit.pullRequest) == parts[0])
                return reply(exchange, 200, wholePullView(m_place, commit, repository()));
        refuse(exchange, 404);
    });
    get("/repo/issues/comments",
        [this](const ExchangePtr &exchange, const QStringList &) { comments(exchange, 0); });
    get("/repo/issues/{number}/comments",
        [this](const ExchangePtr &exchange, const QStringList &parts) {
            comments(exchange, parts[0].toInt());
        });
}

QJsonObject GithubServer::repository() const
{
    return wholeRepositoryView(m_place, pushedCommits().value(0).at);
}

void GithubServer::deployments(const ExchangePtr &exchange)
{
    const QString environment = exchange->request.parameter("environment");
    const QString sha = exchange->request.parameter("sha");
    QJsonArray all;
    const QList<RunRecord> &runs = m_world.runs().runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
        for (const RunJob &job : run->jobs) {
            if (!isDeployment(job)
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

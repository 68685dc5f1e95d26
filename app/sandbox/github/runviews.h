#pragma once

#include "app/sandbox/github/repositoryviews.h"
#include "app/sandbox/parts/jobsteps.h"
#include "app/sandbox/world/runbook.h"

namespace pilothouse::sandbox {

class World;

/// Everything a run's answer tells beside the run itself.
struct RunFacts
{
    const World &world;
    const GithubPlace &place;
    const MadeRepository &repository;
};

/// Login of who started it.
[[nodiscard]] QString runActor(const RunFacts &facts, const RunRecord &run);
[[nodiscard]] QJsonObject runView(const RunFacts &facts, const RunRecord &run);
/// A job with its steps as they stand now.
[[nodiscard]] QJsonObject jobView(const RunFacts &facts, const RunRecord &run, const RunJob &job);
[[nodiscard]] QJsonObject workflowView(const RunFacts &facts, const PlannedWorkflow &workflow);
/// One environment that jobs of the run wait for.
[[nodiscard]] QJsonObject pendingDeploymentView(const RunFacts &facts, const RunRecord &run,
                                                const QString &environment);
[[nodiscard]] QJsonObject environmentView(const RunFacts &facts, const QString &environment);
[[nodiscard]] QJsonObject deploymentView(const RunFacts &facts, const RunRecord &run,
                                         const QString &environment, const QDateTime &at);
[[nodiscard]] qint64 deploymentId(const RunRecord &run, const QString &environment);
/// A job of this phase has told its deployment to GitHub.
[[nodiscard]] bool isDeployment(const RunJob &job);
/// How the deployment of a job went until now, newest first.
[[nodiscard]] QJsonArray deploymentStatuses(const RunFacts &facts, const RunRecord &run,
                                            const RunJob &job);

/// What the parts need to tell the steps and the log of a job.
[[nodiscard]] JobRun jobRun(const RunFacts &facts, const RunRecord &run, const RunJob &job);
[[nodiscard]] qint64 workflowId(const QString &file);
[[nodiscard]] qint64 environmentId(const QString &environment);

} // namespace pilothouse::sandbox

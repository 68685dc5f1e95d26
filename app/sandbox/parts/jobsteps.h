#pragma once

#include <QDateTime>
#include <QList>
#include <QString>

#include <chrono>

namespace pilothouse::sandbox {

/// A step of a job as GitHub lists it: the workflow's own steps with "Set up job" before and
/// "Complete job" after.
struct JobStep
{
    int number = 0; ///< from 1
    QString name;
    QString conclusion; ///< "success", "failure", "skipped"
    QDateTime startedAt;
    QDateTime completedAt; ///< UTC; a skipped step begins and ends at once
};

/// Which jobs of which release the texts are for. `job` is the name GitHub reports, matrix leg
/// included: "lint (mypy)".
struct JobRun
{
    QString release; ///< nickname
    QString sha;     ///< full, for the texts that print it
    QString job;
    QDateTime startedAt; ///< UTC
    std::chrono::milliseconds duration{30'000};
    int helmRevision = 42; ///< what "REVISION:" says in the deploy jobs
};

/// All steps of the job with their times; the shares of the duration are fixed per step. Known
/// jobs: build, unit-tests, integration-tests, security-scan, lint (ruff|black|mypy),
/// deploy-staging, smoke, deploy-candidate, cloud-build, deploy, finish. Empty for another.
/// integration-tests of b7710fe fails in "pytest"; all else succeeds.
[[nodiscard]] QList<JobStep> jobSteps(const JobRun &run);

} // namespace pilothouse::sandbox

#include "app/sandbox/parts/jobsteps.h"

namespace pilothouse::sandbox {

namespace {

struct Share
{
    const char *name;
    double share; ///< of the job's time, relative to the others of the job
};

using Shares = QList<Share>;

// The middle parts are the workflow files' own steps, in their order and under their names.
const Shares buildSteps = {
    {"Set up job", 2},
    {"Run actions/checkout@v4", 2},
    {"Set up Buildx", 6},
    {"Log in to the registry", 1},
    {"Build app image", 70},
    {"Build migrations image", 16},
    {"Post Run actions/checkout@v4", 1},
    {"Complete job", 1},
};
const Shares unitSteps = {
    {"Set up job", 2},   {"Run actions/checkout@v4", 2}, {"poetry install", 25},
    {"pytest", 66},      {"Keep the coverage", 2},       {"Post Run actions/checkout@v4", 1},
    {"Complete job", 1},
};
const Shares integrationSteps = {
    {"Set up job", 1},
    {"Initialize containers", 5},
    {"Run actions/checkout@v4", 1},
    {"poetry install", 12},
    {"alembic upgrade", 3},
    {"pytest", 74},
    {"Keep the report", 1},
    {"Post Run actions/checkout@v4", 1},
    {"Stop containers", 1},
    {"Complete job", 1},
};
const Shares securitySteps = {
    {"Set up job", 2},
    {"Run actions/checkout@v4", 2},
    {"poetry install", 40},
    {"bandit", 25},
    {"pip-audit", 26},
    {"Keep the reports", 3},
    {"Post Run actions/checkout@v4", 1},
    {"Complete job", 1},
};
const Shares lintSteps = {
    {"Set up job", 3}, {"Run actions/checkout@v4", 3},      {"poetry install", 50},
    {"Check", 40},     {"Post Run actions/checkout@v4", 2}, {"Complete job", 2},
};
const Shares stagingSteps = {
    {"Set up job", 3},    {"Run actions/checkout@v4", 3},      {"Sign in to the cluster", 8},
    {"helm upgrade", 80}, {"Post Run actions/checkout@v4", 3}, {"Complete job", 3},
};
const Shares smokeSteps = {
    {"Set up job", 10},  {"Run actions/checkout@v4", 10},
    {"Smoke test", 70},  {"Post Run actions/checkout@v4", 5},
    {"Complete job", 5},
};
const Shares candidateSteps = {
    {"Set up job", 3},
    {"Run actions/checkout@v4", 3},
    {"Sign in to the cluster", 8},
    {"helm upgrade, candidate at weight 0", 80},
    {"Post Run actions/checkout@v4", 3},
    {"Complete job", 3},
};
const Shares cloudBuildSteps = {
    {"Set up job", 2},
    {"Run actions/checkout@v4", 2},
    {"Sign in to Google Cloud", 4},
    {"gcloud builds submit", 88},
    {"Post Run actions/checkout@v4", 2},
    {"Complete job", 2},
};
const Shares deploySteps = {
    {"Set up job", 10},
    {"Sign in to Google Cloud", 20},
    {"The candidate answers under its tag", 65},
    {"Complete job", 5},
};
const Shares finishSteps = {
    {"Set up job", 3},
    {"Run actions/checkout@v4", 3},
    {"Sign in to the cluster", 8},
    {"helm upgrade, stable becomes the candidate", 70},
    {"Give the traffic back to stable", 10},
    {"Post Run actions/checkout@v4", 3},
    {"Complete job", 3},
};

const Shares *sharesOf(const QString &job)
{
    if (job == QLatin1String("build"))
        return &buildSteps;
    if (job == QLatin1String("unit-tests"))
        return &unitSteps;
    if (job == QLatin1String("integration-tests"))
        return &integrationSteps;
    if (job == QLatin1String("security-scan"))
        return &securitySteps;
    if (job == QLatin1String("lint (ruff)") || job == QLatin1String("lint (black)")
        || job == QLatin1String("lint (mypy)"))
        return &lintSteps;
    if (job == QLatin1String("deploy-staging"))
        return &stagingSteps;
    if (job == QLatin1String("smoke"))
        return &smokeSteps;
    if (job == QLatin1String("deploy-candidate"))
        return &candidateSteps;
    if (job == QLatin1String("cloud-build"))
        return &cloudBuildSteps;
    if (job == QLatin1String("deploy"))
        return &deploySteps;
    if (job == QLatin1String("finish"))
        return &finishSteps;
    return nullptr;
}

} // namespace

QList<JobStep> jobSteps(const JobRun &run)
{
    const Shares *shares = sharesOf(run.job);
    if (!shares)
        return {};
    double total = 0;
    for (const Share &share : *shares)
        total += share.share;

    const bool red
        = run.release == QLatin1String("b7710fe") && run.job == QLatin1String("integration-tests");
    QList<JobStep> steps;
    double passed = 0;
    const double perShare = double(run.duration.count()) / total;
    for (const Share &share : *shares) {
        JobStep step;
        step.number = int(steps.size()) + 1;
        step.name = QString::fromLatin1(share.name);
        step.conclusion = red && step.name == QLatin1String("pytest") ? QStringLiteral("failure")
                                                                      : QStringLiteral("success");
        step.startedAt = run.startedAt.addMSecs(qint64(passed * perShare));
        passed += share.share;
        step.completedAt = run.startedAt.addMSecs(qint64(passed * perShare));
        steps.append(step);
    }
    return steps;
}

} // namespace pilothouse::sandbox

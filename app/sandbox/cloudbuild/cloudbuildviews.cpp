#include "app/sandbox/cloudbuild/cloudbuildviews.h"

#include "app/sandbox/parts/logtexts.h"
#include "app/sandbox/world/world.h"

#include <QJsonArray>
#include <QUuid>

#include <algorithm>
#include <array>
#include <cmath>

namespace pilothouse::sandbox {

namespace {

/// A step ends where this share of the build is over.
struct StepPlan
{
    const char *id;
    const char *image;
    double until;
};

constexpr std::array<StepPlan, 4> stepPlans{{
    {"test", "python:3.11", 0.45},
    {"migrate-check", "python:3.11", 0.55},
    {"build", "gcr.io/cloud-builders/docker", 0.85},
    {"deploy", "gcr.io/google.com/cloudsdktool/cloud-sdk", 1.0},
}};

constexpr double logBeginsAfter = 1; ///< seconds on the clock

QString googleTime(const QDateTime &at)
{
    return at.toUTC().toString(Qt::ISODateWithMs);
}

/// Seconds on the clock that the whole build takes, or took.
double buildTakes(const World &world, const HandedBuild &build)
{
    const RunJob &job = *build.job;
    const bool whole
        = job.phase == RunJob::Phase::Done && job.conclusion != QLatin1String("cancelled");
    return whole ? job.endedAt - job.startedAt : job.plan.duration / world.options().speed;
}

/// How much of the build is over, 0 to 1.
double shareOver(const World &world, const HandedBuild &build)
{
    const RunJob &job = *build.job;
    // A build that failed did so in its last step.
    if (job.conclusion == QLatin1String("failure"))
        return 0.95;
    const double until = job.phase == RunJob::Phase::Done ? job.endedAt : world.clockSecond();
    const double takes = buildTakes(world, build);
    return takes > 0 ? std::clamp((until - job.startedAt) / takes, 0.0, 1.0) : 1;
}

QJsonArray stepViews(const World &world, const HandedBuild &build)
{
    // One that was rejected never ran.
    const bool begun
        = build.job->phase == RunJob::Phase::Running
          || (build.job->phase == RunJob::Phase::Done && build.job->endedAt > build.job->startedAt);
    const bool ended = build.job->phase == RunJob::Phase::Done;
    const double over = begun ? shareOver(world, build) : 0;
    const double planned = buildTakes(world, build);
    QJsonArray views;
    double from = 0;
    for (const StepPlan &plan : stepPlans) {
        QJsonObject view{{QStringLiteral("id"), QLatin1String(plan.id)},
                         {QStringLiteral("name"), QLatin1String(plan.image)}};
        const auto at = [&](double share) {
            return googleTime(world.wallTime(build.job->startedAt + share * planned));
        };
        QString status = QStringLiteral("QUEUED");
        QJsonObject timing;
        if (begun && over >= plan.until) {
            status = QStringLiteral("SUCCESS");
            timing = {{QStringLiteral("startTime"), at(from)},
                      {QStringLiteral("endTime"), at(plan.until)}};
        } else if (begun && over >= from) {
            status = ended ? build.status() : QStringLiteral("WORKING");
            timing.insert(QStringLiteral("startTime"), at(from));
        }
        view.insert(QStringLiteral("status"), status);
        if (!timing.isEmpty())
            view.insert(QStringLiteral("timing"), timing);
        views.append(view);
        from = plan.until;
    }
    return views;
}

} // namespace

QString HandedBuild::status() const
{
    switch (job->phase) {
    case RunJob::Phase::Queued:
        return QStringLiteral("QUEUED");
    case RunJob::Phase::Waiting:
        return QStringLiteral("PENDING");
    case RunJob::Phase::Running:
        return QStringLiteral("WORKING");
    case RunJob::Phase::Done:
        break;
    }
    if (job->conclusion == QLatin1String("success"))
        return QStringLiteral("SUCCESS");
    return job->conclusion == QLatin1String("cancelled") ? QStringLiteral("CANCELLED")
                                                         : QStringLiteral("FAILURE");
}

QList<HandedBuild> handedBuilds(const World &world)
{
    static const QUuid space = QUuid::createUuidV5(QUuid(), QStringLiteral("cloud build"));
    QList<HandedBuild> builds;
    const QList<RunRecord> &runs = world.runs().runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        for (const RunJob &job : run->jobs) {
            if (!job.plan.build || job.phase == RunJob::Phase::Queued
                || job.conclusion == QLatin1String("skipped"))
                continue;
            const QUuid id = QUuid::createUuidV5(space, QString::number(job.id));
            builds.append({id.toString(QUuid::WithoutBraces), &*run, &job});
        }
    }
    return builds;
}

QString logsBucket(const World &world)
{
    return world.scenario().cloudProject + QStringLiteral("_cloudbuild");
}

QJsonObject buildView(const World &world, const HandedBuild &build, const QString &region)
{
    const Scenario &scenario = world.scenario();
    const QString sha = world.commit(build.run->revision);
    QJsonObject view{
        {QStringLiteral("name"), QStringLiteral("projects/%1/locations/%2/builds/%3")
                                     .arg(scenario.cloudProject, region, build.id)},
        {QStringLiteral("id"), build.id},
        {QStringLiteral("projectId"), scenario.cloudProject},
        {QStringLiteral("status"), build.status()},
        {QStringLiteral("createTime"), googleTime(world.wallTime(build.job->createdAt))},
        {QStringLiteral("steps"), stepViews(world, build)},
        {QStringLiteral("substitutions"),
         QJsonObject{{QStringLiteral("_SERVICE"), scenario.cloudService},
                     {QStringLiteral("_TAG"), sha}}},
        {QStringLiteral("tags"), QJsonArray{scenario.cloudService}},
        {QStringLiteral("logsBucket"), QLatin1String("gs://") + logsBucket(world)},
        {QStringLiteral("options"),
         QJsonObject{{QStringLiteral("logging"), QStringLiteral("GCS_ONLY")}}},
        {QStringLiteral("logUrl"),
         QStringLiteral(
             "https://console.cloud.google.com/cloud-build/builds;region=%1/%2?project=%3")
             .arg(region, build.id, scenario.cloudProject)}};
    if (build.job->phase == RunJob::Phase::Running || build.job->phase == RunJob::Phase::Done)
        view.insert(QStringLiteral("startTime"), googleTime(world.wallTime(build.job->startedAt)));
    if (build.job->phase == RunJob::Phase::Done)
        view.insert(QStringLiteral("finishTime"), googleTime(world.wallTime(build.job->endedAt)));
    if (build.job->plan.gate) {
        QJsonObject approval{
            {QStringLiteral("config"), QJsonObject{{QStringLiteral("approvalRequired"), true}}},
            {QStringLiteral("state"), QStringLiteral("PENDING")}};
        if (build.job->phase != RunJob::Phase::Waiting) {
            const QString decision
                = build.job->approved ? QStringLiteral("APPROVED") : QStringLiteral("REJECTED");
            approval.insert(QStringLiteral("state"), decision);
            approval.insert(QStringLiteral("result"),
                            QJsonObject{{QStringLiteral("approverAccount"),
                                         QStringLiteral("release-manager@example.test")},
                                        {QStringLiteral("decision"), decision}});
        }
        view.insert(QStringLiteral("approval"), approval);
    }
    return view;
}

QByteArray buildLog(const World &world, const HandedBuild &build)
{
    const bool begun = std::isfinite(build.job->startedAt)
                       && build.job->phase != RunJob::Phase::Waiting
                       && !(build.job->endedAt <= build.job->startedAt)
                       && world.clockSecond() - build.job->startedAt >= logBeginsAfter;
    if (!begun)
        return {};
    const QByteArrayList lines
        = cloudBuildLines(world.commit(build.run->revision),
                          world.scenario().revisions.value(build.run->revision).cloudRunRevision);
    const auto written
        = qsizetype(std::floor(shareOver(world, build) * static_cast<double>(lines.size())));
    QByteArray text;
    for (const QByteArray &line : lines.mid(0, std::max<qsizetype>(1, written)))
        text += line + '\n';
    return text;
}

} // namespace pilothouse::sandbox

#include "connectors/github/githubdecode.h"

#include "connectors/http/jsonreader.h"

namespace pilothouse {
namespace {

RunStatus statusIn(const JsonReader &reader)
{
    return runStatus(reader.stringOr("status"), reader.stringOr("conclusion"));
}

QString loginIn(const JsonReader &run)
{
    // A re-run belongs to who started it again.
    for (const char *key : {"triggering_actor", "actor"}) {
        if (const auto user = run.find(key))
            return user->stringOr("login");
    }
    return {};
}

Run runIn(const JsonReader &reader)
{
    Run run;
    run.id = RunId(reader.integer("id"));
    run.attempt = int(reader.integerOr("run_attempt", 1));
    run.workflowPath = reader.stringOr("path").section(QLatin1Char('@'), 0, 0);
    run.title = reader.stringOr("display_title", reader.stringOr("name"));
    run.event = reader.stringOr("event");
    run.actor = loginIn(reader);
    run.branch = reader.stringOr("head_branch");
    run.commit = CommitId(reader.string("head_sha"));
    run.status = statusIn(reader);
    run.createdAt = reader.time("created_at");
    run.startedAt = reader.time("run_started_at");
    run.updatedAt = reader.time("updated_at");
    run.page = QUrl(reader.stringOr("html_url"));
    return run;
}

Step stepIn(const JsonReader &reader)
{
    Step step;
    step.number = int(reader.integer("number"));
    step.name = reader.string("name");
    step.status = statusIn(reader);
    step.startedAt = reader.time("started_at");
    step.completedAt = reader.time("completed_at");
    return step;
}

Job jobIn(const JsonReader &reader)
{
    Job job;
    job.id = JobId(reader.integer("id"));
    job.run = RunId(reader.integer("run_id"));
    job.attempt = int(reader.integerOr("run_attempt", 1));
    job.name = reader.string("name");
    job.status = statusIn(reader);
    job.createdAt = reader.time("created_at");
    job.startedAt = reader.time("started_at");
    job.completedAt = reader.time("completed_at");
    job.page = QUrl(reader.stringOr("html_url"));
    for (const JsonReader &step : reader.itemsIfAny("steps"))
        job.steps.append(stepIn(step));
    return job;
}

template <typename T>
Result<QList<T>> decode(const QByteArray &page, const char *key, T (*read)(const JsonReader &))
{
    const auto reader = JsonReader::parse(page, QStringLiteral("GitHub"));
    if (!reader)
        return fail(reader.error());
    QList<T> result;
    for (const JsonReader &item : reader->items(key))
        result.append(read(item));
    return reader->finish(result);
}

} // namespace

RunStatus runStatus(const QString &status, const QString &conclusion)
{
    static const QHash<QString, RunStatus> statuses{
        {QStringLiteral("queued"), RunStatus::Queued},
        {QStringLiteral("requested"), RunStatus::Queued},
        {QStringLiteral("pending"), RunStatus::Queued},
        {QStringLiteral("waiting"), RunStatus::Waiting},
        {QStringLiteral("in_progress"), RunStatus::Running},
    };
    static const QHash<QString, RunStatus> conclusions{
        {QStringLiteral("success"), RunStatus::Succeeded},
        {QStringLiteral("failure"), RunStatus::Failed},
        {QStringLiteral("startup_failure"), RunStatus::Failed},
        {QStringLiteral("cancelled"), RunStatus::Cancelled},
        {QStringLiteral("skipped"), RunStatus::Skipped},
        {QStringLiteral("timed_out"), RunStatus::TimedOut},
        {QStringLiteral("stale"), RunStatus::TimedOut}, // GitHub gave up waiting for it
        {QStringLiteral("neutral"), RunStatus::Neutral},
        {QStringLiteral("action_required"), RunStatus::Waiting},
    };
    if (status == QLatin1String("completed"))
        return conclusions.value(conclusion, RunStatus::Unknown);
    return statuses.value(status, RunStatus::Unknown);
}

Result<Run> decodeRun(const QByteArray &body)
{
    const auto reader = JsonReader::parse(body, QStringLiteral("GitHub"));
    if (!reader)
        return fail(reader.error());
    return reader->finish(runIn(*reader));
}

Result<QList<Run>> decodeRuns(const QByteArray &page)
{
    return decode<Run>(page, "workflow_runs", runIn);
}

Result<QList<Job>> decodeJobs(const QByteArray &page)
{
    return decode<Job>(page, "jobs", jobIn);
}

} // namespace pilothouse

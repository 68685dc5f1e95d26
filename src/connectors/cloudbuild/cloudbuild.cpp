#include "connectors/cloudbuild/cloudbuild.h"

#include "connectors/http/jsonreader.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QtEndian>

#include <algorithm>

namespace pilothouse {

namespace {

bool isSha(const QString &text)
{
    static const QRegularExpression sha(QStringLiteral("^[0-9a-f]{40}$"));
    return sha.match(text).hasMatch();
}

/// What a trigger resolved, else what was handed over as a substitution.
CommitId commitIn(const JsonReader &build)
{
    const QHash<QString, QString> given = build.strings("substitutions");
    if (const QString own = given.value(QStringLiteral("COMMIT_SHA")); isSha(own))
        return CommitId(own);
    if (const auto provenance = build.find("sourceProvenance")) {
        for (const char *kind : {"resolvedRepoSource", "resolvedGitSource"}) {
            const auto source = provenance->find(kind);
            const QString sha
                = source ? source->stringOr("commitSha", source->stringOr("revision")) : QString();
            if (isSha(sha))
                return CommitId(sha);
        }
    }
    QStringList keys = given.keys();
    keys.sort();
    for (const QString &key : std::as_const(keys)) {
        if (isSha(given.value(key)))
            return CommitId(given.value(key));
    }
    return {};
}

Step buildStep(const JsonReader &entry, int number)
{
    Step step;
    step.number = number;
    step.name = entry.stringOr("id");
    if (step.name.isEmpty()) {
        // An image and its first words, as people know the step.
        step.name = entry.stringOr("name").section(QLatin1Char('/'), -1);
        for (const JsonReader &word : entry.itemsIfAny("args").mid(0, 2))
            step.name += QLatin1Char(' ') + word.asString().left(40);
    }
    step.status = entry.has("status") ? buildStatus(entry.string("status")) : RunStatus::Queued;
    if (const auto timing = entry.find("timing")) {
        step.startedAt = timing->time("startTime");
        step.completedAt = timing->time("endTime");
    }
    return step;
}

CloudBuild buildIn(const JsonReader &entry)
{
    CloudBuild build;
    build.id = entry.string("id");
    build.status = buildStatus(entry.string("status"));
    build.commit = commitIn(entry);
    QStringList tags;
    for (const JsonReader &tag : entry.itemsIfAny("tags"))
        tags.append(tag.asString());
    const QHash<QString, QString> given = entry.strings("substitutions");
    build.trigger = entry.stringOr("buildTriggerId");
    build.tags = tags;
    build.tags.sort();
    build.title = tags.isEmpty() ? given.value(QStringLiteral("TRIGGER_NAME"))
                                 : tags.join(QLatin1Char(' '));
    build.configPath = given.value(QStringLiteral("TRIGGER_BUILD_CONFIG_PATH"));
    build.createdAt = entry.time("createTime");
    build.startedAt = entry.time("startTime");
    build.finishedAt = entry.time("finishTime");
    build.page = QUrl(entry.stringOr("logUrl"));
    build.logsBucket = entry.stringOr("logsBucket");
    if (build.logsBucket.startsWith(QLatin1String("gs://")))
        build.logsBucket.remove(0, 5);
    if (const auto options = entry.find("options"))
        build.logged = options->stringOr("logging") != QLatin1String("CLOUD_LOGGING_ONLY")
                       && options->stringOr("logging") != QLatin1String("NONE");
    if (const auto failure = entry.find("failureInfo"))
        build.failure = failure->stringOr("detail");
    if (const auto approval = entry.find("approval")) {
        build.asksApproval = approval->stringOr("state") == QLatin1String("PENDING");
        if (const auto result = approval->find("result")) {
            build.actor = result->stringOr("approverAccount");
            build.decision = result->stringOr("decision");
        }
    }
    if (build.asksApproval && build.status == RunStatus::Queued)
        build.status = RunStatus::Waiting;
    int number = 0;
    for (const JsonReader &step : entry.itemsIfAny("steps"))
        build.steps.append(buildStep(step, ++number));
    return build;
}

Result<JsonReader> buildJson(const QByteArray &body)
{
    return JsonReader::parse(body, QStringLiteral("Cloud Build"));
}

} // namespace

RunStatus buildStatus(const QString &word)
{
    static const QHash<QString, RunStatus> statuses{
        {QStringLiteral("PENDING"), RunStatus::Queued},
        {QStringLiteral("QUEUED"), RunStatus::Queued},
        {QStringLiteral("WORKING"), RunStatus::Running},
        {QStringLiteral("SUCCESS"), RunStatus::Succeeded},
        {QStringLiteral("FAILURE"), RunStatus::Failed},
        {QStringLiteral("INTERNAL_ERROR"), RunStatus::Failed},
        {QStringLiteral("TIMEOUT"), RunStatus::TimedOut},
        {QStringLiteral("EXPIRED"),
         RunStatus::TimedOut}, // nobody approved it, or its turn never came
        {QStringLiteral("CANCELLED"), RunStatus::Cancelled},
    };
    return statuses.value(word, RunStatus::Unknown);
}

Result<CloudBuild> decodeBuild(const QByteArray &body)
{
    const auto reader = buildJson(body);
    if (!reader)
        return fail(reader.error());
    return reader->finish(buildIn(*reader));
}

Result<CloudBuildPage> decodeBuilds(const QByteArray &body)
{
    const auto reader = buildJson(body);
    if (!reader)
        return fail(reader.error());
    CloudBuildPage page;
    for (const JsonReader &entry : reader->itemsIfAny("builds"))
        page.builds.append(buildIn(entry));
    page.nextPageToken = reader->stringOr("nextPageToken");
    return reader->finish(page);
}

RunId runIdOf(const QString &build)
{
    const QByteArray hash = QCryptographicHash::hash(build.toUtf8(), QCryptographicHash::Sha256);
    constexpr quint64 mask = (quint64(1) << 61) - 1;
    const quint64 number = qFromBigEndian<quint64>(hash.constData()) & mask;
    return RunId(qint64(number | (quint64(1) << 61)));
}

Run runOf(const CloudBuild &build)
{
    Run run;
    run.id = runIdOf(build.id);
    run.hostId = build.id;
    run.workflowPath
        = build.configPath.isEmpty() ? QStringLiteral("cloudbuild.yaml") : build.configPath;
    run.title = build.title.isEmpty() ? build.id.left(8) : build.title;
    run.event = QStringLiteral("build");
    run.actor = build.actor;
    run.commit = build.commit;
    run.status = build.status;
    run.createdAt = build.createdAt;
    run.startedAt = build.startedAt;
    run.updatedAt = std::max({build.createdAt, build.startedAt, build.finishedAt});
    run.page = build.page;
    return run;
}

Job jobOf(const CloudBuild &build)
{
    Job job;
    job.run = runIdOf(build.id);
    job.id = JobId(job.run.value);
    job.hostId = build.id;
    job.name = QStringLiteral("cloud build %1").arg(build.id.left(8));
    job.status = build.status;
    job.createdAt = build.createdAt;
    job.startedAt = build.startedAt;
    job.completedAt = build.finishedAt;
    job.page = build.page;
    job.steps = build.steps;
    return job;
}

bool areAlike(const CloudBuild &one, const CloudBuild &other)
{
    if (!one.trigger.isEmpty() || !other.trigger.isEmpty())
        return one.trigger == other.trigger;
    return !one.tags.isEmpty() && one.tags == other.tags;
}

QString logObject(const CloudBuild &build)
{
    if (!build.logged || build.logsBucket.isEmpty())
        return {};
    QString folder = build.logsBucket;
    while (folder.endsWith(QLatin1Char('/')))
        folder.chop(1);
    return QStringLiteral("%1/log-%2.txt").arg(folder, build.id);
}

} // namespace pilothouse

#include "connectors/github/githubruns.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "connectors/github/githubapi.h"
#include "connectors/github/githubcontrol.h"
#include "connectors/github/githubdecode.h"
#include "connectors/github/githubdeployments.h"
#include "connectors/github/githubfiles.h"
#include "connectors/github/githubjoblog.h"
#include "connectors/http/decoding.h"

#include <QSet>

namespace pilothouse {
namespace {

constexpr int runPages = 10; // GitHub gives no more than 1,000 results of a search
constexpr int jobPages = 20;
constexpr int greenRunsAsked = 10; // those that began within the same second are passed over

template <typename T>
using Decode = Result<QList<T>> (*)(const QByteArray &);

// A run that began between two pages shifts the rest, which then comes twice.
template <typename T>
Result<QList<T>> decodeAll(const GithubApi::Pages &pages, Decode<T> decode)
{
    QList<T> all;
    QSet<qint64> seen;
    for (const GithubApi::Page &page : pages) {
        const auto items = decode(page.body);
        if (!items)
            return fail(items.error());
        for (const T &item : *items) {
            if (!seen.contains(item.id.value))
                all.append(item);
            seen.insert(item.id.value);
        }
    }
    return all;
}

QUrlQuery runQuery()
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("exclude_pull_requests"), QStringLiteral("true"));
    query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    return query;
}

} // namespace

class GithubRuns::Private
{
public:
    Private(HttpClient &http, Clock &clock, const Settings &settings)
        : api(http, clock, settings.api, settings.apiVersion),
          actions(QStringLiteral("/repos/%1/%2/actions").arg(settings.owner, settings.repository)),
          control(api, {settings.owner, settings.repository, settings.apiVersion}),
          deployments(api, QStringLiteral("/repos/%1/%2").arg(settings.owner, settings.repository)),
          files(api)
    {}

    template <typename T>
    QFuture<Result<Reading<QList<T>>>> list(const QUrl &first, int limit, Decode<T> decode)
    {
        using Answer = Reading<QList<T>>;
        return askNext<Answer>(
            api.pages(first, limit), &api,
            [this, decode](const Result<GithubApi::Pages> &pages) -> QFuture<Result<Answer>> {
                if (!pages)
                    return ready<Answer>(fail(pages.error()));
                qsizetype size = 0;
                for (const GithubApi::Page &page : *pages)
                    size += page.body.size();
                const auto items = decodeAside<QList<T>>(
                    size, [pages = *pages, decode] { return decodeAll<T>(pages, decode); });
                return converted<Answer>(items, &api,
                                         [page = pages->first()](const Result<QList<T>> &all) {
                                             return readingOf(page, all);
                                         });
            });
    }

    template <typename T>
    static Result<Reading<QList<T>>> readingOf(const GithubApi::Page &first,
                                               const Result<QList<T>> &items)
    {
        if (!items)
            return fail(items.error());
        Reading<QList<T>> reading;
        reading.value = *items;
        reading.source = QStringLiteral("GitHub");
        reading.serverAt = first.serverAt;
        reading.receivedSinceBoot = first.receivedSinceBoot;
        return reading;
    }

    GithubApi api;
    QString actions;
    GithubControl control;
    GithubDeployments deployments;
    GithubFiles files;
};

GithubRuns::GithubRuns(HttpClient &http, Clock &clock, const Settings &settings)
    : d(std::make_unique<Private>(http, clock, settings))
{}

GithubRuns::~GithubRuns() = default;

QFuture<Result<Reading<QList<Run>>>> GithubRuns::runs(const CommitId &commit)
{
    QUrlQuery query = runQuery();
    query.addQueryItem(QStringLiteral("head_sha"), commit.value);
    return d->list<Run>(d->api.url(d->actions + QStringLiteral("/runs"), query), runPages,
                        decodeRuns);
}

QFuture<Result<Reading<QList<Run>>>> GithubRuns::latestRuns()
{
    return d->list<Run>(d->api.url(d->actions + QStringLiteral("/runs"), runQuery()), 1,
                        decodeRuns);
}

QFuture<Result<Reading<QList<Job>>>> GithubRuns::jobs(const RunId &run)
{
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("filter"), QStringLiteral("latest"));
    query.addQueryItem(QStringLiteral("per_page"), QStringLiteral("100"));
    const QString path = QStringLiteral("/runs/%1/jobs").arg(run.value);
    return d->list<Job>(d->api.url(d->actions + path, query), jobPages, decodeJobs);
}

QFuture<Result<Reading<std::optional<Run>>>> GithubRuns::lastGreen(const Run &before)
{
    using Answer = Reading<std::optional<Run>>;
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("status"), QStringLiteral("success"));
    if (!before.branch.isEmpty())
        query.addQueryItem(QStringLiteral("branch"),
                           QString::fromLatin1(QUrl::toPercentEncoding(before.branch)));
    if (before.createdAt.isValid())
        query.addQueryItem(QStringLiteral("created"),
                           QStringLiteral("<=") + before.createdAt.toUTC().toString(Qt::ISODate));
    query.addQueryItem(QStringLiteral("exclude_pull_requests"), QStringLiteral("true"));
    query.addQueryItem(QStringLiteral("per_page"), QString::number(greenRunsAsked));
    const QString path = QStringLiteral("/workflows/%1/runs")
                             .arg(before.workflowPath.section(QLatin1Char('/'), -1));
    return converted<Answer>(
        d->list<Run>(d->api.url(d->actions + path, query), 1, decodeRuns), &d->api,
        [before](const Result<Reading<QList<Run>>> &runs) -> Result<Answer> {
            if (!runs)
                return fail(runs.error());
            Answer answer{{}, runs->source, {}, runs->serverAt, runs->receivedSinceBoot};
            for (const Run &run : runs->value) {
                // `created` is to the second, and the run itself may be green by now.
                const bool newer = !answer.value || answer.value->id < run.id;
                if (run.status == RunStatus::Succeeded && run.id < before.id && newer)
                    answer.value = run;
            }
            return answer;
        });
}

std::unique_ptr<LogStream> GithubRuns::open(const LogTarget &target)
{
    const auto *log = std::get_if<JobLog>(&target);
    if (!log)
        return nullptr;
    const QString path = QStringLiteral("/jobs/%1/logs").arg(log->job.value);
    return std::make_unique<GithubJobLog>(d->api, d->api.url(d->actions + path));
}

RunControl &GithubRuns::control()
{
    return d->control;
}

SeenSource &GithubRuns::deployments()
{
    return d->deployments;
}

OtherRepositories &GithubRuns::files()
{
    return d->files;
}

} // namespace pilothouse

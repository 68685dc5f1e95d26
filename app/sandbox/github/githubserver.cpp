#include "app/sandbox/github/githubserver.h"

#include "app/sandbox/world/story.h"
#include "app/sandbox/world/world.h"

#include <QCryptographicHash>
#include <QJsonDocument>

#include <algorithm>

namespace pilothouse::sandbox {

namespace {

constexpr int hourlyLimit = 5000;
const char *const docs = "https://docs.github.com/rest";

QJsonObject messageBody(const QString &message, int status)
{
    return {{QStringLiteral("message"), message},
            {QStringLiteral("documentation_url"), QString::fromLatin1(docs)},
            {QStringLiteral("status"), QString::number(status)}};
}

} // namespace

GithubServer::GithubServer(World &world, const MadeRepository &repository, Settings settings,
                           QObject *parent)
    : QObject(parent), m_world(world), m_repository(repository),
      m_settings(std::move(settings)), m_place{world.scenario().owner, world.scenario().repository,
                                               world.scenario().branch, m_settings.api,
                                               QStringLiteral("https://github.com")},
      m_resetAt(QDateTime::currentDateTimeUtc().addSecs(3600))
{
    addReads();
    addWrites();
}

RunFacts GithubServer::facts() const
{
    return {m_world, m_place, m_repository};
}

void GithubServer::answer(const ExchangePtr &exchange, const QString &path)
{
    const QByteArray given = exchange->request.header("authorization");
    if (!m_settings.token.isEmpty() && !given.endsWith(' ' + m_settings.token))
        return refuse(exchange, 401);
    const QString own = QLatin1String("/repos/") + m_place.fullName();
    QString inner = path;
    if (path.startsWith(own + QLatin1Char('/')) || path == own)
        inner = QLatin1String("/repo") + path.mid(own.size());
    else if (path.startsWith(QLatin1String("/repos/")))
        return refuse(exchange, 404);
    switch (m_router.route(exchange, inner)) {
    case Router::Outcome::Routed:
        return;
    case Router::Outcome::NoSuchPath:
    case Router::Outcome::NoSuchMethod:
        return refuse(exchange, 404);
    }
}

HeaderList GithubServer::standardHeaders()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (now > m_resetAt) {
        m_resetAt = now.addSecs(3600);
        m_used = 0;
    }
    return {{"X-GitHub-Media-Type", "github.v3; format=json"},
            {"X-GitHub-Api-Version-Selected", "2022-11-28"},
            {"X-RateLimit-Limit", QByteArray::number(hourlyLimit)},
            {"X-RateLimit-Remaining", QByteArray::number(hourlyLimit - m_used)},
            {"X-RateLimit-Used", QByteArray::number(m_used)},
            {"X-RateLimit-Reset", QByteArray::number(m_resetAt.toSecsSinceEpoch())},
            {"X-RateLimit-Resource", "core"},
            {"Server", "github.com"}};
}

void GithubServer::reply(const ExchangePtr &exchange, int status, const QJsonValue &body,
                         HeaderList headers)
{
    const QByteArray bytes = body.isUndefined() ? QByteArray() : jsonBytes(body);
    const bool read = exchange->request.method == "GET";
    const QByteArray tag
        = "W/\"" + QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex() + '"';
    const bool unchanged
        = read && status == 200 && exchange->request.header("if-none-match") == tag;
    if (!unchanged)
        m_used = std::min(m_used + 1, hourlyLimit);
    headers += standardHeaders();
    if (read && status == 200)
        headers += HeaderList{{"ETag", tag}, {"Cache-Control", "private, max-age=60, s-maxage=60"}};
    if (unchanged)
        return exchange->reply(304, headers, {});
    headers.emplaceBack("Content-Type", "application/json; charset=utf-8");
    exchange->reply(status, headers, bytes);
}

void GithubServer::refuse(const ExchangePtr &exchange, int status)
{
    switch (status) {
    case 401:
        return reply(exchange, 401, messageBody(QStringLiteral("Bad credentials"), 401));
    case 403:
        return reply(exchange, 403,
                     messageBody(QStringLiteral("Resource not accessible by integration"), 403));
    case 409:
        return reply(exchange, 409, messageBody(QStringLiteral("Conflict"), 409));
    case 410:
        return reply(exchange, 410, messageBody(QStringLiteral("Gone"), 410));
    case 422:
        return reply(exchange, 422, messageBody(QStringLiteral("Validation Failed"), 422));
    case 429:
        return reply(exchange, 429,
                     messageBody(QStringLiteral("You have exceeded a secondary rate limit. Please "
                                                "wait a few minutes before you try again."),
                                 429),
                     {{"Retry-After", "5"}});
    case 503:
        return exchange->reply(503, {{"Content-Type", "text/html"}},
                               "<html><body>Unicorn! No server is available.</body></html>");
    default:
        return reply(exchange, 404, messageBody(QStringLiteral("Not Found"), 404));
    }
}

void GithubServer::refuseWith(const ExchangePtr &exchange, int status, const QString &message)
{
    reply(exchange, status, messageBody(message, status));
}

void GithubServer::replyList(const ExchangePtr &exchange, const QJsonArray &all, const char *key)
{
    const Request &request = exchange->request;
    const auto number = [&request](const char *name, int otherwise, int most) {
        bool ok = false;
        const int value = request.parameter(name).toInt(&ok);
        return ok && value > 0 ? std::min(value, most) : otherwise;
    };
    const int perPage = number("per_page", 30, 100);
    const int page = number("page", 1, 1'000'000);
    const int pages = std::max(1, static_cast<int>((all.size() + perPage - 1) / perPage));
    QJsonArray part;
    for (qsizetype i = qsizetype(page - 1) * perPage;
         i < std::min<qsizetype>(all.size(), qsizetype(page) * perPage); ++i)
        part.append(all[i]);

    HeaderList headers;
    QByteArrayList links;
    const auto link = [&](int target, const char *rel) {
        QUrlQuery query = request.query;
        query.removeQueryItem(QStringLiteral("page"));
        query.addQueryItem(QStringLiteral("page"), QString::number(target));
        const QString base = m_settings.api.left(m_settings.api.indexOf(QLatin1String("/api/")));
        links.append(
            '<'
            + (base + request.path + QLatin1Char('?') + query.toString(QUrl::FullyEncoded)).toUtf8()
            + ">; rel=\"" + rel + '"');
    };
    if (page > 1)
        link(page - 1, "prev");
    if (page < pages) {
        link(page + 1, "next");
        link(pages, "last");
    }
    if (page > 1)
        link(1, "first");
    if (!links.isEmpty())
        headers.emplaceBack("Link", links.join(", "));
    if (!key)
        return reply(exchange, 200, part, headers);
    reply(exchange, 200,
          QJsonObject{{QStringLiteral("total_count"), all.size()}, {QLatin1String(key), part}},
          headers);
}

QList<MadeCommit> GithubServer::pushedCommits() const
{
    // Pushed are the commits up to the newest one that has a run.
    qsizetype last = -1;
    for (qsizetype i = 0; i < m_repository.history.size(); ++i)
        for (const RunRecord &run : m_world.runs().runs())
            if (run.revision == m_repository.history[i].nickname)
                last = i;
    QList<MadeCommit> pushed = m_repository.history.mid(0, last + 1);
    std::reverse(pushed.begin(), pushed.end());
    return pushed;
}

QJsonArray GithubServer::runsMatching(const Request &request, const QString &workflow) const
{
    const QString sha = request.parameter("head_sha");
    const QString branch = request.parameter("branch");
    const QString event = request.parameter("event");
    const QString status = request.parameter("status");
    const QString actor = request.parameter("actor");
    const QString created = request.parameter("created");
    const auto bound = [&created](const char *sign) {
        return created.startsWith(QLatin1String(sign))
                   ? QDateTime::fromString(created.mid(2), Qt::ISODate)
                   : QDateTime();
    };
    const QDateTime since = bound(">=");
    const QDateTime upTo = bound("<=");
    QJsonArray out;
    const QList<RunRecord> &all = m_world.runs().runs();
    for (auto run = all.rbegin(); run != all.rend(); ++run) {
        const bool hit
            = (sha.isEmpty() || m_world.commit(run->revision) == sha)
              && (branch.isEmpty() || branch == m_place.branch)
              && (event.isEmpty() || event == run->event)
              && (actor.isEmpty() || actor == runActor(facts(), *run))
              && (!since.isValid() || m_world.wallTime(run->createdAt) >= since)
              && (!upTo.isValid() || m_world.wallTime(run->createdAt) <= upTo)
              && (status.isEmpty() || status == run->status() || status == run->conclusion)
              && (workflow.isEmpty() || workflow == run->workflow.file
                  || workflow == QString::number(workflowId(run->workflow.file)));
        if (hit)
            out.append(runView(facts(), *run));
    }
    return out;
}

QJsonArray GithubServer::jobsOf(const RunRecord &run) const
{
    QJsonArray out;
    if (run.held)
        return out;
    for (const RunJob &job : run.jobs) {
        // GitHub lists a job once it could begin: its needs are met, or it was skipped.
        const bool listed = job.phase != RunJob::Phase::Queued || job.plan.needs.isEmpty();
        if (listed)
            out.append(jobView(facts(), run, job));
    }
    return out;
}

} // namespace pilothouse::sandbox

#include "connectors/github/githubapi.h"

#include "base/chaining.h"
#include "base/clock.h"

#include <QTimeZone>

namespace pilothouse {
namespace {

constexpr int cachedKilobytes = 32 * 1024;
constexpr std::chrono::seconds leastPenalty{60};
constexpr std::chrono::seconds mostPenalty{960};

} // namespace

GithubApi::GithubApi(HttpClient &http, Clock &clock, QUrl base, QByteArray version)
    : m_http(http), m_clock(clock), m_base(std::move(base)), m_version(std::move(version)),
      m_cache(cachedKilobytes)
{}

QUrl GithubApi::url(const QString &path, const QUrlQuery &query) const
{
    QUrl url = m_base;
    QString base = url.path();
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    url.setPath(base + path);
    url.setQuery(query);
    return url;
}

QFuture<Result<HttpResponse>> GithubApi::send(HttpRequest request)
{
    if (m_waitUntil.isValid() && m_clock.now() < m_waitUntil) {
        Error error{ErrorKind::RateLimited,
                    tr("GitHub limits requests; the next one goes out at %1.")
                        .arg(m_waitUntil.toLocalTime().toString(QStringLiteral("HH:mm:ss"))),
                    {},
                    m_waitUntil};
        return ready<HttpResponse>(fail(error));
    }
    request.headers.emplace_back("Accept", "application/vnd.github+json");
    request.headers.emplace_back("X-GitHub-Api-Version", m_version);
    return converted<HttpResponse>(m_http.send(request), this,
                                   [this](const Result<HttpResponse> &response) {
                                       learnLimits(response);
                                       return response;
                                   });
}

void GithubApi::learnLimits(const Result<HttpResponse> &response)
{
    if (!response) {
        if (response.error().kind != ErrorKind::RateLimited)
            return;
        m_waitUntil = response.error().retryAt.value_or(m_clock.now().addSecs(m_penalty.count()));
        m_penalty = std::min(m_penalty * 2, mostPenalty);
        return;
    }
    m_penalty = leastPenalty;
    if (response->header("x-ratelimit-remaining") != "0")
        return;
    const qint64 epoch = response->header("x-ratelimit-reset").toLongLong();
    const QDateTime reset = QDateTime::fromSecsSinceEpoch(epoch, QTimeZone::utc());
    // The server's clock, turned into ours.
    m_waitUntil = response->serverAt.isValid()
                      ? m_clock.now().addMSecs(response->serverAt.msecsTo(reset))
                      : reset;
}

QFuture<Result<GithubApi::Page>> GithubApi::page(const QUrl &url)
{
    HttpRequest request;
    request.url = url;
    std::optional<Cached> cached;
    if (const Cached *known = m_cache.object(url)) {
        cached = *known;
        request.headers.emplace_back("If-None-Match", known->etag);
    }
    return converted<Page>(
        send(std::move(request)), this,
        [this, url, cached](const Result<HttpResponse> &response) -> Result<Page> {
            if (!response)
                return fail(response.error());
            if (response->status == 200 || (response->status == 304 && cached))
                return pageOf(url, *response, cached);
            return fail(ErrorKind::Malformed,
                        tr("GitHub sends on to %1. Check the repository's name and the api "
                           "address in the workspace file.")
                            .arg(QString::fromLatin1(response->header("location"))),
                        QStringLiteral("HTTP %1").arg(response->status));
        });
}

GithubApi::Page GithubApi::pageOf(const QUrl &url, const HttpResponse &response,
                                  const std::optional<Cached> &cached)
{
    Page page{{}, {}, response.serverAt, m_clock.sinceBoot()};
    if (response.status == 304) {
        page.body = cached->body;
        page.next = cached->next;
        return page;
    }
    page.body = response.body;
    page.next = response.nextPage();
    const QByteArray etag = response.header("etag");
    if (!etag.isEmpty())
        m_cache.insert(url, new Cached{etag, page.body, page.next},
                       1 + int(page.body.size() / 1024));
    return page;
}

QFuture<Result<GithubApi::Pages>> GithubApi::pages(const QUrl &first, int limit)
{
    return more({}, first, limit);
}

QFuture<Result<GithubApi::Pages>> GithubApi::more(const Pages &before, const QUrl &next, int limit)
{
    return askNext<Pages>(page(next), this,
                          [this, before, limit](const Result<Page> &got) -> QFuture<Result<Pages>> {
                              if (!got)
                                  return ready<Pages>(fail(got.error()));
                              const Pages all = before + Pages{*got};
                              if (got->next.isEmpty() || limit <= 1)
                                  return ready<Pages>(all);
                              return more(all, got->next, limit - 1);
                          });
}

} // namespace pilothouse

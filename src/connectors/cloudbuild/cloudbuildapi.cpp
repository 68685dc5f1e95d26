#include "connectors/cloudbuild/cloudbuildapi.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "connectors/http/decoding.h"

#include <QUrlQuery>

namespace pilothouse {

namespace {

constexpr int newestPages = 2;
constexpr int mostPages = 20;
const QString buildsOnAPage = QStringLiteral("50");

} // namespace

CloudBuildApi::CloudBuildApi(HttpClient &build, HttpClient &storage, Clock &clock,
                             Settings settings)
    : m_build(build), m_storage(storage), m_clock(clock), m_settings(std::move(settings))
{}

QUrl CloudBuildApi::below(const QUrl &base, const QString &path) const
{
    QUrl url = base;
    QString prefix = url.path();
    while (prefix.endsWith(QLatin1Char('/')))
        prefix.chop(1);
    url.setPath(prefix + QLatin1Char('/') + path);
    return url;
}

QUrl CloudBuildApi::buildUrl(const QString &id, const QString &verb) const
{
    QString path = QStringLiteral("v1/projects/%1/locations/%2/builds")
                       .arg(m_settings.project, m_settings.region);
    if (!id.isEmpty())
        path += QLatin1Char('/') + id;
    if (!verb.isEmpty())
        path += QLatin1Char(':') + verb;
    return below(m_settings.api, path);
}

QFuture<Result<CloudBuildApi::Listed>> CloudBuildApi::list(const QString &pageToken)
{
    HttpRequest request;
    request.url = buildUrl({});
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("pageSize"), buildsOnAPage);
    if (!pageToken.isEmpty())
        query.addQueryItem(QStringLiteral("pageToken"),
                           QString::fromLatin1(QUrl::toPercentEncoding(pageToken)));
    request.url.setQuery(query);
    return askNext<Listed>(m_build.send(request), this,
                           [this](const Result<HttpResponse> &response) -> QFuture<Result<Listed>> {
                               if (!response)
                                   return ready<Listed>(fail(response.error()));
                               const auto page = decodeAside<CloudBuildPage>(
                                   response->body.size(),
                                   [body = response->body] { return decodeBuilds(body); });
                               return converted<Listed>(
                                   page, this,
                                   [serverAt = response->serverAt, received = m_clock.sinceBoot()](
                                       const Result<CloudBuildPage> &decoded) -> Result<Listed> {
                                       if (!decoded)
                                           return fail(decoded.error());
                                       return Listed{*decoded, serverAt, received};
                                   });
                           });
}

QFuture<Result<CloudBuildApi::Listed>> CloudBuildApi::newest()
{
    return listOn({}, newestPages, {}, {});
}

QFuture<Result<CloudBuildApi::Listed>> CloudBuildApi::newestUntil(const Enough &enough)
{
    return listOn({}, mostPages, enough, {});
}

QFuture<Result<CloudBuildApi::Listed>> CloudBuildApi::listOn(const QString &token, int pagesLeft,
                                                             const Enough &enough,
                                                             const QList<CloudBuild> &before)
{
    return askNext<Listed>(
        list(token), this, [this, pagesLeft, enough, before](const Result<Listed> &page) {
            if (!page)
                return ready<Listed>(fail(page.error()));
            Listed all = *page;
            all.page.builds = before + all.page.builds;
            if (pagesLeft <= 1 || page->page.nextPageToken.isEmpty()
                || (enough && enough(page->page)))
                return ready<Listed>(all);
            return listOn(page->page.nextPageToken, pagesLeft - 1, enough, all.page.builds);
        });
}

QFuture<Result<CloudBuildApi::Fetched>> CloudBuildApi::build(const QString &id)
{
    HttpRequest request;
    request.url = buildUrl(id);
    return converted<Fetched>(m_build.send(request), this,
                              [this](const Result<HttpResponse> &response) -> Result<Fetched> {
                                  if (!response)
                                      return fail(response.error());
                                  const auto build = decodeBuild(response->body);
                                  if (!build)
                                      return fail(build.error());
                                  return Fetched{*build, response->serverAt, m_clock.sinceBoot()};
                              });
}

QFuture<Result<void>> CloudBuildApi::post(const QString &id, const QString &verb,
                                          const QByteArray &body)
{
    HttpRequest request;
    request.method = "POST";
    request.url = buildUrl(id, verb);
    request.body = body;
    request.contentType = "application/json";
    request.repeat = HttpRequest::Repeat::Never;
    return converted<void>(m_build.send(request), this,
                           [](const Result<HttpResponse> &response) -> Result<void> {
                               if (!response)
                                   return fail(response.error());
                               return {};
                           });
}

QFuture<Result<HttpResponse>> CloudBuildApi::bytes(const QString &object, qint64 from, qint64 most)
{
    HttpRequest request;
    request.url = below(m_settings.storage, object);
    request.headers.emplace_back("Range", "bytes=" + QByteArray::number(from) + '-'
                                              + QByteArray::number(from + most - 1));
    request.timeout = std::chrono::seconds(30);
    return m_storage.send(request);
}

} // namespace pilothouse

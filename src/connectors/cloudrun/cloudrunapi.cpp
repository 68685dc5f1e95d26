#include "connectors/cloudrun/cloudrunapi.h"

#include "base/chaining.h"
#include "base/clock.h"
#include "connectors/http/httperror.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrlQuery>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr int mostPages = 5;

// The documents do not say which status a stale etag gets: 409, 412, or a failed precondition as
// 400.
Error conflictIfEtag(const Error &error)
{
    if (error.kind != ErrorKind::BadInput || !bodyOf(error).toLower().contains("etag"))
        return error;
    Error conflict = error;
    conflict.kind = ErrorKind::Conflict;
    conflict.message = CloudRunApi::tr("Cloud Run refused because the service was changed in the "
                                       "meantime. Read again.");
    return conflict;
}

} // namespace

Reading<TrafficState> CloudRunApi::Fetched::reading() const
{
    Reading<TrafficState> reading;
    reading.value = snapshot.state();
    reading.source = QStringLiteral("Cloud Run");
    reading.serverAt = serverAt;
    reading.receivedSinceBoot = receivedSinceBoot;
    return reading;
}

CloudRunApi::CloudRunApi(HttpClient &http, Clock &clock, CloudRunControl::Settings settings)
    : m_http(http), m_clock(clock), m_settings(std::move(settings))
{}

QUrl CloudRunApi::below(const QString &path) const
{
    QUrl url = m_settings.api;
    QString prefix = url.path();
    while (prefix.endsWith(QLatin1Char('/')))
        prefix.chop(1);
    url.setPath(prefix + QStringLiteral("/v2/") + path);
    return url;
}

QUrl CloudRunApi::serviceUrl(const QString &query) const
{
    QUrl url = below(QStringLiteral("projects/%1/locations/%2/services/%3")
                         .arg(m_settings.project, m_settings.region, m_settings.service));
    if (!query.isEmpty())
        url.setQuery(query);
    return url;
}

bool CloudRunApi::knowsAll(const QStringList &names) const
{
    return std::all_of(names.begin(), names.end(), [this](const QString &name) {
        const auto known = m_revisions.constFind(name);
        return known != m_revisions.constEnd() && known->ready == CloudRunRevision::Ready::Yes;
    });
}

/// A revision without its commit would be taken for another one, and a rollout for replaced.
Result<void> CloudRunApi::allTold(const QStringList &names) const
{
    for (const QString &name : names) {
        if (!m_revisions.contains(name))
            return fail(ErrorKind::Malformed,
                        tr("Cloud Run names %1 in the service, but not among its revisions. Read "
                           "again.")
                            .arg(name));
    }
    return {};
}

QFuture<Result<CloudRunApi::Fetched>> CloudRunApi::fetch()
{
    HttpRequest request;
    request.url = serviceUrl();
    return askNext<Fetched>(
        m_http.send(request), this,
        [this](const Result<HttpResponse> &response) -> QFuture<Result<Fetched>> {
            if (!response)
                return ready<Fetched>(fail(response.error()));
            const auto service = decodeService(response->body);
            if (!service)
                return ready<Fetched>(fail(service.error()));
            Fetched fetched{
                {*service, {}, m_settings.commitFrom, {}}, response->serverAt, m_clock.sinceBoot()};
            const auto listed = listRevisions(fetched.snapshot.named(), {}, mostPages);
            return converted<Fetched>(listed, this,
                                      [this, fetched](const Result<void> &done) -> Result<Fetched> {
                                          if (!done)
                                              return fail(done.error());
                                          Fetched whole = fetched;
                                          whole.snapshot.revisions = m_revisions;
                                          return whole;
                                      });
        });
}

QFuture<Result<void>> CloudRunApi::listRevisions(const QStringList &wanted,
                                                 const QString &pageToken, int pagesLeft)
{
    if (pagesLeft == 0 || knowsAll(wanted))
        return ready<void>({});
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("pageSize"), QStringLiteral("100"));
    if (!pageToken.isEmpty())
        query.addQueryItem(QStringLiteral("pageToken"),
                           QString::fromLatin1(QUrl::toPercentEncoding(pageToken)));
    HttpRequest request;
    request.url = serviceUrl();
    request.url.setPath(request.url.path() + QStringLiteral("/revisions"));
    request.url.setQuery(query);
    return askNext<void>(
        m_http.send(request), this,
        [this, wanted, pagesLeft](const Result<HttpResponse> &response) -> QFuture<Result<void>> {
            if (!response)
                return ready<void>(fail(response.error()));
            const auto page = decodeRevisions(response->body);
            if (!page)
                return ready<void>(fail(page.error()));
            for (const CloudRunRevision &revision : page->revisions)
                m_revisions.insert(revision.name, revision);
            if (page->nextPageToken.isEmpty())
                return ready<void>(allTold(wanted));
            return listRevisions(wanted, page->nextPageToken, pagesLeft - 1);
        });
}

QFuture<Result<CloudRunOperation>> CloudRunApi::patch(const CloudRunWrite &write, Write how)
{
    HttpRequest request;
    request.method = "PATCH";
    request.url
        = serviceUrl(QStringLiteral("updateMask=") + write.updateMask
                     + (how == Write::Trial ? QStringLiteral("&validateOnly=true") : QString()));
    request.body = write.body;
    request.contentType = "application/json";
    return converted<CloudRunOperation>(
        m_http.send(request), this,
        [](const Result<HttpResponse> &response) -> Result<CloudRunOperation> {
            if (!response)
                return fail(conflictIfEtag(response.error()));
            return decodeOperation(response->body);
        });
}

QFuture<Result<CloudRunOperation>> CloudRunApi::operation(const QString &name)
{
    HttpRequest request;
    request.url = below(name);
    return converted<CloudRunOperation>(
        m_http.send(request), this,
        [](const Result<HttpResponse> &response) -> Result<CloudRunOperation> {
            if (!response)
                return fail(response.error());
            return decodeOperation(response->body);
        });
}

QFuture<Result<QStringList>> CloudRunApi::permissions(const QStringList &asked)
{
    HttpRequest request;
    request.method = "POST";
    request.url = serviceUrl();
    request.url.setPath(request.url.path() + QStringLiteral(":testIamPermissions"));
    request.contentType = "application/json";
    request.body = QJsonDocument(QJsonObject{{QStringLiteral("permissions"),
                                              QJsonArray::fromStringList(asked)}})
                       .toJson(QJsonDocument::Compact);
    return converted<QStringList>(m_http.send(request), this,
                                  [](const Result<HttpResponse> &response) -> Result<QStringList> {
                                      if (!response)
                                          return fail(response.error());
                                      return decodePermissions(response->body);
                                  });
}

} // namespace pilothouse

#pragma once

#include "connectors/http/client.h"

#include <QCache>
#include <QUrlQuery>

namespace pilothouse {

class Clock;

/// GitHub's manners on top of HTTP: its headers, ETags, pages by Link, and its limits.
/// http and clock outlive it; destroying it cancels what is under way. GUI thread.
class GithubApi final : public QObject
{
    Q_OBJECT

public:
    struct Page
    {
        QByteArray body;
        QUrl next;          ///< empty = the last one
        QDateTime serverAt; ///< of the answer, 304 included
        std::chrono::milliseconds receivedSinceBoot{0};
    };
    using Pages = QList<Page>;

    GithubApi(HttpClient &http, Clock &clock, QUrl base, QByteArray version);

    [[nodiscard]] QUrl url(const QString &path, const QUrlQuery &query = {}) const;

    /// The page and those that follow it, at most `limit`.
    [[nodiscard]] QFuture<Result<Pages>> pages(const QUrl &first, int limit);
    /// One request with GitHub's headers. RateLimited, with nothing sent, while GitHub asked to
    /// wait.
    [[nodiscard]] QFuture<Result<HttpResponse>> send(HttpRequest request);

    [[nodiscard]] HttpClient &http() const { return m_http; }
    [[nodiscard]] Clock &clock() const { return m_clock; }

private:
    struct Cached
    {
        QByteArray etag;
        QByteArray body;
        QUrl next;
    };

    [[nodiscard]] QFuture<Result<Page>> page(const QUrl &url);
    [[nodiscard]] QFuture<Result<Pages>> more(const Pages &before, const QUrl &next, int limit);
    [[nodiscard]] Page pageOf(const QUrl &url, const HttpResponse &response,
                              const std::optional<Cached> &cached);
    void learnLimits(const Result<HttpResponse> &response);

    HttpClient &m_http;
    Clock &m_clock;
    QUrl m_base;
    QByteArray m_version;
    QCache<QUrl, Cached> m_cache;
    QDateTime m_waitUntil;
    std::chrono::seconds m_penalty{60}; ///< doubled while GitHub refuses without naming a time
};

} // namespace pilothouse

#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QDateTime>
#include <QFuture>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace pilothouse {

using HttpHeaders = std::vector<std::pair<QByteArray, QByteArray>>;

/// One request. The credential is added by the client, never by the caller.
struct HttpRequest
{
    enum class Authorization { Bearer, None };
    enum class Repeat {
        IfIdempotent, ///< GET and HEAD are tried again on a broken connection, 502, 503, 504
        Never,
    };
    enum class Connection {
        Any,
        OfWrites, ///< of a read: the one that the next write takes, which finds it open and alive
    };

    QByteArray method = "GET";
    QUrl url;
    HttpHeaders headers;
    QByteArray body;
    QByteArray contentType;
    Authorization authorization = Authorization::Bearer;
    Repeat repeat = Repeat::IfIdempotent;
    Connection connection = Connection::Any;
    std::chrono::milliseconds timeout{10'000}; ///< without a byte arriving
    qint64 maxBytes = 64 << 20;                ///< a larger answer is Malformed
};

/// A complete answer with a status under 400 (or 304).
struct HttpResponse
{
    int status = 0;
    HttpHeaders headers; ///< names in lower case
    QByteArray body;
    QDateTime serverAt; ///< the Date header, UTC; invalid if absent

    /// The value of a header, empty if absent. `name` in lower case.
    [[nodiscard]] QByteArray header(const QByteArray &name) const;
    /// The URL of `rel="next"` in the Link header, empty if this is the last page.
    [[nodiscard]] QUrl nextPage() const;
};

/// A body that arrives bit by bit (a watch, a followed log). Deleting it ends the request.
/// `ended` comes exactly once, unless the stream is deleted first.
class HttpStream : public QObject
{
    Q_OBJECT

Q_SIGNALS:
    /// `headers` with names in lower case.
    void started(int status, const pilothouse::HttpHeaders &headers);
    void bytesArrived(const QByteArray &bytes);
    void ended(const pilothouse::Result<void> &outcome);
};

/// HTTP as the connectors see it. Abstract so that they are tested with scripted answers.
///
/// Failures: a status of 400 and more becomes an Error whose kind follows the status (401
/// SignedOut, 403 NotAllowed or RateLimited, 404 and 410 NotFound, 409 and 412 Conflict, 429
/// RateLimited with retryAt, 5xx Unavailable, else BadInput); `detail` is "HTTP <status>" and the
/// first 2,000 characters of the body. Redirects are followed within one host only; a redirect to
/// another host comes back as the 3xx answer for the caller to decide. Plain http beyond loopback
/// is refused when a credential would be sent. Signing in that fails is SignedOut, whatever it
/// was: nothing was sent.
class HttpClient
{
public:
    virtual ~HttpClient() = default;

    [[nodiscard]] virtual QFuture<Result<HttpResponse>> send(const HttpRequest &request) = 0;
    [[nodiscard]] virtual std::unique_ptr<HttpStream> stream(const HttpRequest &request) = 0;
};

} // namespace pilothouse

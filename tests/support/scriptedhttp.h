#pragma once

#include "connectors/http/client.h"

#include <QList>
#include <QPointer>
#include <QPromise>

#include <memory>

namespace pilothouse {

/// A stream that a test plays by hand.
class ScriptedStream final : public HttpStream
{
public:
    void start(int status = 200, const HttpHeaders &headers = {})
    {
        Q_EMIT started(status, headers);
    }
    void arrive(const QByteArray &bytes) { Q_EMIT bytesArrived(bytes); }
    void end(const Result<void> &outcome = {}) { Q_EMIT ended(outcome); }
};

/// HttpClient with answers queued by a test, given in the order of the requests. A status of 400
/// and more becomes the Error that NetworkHttp makes of it. A request without an answer in the
/// queue fails with Internal, naming the request.
class ScriptedHttp final : public HttpClient
{
public:
    using Promise = std::shared_ptr<QPromise<Result<HttpResponse>>>;

    /// Header names in lower case, as HttpResponse has them.
    void answer(int status, const QByteArray &body = {}, const HttpHeaders &headers = {});
    void answer(const Error &error);
    /// The next request waits until the test settles it.
    Promise hold();
    static void settle(const Promise &promise, int status, const QByteArray &body = {},
                       const HttpHeaders &headers = {});

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override;
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override;

    /// "GET /repos/o/r/actions/runs?per_page=100" of each request, in order.
    [[nodiscard]] QStringList log() const;
    /// Answers nobody asked for.
    [[nodiscard]] int left() const { return int(m_queue.size()); }
    [[nodiscard]] static QByteArray header(const HttpRequest &request, const QByteArray &name);

    QList<HttpRequest> requests;
    QPointer<ScriptedStream> lastStream;
    QString systemName = QStringLiteral("Server");

private:
    QList<Promise> m_queue;
};

} // namespace pilothouse

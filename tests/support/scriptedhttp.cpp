#include "support/scriptedhttp.h"

#include "base/future.h"
#include "connectors/http/httperror.h"

namespace pilothouse {
namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(13, 30), Qt::UTC);

ScriptedHttp::Promise fresh()
{
    auto promise = std::make_shared<QPromise<Result<HttpResponse>>>();
    promise->start();
    return promise;
}

} // namespace

void ScriptedHttp::answer(int status, const QByteArray &body, const HttpHeaders &headers)
{
    const Promise promise = hold();
    if (status >= 400) {
        promise->addResult(fail(statusError(systemName, status, headers, body, now)));
        promise->finish();
    } else {
        settle(promise, status, body, headers);
    }
}

void ScriptedHttp::answer(const Error &error)
{
    const Promise promise = hold();
    promise->addResult(fail(error));
    promise->finish();
}

ScriptedHttp::Promise ScriptedHttp::hold()
{
    m_queue.append(fresh());
    return m_queue.last();
}

void ScriptedHttp::settle(const Promise &promise, int status, const QByteArray &body,
                          const HttpHeaders &headers)
{
    promise->addResult(HttpResponse{status, headers, body, now});
    promise->finish();
}

QFuture<Result<HttpResponse>> ScriptedHttp::send(const HttpRequest &request)
{
    requests.append(request);
    if (m_queue.isEmpty())
        return ready<HttpResponse>(
            fail(ErrorKind::Internal, QStringLiteral("no answer is scripted for ") + log().last()));
    return m_queue.takeFirst()->future();
}

std::unique_ptr<HttpStream> ScriptedHttp::stream(const HttpRequest &request)
{
    requests.append(request);
    auto stream = std::make_unique<ScriptedStream>();
    lastStream = stream.get();
    return stream;
}

QStringList ScriptedHttp::log() const
{
    QStringList lines;
    for (const HttpRequest &request : requests)
        lines.append(QString::fromLatin1(request.method) + QLatin1Char(' ')
                     + request.url.toString(QUrl::RemoveScheme | QUrl::RemoveAuthority));
    return lines;
}

QByteArray ScriptedHttp::header(const HttpRequest &request, const QByteArray &name)
{
    for (const auto &[key, value] : request.headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

} // namespace pilothouse

#include "connectors/github/githubjoblog.h"

#include "base/whendone.h"
#include "connectors/http/httperror.h"

namespace pilothouse {
namespace {

// GitHub answers 404, or 500, for the log of a job that is still running.
Error sentence(const Error &error)
{
    const int status = statusOf(error);
    if (status == 404 || status == 500)
        return {ErrorKind::NotFound,
                GithubJobLog::tr("GitHub has no log of this job: it gives none before the job "
                                 "ends, nor when its time of keeping is over."),
                error.detail,
                {}};
    if (status == 410)
        return {ErrorKind::NotFound,
                GithubJobLog::tr("GitHub no longer has this log: its time of keeping is over."),
                error.detail,
                {}};
    return error;
}

} // namespace

GithubJobLog::GithubJobLog(GithubApi &api, const QUrl &address) : m_api(&api)
{
    QMetaObject::invokeMethod(
        this, [this, address] { begin(address); }, Qt::QueuedConnection);
}

void GithubJobLog::begin(const QUrl &address)
{
    if (!m_api)
        return Q_EMIT ended(fail(ErrorKind::Cancelled, tr("The connection to GitHub is closed.")));
    HttpRequest request;
    request.url = address;
    whenDone(
        m_api->send(request), this,
        [this](const Result<HttpResponse> &response) {
            if (!response)
                return Q_EMIT ended(fail(sentence(response.error())));
            const QByteArray location = response->header("location");
            if (!location.isEmpty())
                return fetch(QUrl::fromEncoded(location));
            // A server that keeps its logs itself.
            const QPointer<GithubJobLog> alive(this);
            Q_EMIT bytesArrived(response->body);
            if (alive)
                Q_EMIT ended({});
        },
        [this] {
            Q_EMIT ended(fail(ErrorKind::Cancelled, tr("The log was not fetched. Try again.")));
        });
}

void GithubJobLog::fetch(const QUrl &store)
{
    if (!m_api)
        return Q_EMIT ended(fail(ErrorKind::Cancelled, tr("The connection to GitHub is closed.")));
    HttpRequest request;
    request.url = store;
    request.authorization = HttpRequest::Authorization::None;
    request.timeout = std::chrono::seconds(30);
    m_text = m_api->http().stream(request);
    connect(m_text.get(), &HttpStream::bytesArrived, this, &LogStream::bytesArrived);
    connect(m_text.get(), &HttpStream::ended, this, [this](const Result<void> &outcome) {
        if (outcome)
            Q_EMIT ended({});
        else if (outcome.error().kind == ErrorKind::NotAllowed)
            Q_EMIT ended(fail(ErrorKind::Unavailable,
                              tr("GitHub's link to the log is no longer good. Fetch it again."),
                              outcome.error().detail));
        else
            Q_EMIT ended(fail(outcome.error()));
    });
}

} // namespace pilothouse

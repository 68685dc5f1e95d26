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

/// The store knows no credential of ours: what it refuses is the link.
bool isAboutTheLink(const Error &error)
{
    return error.kind == ErrorKind::NotAllowed || error.kind == ErrorKind::SignedOut;
}

/// A page or a document that stands where a log should be.
bool isNoLog(const QByteArray &contentType)
{
    const QByteArray type = contentType.toLower();
    return type.contains("json") || type.contains("html") || type.contains("xml");
}

Error noLog(const QByteArray &contentType)
{
    return {ErrorKind::Malformed,
            GithubJobLog::tr("What came from GitHub is not the log (%1). Fetch it again.")
                .arg(QString::fromLatin1(contentType)),
            {},
            {}};
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
            if (const QByteArray type = response->header("content-type"); isNoLog(type))
                return Q_EMIT ended(fail(noLog(type)));
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
    connect(
        m_text.get(), &HttpStream::started, this, [this](int status, const HttpHeaders &headers) {
            const QByteArray type = HttpResponse{status, headers, {}, {}}.header("content-type");
            if (!isNoLog(type))
                return;
            // It is the sender of this very signal.
            m_text->disconnect(this);
            m_text.release()->deleteLater();
            Q_EMIT ended(fail(noLog(type)));
        });
    connect(m_text.get(), &HttpStream::bytesArrived, this, &LogStream::bytesArrived);
    connect(m_text.get(), &HttpStream::ended, this, [this](const Result<void> &outcome) {
        if (outcome)
            Q_EMIT ended({});
        else if (isAboutTheLink(outcome.error()))
            Q_EMIT ended(fail(ErrorKind::Unavailable,
                              tr("GitHub's link to the log is no longer good. Fetch it again."),
                              outcome.error().detail));
        else
            Q_EMIT ended(fail(outcome.error()));
    });
}

} // namespace pilothouse

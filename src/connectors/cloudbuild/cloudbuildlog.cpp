#include "connectors/cloudbuild/cloudbuildlog.h"

#include "base/clock.h"
#include "base/whendone.h"
#include "connectors/http/httperror.h"
#include "pipeline/overlay.h"

namespace pilothouse {

namespace {

constexpr std::chrono::milliseconds lookEvery{1'000};
constexpr qint64 pieceBytes = 8 << 20;
constexpr int mostFailures = 60;

} // namespace

CloudBuildLog::CloudBuildLog(CloudBuildApi &api, QString build)
    : m_api(&api), m_build(std::move(build))
{
    QMetaObject::invokeMethod(this, &CloudBuildLog::askBuild, Qt::QueuedConnection);
}

void CloudBuildLog::stop(const Error &error)
{
    Q_EMIT ended(fail(error));
}

void CloudBuildLog::wait()
{
    if (m_api)
        m_api->clock().after(lookEvery, this, [this] { askBuild(); });
}

/// The build is asked before its bytes: only what is read after its end is all of it.
void CloudBuildLog::askBuild()
{
    if (!m_api)
        return stop({ErrorKind::Cancelled, tr("The connection to Cloud Build is closed."), {}, {}});
    whenDone(
        m_api->build(m_build), this,
        [this](const Result<CloudBuildApi::Fetched> &fetched) {
            if (!fetched)
                return askLater(fetched.error());
            m_object = logObject(fetched->build);
            if (m_object.isEmpty())
                return stop({ErrorKind::NotFound,
                             tr("This build writes no log to a bucket. Open it at Cloud Build."),
                             {},
                             {}});
            m_last = hasEnded(fetched->build.status);
            askBytes();
        },
        [this] {
            stop({ErrorKind::Cancelled, tr("The log was not fetched. Try again."), {}, {}});
        });
}

void CloudBuildLog::askBytes()
{
    if (!m_api)
        return stop({ErrorKind::Cancelled, tr("The connection to Cloud Build is closed."), {}, {}});
    whenDone(
        m_api->bytes(m_object, m_cursor, pieceBytes), this,
        [this](const Result<HttpResponse> &response) {
            if (response)
                take(*response);
            else
                missed(response.error());
        },
        [this] {
            stop({ErrorKind::Cancelled, tr("The log was not fetched. Try again."), {}, {}});
        });
}

void CloudBuildLog::take(const HttpResponse &response)
{
    if (response.status != 200 && response.status != 206)
        return stop({ErrorKind::Malformed,
                     tr("The storage of the log sends on to another place."),
                     QStringLiteral("HTTP %1").arg(response.status),
                     {}});
    // Of an object that is empty yet there is no range to be told.
    if (!response.body.isEmpty()) {
        const Ranges answered = response.status == 206 ? Ranges::Known : Ranges::Ignored;
        if (m_ranges != Ranges::NotSeen && m_ranges != answered)
            return stopAsOther(QStringLiteral("HTTP %1").arg(response.status));
        m_ranges = answered;
    }
    m_failures = 0;
    // Who does not know ranges sends everything each time.
    const QByteArray fresh = response.status == 206 ? response.body : response.body.mid(m_cursor);
    m_cursor += fresh.size();
    const QPointer<CloudBuildLog> alive(this);
    if (!fresh.isEmpty())
        Q_EMIT bytesArrived(fresh);
    if (!alive)
        return;
    if (response.status == 206 && fresh.size() == pieceBytes)
        askBytes();
    else if (m_last)
        Q_EMIT ended({});
    else
        wait();
}

/// The bytes of one of two hosts that answer unlike each other are not of this log, and which is
/// not known.
void CloudBuildLog::stopAsOther(const QString &detail)
{
    stop({ErrorKind::Malformed,
          tr("Something that is not the storage of this log has answered for it. Read it again."),
          detail,
          {}});
}

/// What the storage answers where there is no piece of the log.
void CloudBuildLog::missed(const Error &error)
{
    const int status = statusOf(error);
    if (status == 416 && m_ranges == Ranges::Ignored)
        return stopAsOther(error.detail);
    if (status == 416 || status == 404) {
        m_failures = 0;
        if (!m_last)
            return wait();
        if (status == 416)
            return Q_EMIT ended({});
        return stop({ErrorKind::NotFound,
                     m_cursor > 0 ? tr("The rest of this log is not in its bucket. Read it again.")
                                  : tr("This build has ended without a log."),
                     error.detail,
                     {}});
    }
    if (status == 403)
        return stop(
            {ErrorKind::NotAllowed,
             tr("This account may not read the bucket of the log: ask for the right to view "
                "its objects."),
             error.detail,
             {}});
    askLater(error);
}

void CloudBuildLog::askLater(const Error &error)
{
    const bool passes = error.kind == ErrorKind::RateLimited || error.kind == ErrorKind::Unavailable
                        || error.kind == ErrorKind::TimedOut;
    if (!passes || ++m_failures > mostFailures)
        return stop(error);
    wait();
}

} // namespace pilothouse

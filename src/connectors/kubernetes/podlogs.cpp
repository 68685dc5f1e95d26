#include "connectors/kubernetes/podlogs.h"

#include "base/words.h"
#include "connectors/kubernetes/logresume.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

constexpr int tailLines = 2000;
constexpr milliseconds soon{1000};
constexpr int mostRetries = 6; // about a minute and a half
/// Of a longer line what has come is passed on before its end comes.
constexpr qsizetype longestLine = 1 << 20;

/// A log is plain text; a proxy or a sign-in page on the way answers with a page or with JSON.
std::optional<Error> noLog(const HttpHeaders &headers)
{
    for (const auto &[name, value] : headers) {
        if (name != "content-type" || !(value.contains("json") || value.contains("html")))
            continue;
        return Error{ErrorKind::Unavailable,
                     Words::tr("Where Kubernetes should be, “%1” is answered instead of a log. "
                               "Check what stands between this computer and the cluster.")
                         .arg(QString::fromLatin1(value)),
                     {},
                     {}};
    }
    return std::nullopt;
}

/// Lines keep their RFC 3339 stamp: the viewer shows it as their time.
class PodLogStream final : public LogStream
{
public:
    PodLogStream(KubernetesApi &api, Clock &clock, QString path, QString container,
                 milliseconds silence)
        : m_api(api), m_clock(clock), m_path(std::move(path)), m_container(std::move(container)),
          m_silence(silence)
    {
        connectAgain();
    }

    [[nodiscard]] int beginsLinesBack() const override { return tailLines; }

    [[nodiscard]] bool pause() override
    {
        if (m_stream) {
            // It is the sender of the signal that brought the last bytes.
            m_stream->disconnect(this);
            m_stream.release()->deleteLater();
        }
        return true;
    }

    void goOn() override { connectAgain(); }

private:
    void connectAgain()
    {
        QUrlQuery query;
        query.addQueryItem(QStringLiteral("follow"), QStringLiteral("true"));
        query.addQueryItem(QStringLiteral("timestamps"), QStringLiteral("true"));
        if (!m_container.isEmpty())
            query.addQueryItem(QStringLiteral("container"), m_container);
        m_resume.restart();
        if (const QDateTime since = m_resume.since(); since.isValid())
            query.addQueryItem(QStringLiteral("sinceTime"),
                               since.toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss'Z'")));
        else
            query.addQueryItem(QStringLiteral("tailLines"), QString::number(tailLines));
        m_answered = Answered::No;
        m_stream = m_api.stream(m_path, query, m_silence);
        connect(m_stream.get(), &HttpStream::started, this,
                [this](int, const HttpHeaders &headers) { start(headers); });
        connect(m_stream.get(), &HttpStream::bytesArrived, this,
                [this](const QByteArray &bytes) { take(bytes); });
        connect(m_stream.get(), &HttpStream::ended, this,
                [this](const Result<void> &outcome) { end(outcome); });
    }

    void start(const HttpHeaders &headers)
    {
        if (const auto error = noLog(headers)) {
            m_stream->disconnect(this);
            m_stream.release()->deleteLater();
            return retry(*error);
        }
        m_answered = Answered::Yes;
        if (std::exchange(m_goesOn, true))
            Q_EMIT reconnected();
    }

    void take(const QByteArray &bytes)
    {
        m_retries = 0;
        // What was left of the line that the last break cut comes again as a whole.
        if (m_answered != Answered::WithBytes)
            m_rest.clear();
        m_answered = Answered::WithBytes;
        m_rest += bytes;
        QByteArray fresh;
        qsizetype start = 0;
        for (qsizetype at = m_rest.indexOf('\n'); at >= 0; at = m_rest.indexOf('\n', start)) {
            const QByteArray line = m_rest.mid(start, at + 1 - start);
            start = at + 1;
            if (m_resume.isNew(line))
                fresh += line;
        }
        m_rest.remove(0, start);
        if (m_rest.size() > longestLine)
            fresh += std::exchange(m_rest, {});
        if (fresh.isEmpty())
            return;
        m_ending = Ending::No;
        Q_EMIT bytesArrived(fresh);
    }

    void end(const Result<void> &outcome)
    {
        m_stream.release()->deleteLater();
        if (outcome) {
            if (m_ending == Ending::ToBeConfirmed)
                return finish({});
            m_ending = Ending::ToBeConfirmed;
            return later(soon);
        }
        const Error &error = outcome.error();
        switch (error.kind) {
        case ErrorKind::TimedOut:
            if (m_answered != Answered::No)
                return later(milliseconds(0)); // it was only quiet
            return retry(error);
        case ErrorKind::Unavailable:
        case ErrorKind::RateLimited:
            return retry(error);
        case ErrorKind::NotFound:
        case ErrorKind::BadInput: // the container is not there any more, or not yet again
            return finish(m_ending == Ending::ToBeConfirmed && isOfKubernetes(error)
                              ? Result<void>()
                              : outcome);
        default:
            return finish(outcome);
        }
    }

    void retry(const Error &error)
    {
        if (m_retries >= mostRetries)
            return finish(fail(error));
        milliseconds wait = std::min(soon * (1 << m_retries), longestBackoff);
        if (error.retryAt)
            wait = std::max(wait, milliseconds(m_clock.now().msecsTo(*error.retryAt)));
        ++m_retries;
        later(wait);
    }

    void later(milliseconds wait)
    {
        m_clock.after(wait, this, [this] { connectAgain(); });
    }

    void finish(const Result<void> &outcome)
    {
        if (!m_rest.isEmpty())
            Q_EMIT bytesArrived(m_rest);
        Q_EMIT ended(outcome);
    }

    KubernetesApi &m_api;
    Clock &m_clock;
    QString m_path;
    QString m_container;
    milliseconds m_silence;
    std::unique_ptr<HttpStream> m_stream;
    LogResume m_resume;
    QByteArray m_rest; ///< of a line whose end has not come
    enum class Answered { No, Yes, WithBytes } m_answered = Answered::No;
    enum class Ending { No, ToBeConfirmed } m_ending = Ending::No;
    int m_retries = 0;
    bool m_goesOn = false; ///< some connection was answered: the next one continues it
};

} // namespace

PodLogs::PodLogs(KubernetesApi &api, Clock &clock, TrackName track, QString nameSpace,
                 milliseconds silence)
    : m_api(api), m_clock(clock), m_track(std::move(track)), m_nameSpace(std::move(nameSpace)),
      m_silence(silence)
{}

std::unique_ptr<LogStream> PodLogs::open(const LogTarget &target)
{
    const auto *pod = std::get_if<PodLog>(&target);
    if (!pod || !(pod->track == m_track))
        return nullptr;
    const ResourcePath pods{QStringLiteral("api/v1"), m_nameSpace, QStringLiteral("pods")};
    return std::make_unique<PodLogStream>(
        m_api, m_clock, pods.object(pod->pod) + QStringLiteral("/log"), pod->container, m_silence);
}

} // namespace pilothouse

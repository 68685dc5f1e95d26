#include "connectors/kubernetes/objectwatch.h"

#include "connectors/http/httperror.h"

#include "base/whendone.h"

#include <QJsonDocument>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

using std::chrono::milliseconds;

/// client-go's reflector: 0.8 s, doubled to 30 s.
constexpr milliseconds shortest{800};
/// A watch that ended in time is opened again at once, but not in a tight loop.
constexpr milliseconds pause{100};
/// One that ends sooner than this without a word did not work.
constexpr milliseconds tooShort{1000};
/// No object is larger than 3 MiB at the API server.
constexpr qsizetype longestEvent = 8 << 20;
/// Events of so many bytes are taken in within a few milliseconds.
constexpr qsizetype longestTurn = 64 << 10;

} // namespace

ObjectWatch::ObjectWatch(KubernetesApi &api, Clock &clock, ResourcePath path, NewIntake newIntake,
                         QObject *parent)
    : QObject(parent), m_api(api), m_clock(clock), m_path(std::move(path)),
      m_newIntake(std::move(newIntake)), m_backoff(shortest)
{}

ObjectWatch::~ObjectWatch() = default;

void ObjectWatch::start()
{
    list();
}

void ObjectWatch::list()
{
    const ListIntake intake = m_newIntake();
    whenDone(
        m_api.list(m_path, intake, this), this,
        [this, intake](const Result<KubernetesApi::Answer> &answer) {
            if (!answer) {
                broke(answer.error());
                return;
            }
            const QJsonObject metadata = answer->object.value(QLatin1String("metadata")).toObject();
            m_version = metadata.value(QLatin1String("resourceVersion")).toString();
            intake.keep();
            Q_EMIT listed();
            watch();
        },
        [this] {
            broke({ErrorKind::Cancelled,
                   tr("The list of %1 was given up; it is read again.").arg(m_path.plural),
                   {},
                   {}});
        });
}

void ObjectWatch::watch()
{
    m_buffer.clear();
    m_seen = Seen::Nothing;
    m_openedAt = m_clock.sinceBoot();
    m_stream = m_api.watch(m_path, m_version);
    connect(m_stream.get(), &HttpStream::started, this, &ObjectWatch::began);
    connect(m_stream.get(), &HttpStream::bytesArrived, this, &ObjectWatch::take);
    connect(m_stream.get(), &HttpStream::ended, this, &ObjectWatch::end);
}

void ObjectWatch::began()
{
    m_seen = Seen::Answer;
    if (std::exchange(m_trouble, std::nullopt))
        Q_EMIT resumed();
}

void ObjectWatch::take(const QByteArray &bytes)
{
    m_buffer += bytes;
    if (m_turn == Turn::Done)
        takeTurn();
}

void ObjectWatch::takeTurn()
{
    qsizetype start = 0;
    for (qsizetype at = m_buffer.indexOf('\n'); at >= 0; at = m_buffer.indexOf('\n', start)) {
        if (start >= longestTurn) {
            m_turn = Turn::GoesOn;
            QMetaObject::invokeMethod(this, &ObjectWatch::goOn, Qt::QueuedConnection);
            break;
        }
        const QByteArray line = m_buffer.mid(start, at - start).trimmed();
        start = at + 1;
        if (!line.isEmpty())
            handle(line);
        if (!m_stream)
            return; // the event ended it
    }
    m_buffer.remove(0, start);
    if (m_turn == Turn::Done && m_buffer.size() > longestEvent)
        unreadable(QStringLiteral("an event of more than %1 bytes").arg(longestEvent));
}

void ObjectWatch::goOn()
{
    m_turn = Turn::Done;
    if (!m_stream)
        return;
    takeTurn();
    if (m_turn == Turn::Done && m_stream && m_ended)
        end(*std::exchange(m_ended, std::nullopt));
}

void ObjectWatch::handle(const QByteArray &line)
{
    QJsonParseError problem;
    const QJsonObject event = QJsonDocument::fromJson(line, &problem).object();
    const QString type = event.value(QLatin1String("type")).toString();
    const QJsonObject object = event.value(QLatin1String("object")).toObject();
    if (type.isEmpty() || object.isEmpty()) {
        unreadable(problem.errorString());
        return;
    }
    if (type == QLatin1String("ERROR")) {
        handleError(object);
        return;
    }
    m_seen = Seen::Events;
    m_backoff = shortest;
    const QJsonObject metadata = object.value(QLatin1String("metadata")).toObject();
    m_version = metadata.value(QLatin1String("resourceVersion")).toString(m_version);
    if (type == QLatin1String("DELETED"))
        Q_EMIT removed(metadata.value(QLatin1String("name")).toString());
    else if (type != QLatin1String("BOOKMARK"))
        Q_EMIT changed(object);
}

void ObjectWatch::handleError(const QJsonObject &status)
{
    drop();
    if (status.value(QLatin1String("code")).toInt() == gone) {
        expired();
        return;
    }
    const QString said = status.value(QLatin1String("message")).toString();
    broke({ErrorKind::Unavailable,
           tr("Kubernetes broke off the watch of %1: %2. It is tried again.")
               .arg(m_path.plural, said),
           QString::fromUtf8(QJsonDocument(status).toJson(QJsonDocument::Compact)),
           {}});
}

void ObjectWatch::end(const Result<void> &outcome)
{
    if (m_turn == Turn::GoesOn) {
        m_ended = outcome; // what came before it is told before it
        return;
    }
    drop();
    if (!outcome && statusOf(outcome.error()) == gone) {
        expired();
        return;
    }
    const bool quiet
        = !outcome && outcome.error().kind == ErrorKind::TimedOut && m_seen != Seen::Nothing;
    if (!outcome && !quiet) {
        broke(outcome.error());
        return;
    }
    if (m_seen != Seen::Events && m_clock.sinceBoot() - m_openedAt < tooShort) {
        broke(
            {ErrorKind::Unavailable,
             tr("Kubernetes ends the watch of %1 as soon as it begins. It is tried again; a proxy "
                "in between may not let a watch through.")
                 .arg(m_path.plural),
             {},
             {}});
        return;
    }
    m_clock.after(pause, this, [this] { watch(); });
}

/// Called from the stream's own signals: it must outlive them.
void ObjectWatch::drop()
{
    m_stream->disconnect(this);
    m_stream.release()->deleteLater();
    m_buffer.clear();
    m_ended.reset();
}

/// The server forgot our version: only a new list tells the truth. Without an event since the last
/// one the wait grows, so that a server that forgets everything is not listed in a loop.
void ObjectWatch::expired()
{
    m_version.clear();
    const milliseconds wait = m_seen == Seen::Events ? pause : m_backoff;
    if (m_seen != Seen::Events)
        m_backoff = std::min(m_backoff * 2, longestBackoff);
    m_clock.after(wait, this, [this] { list(); });
}

void ObjectWatch::unreadable(const QString &detail)
{
    drop();
    m_version.clear();
    broke({ErrorKind::Malformed,
           tr("Kubernetes sent an event of %1 that cannot be read. They are listed anew.")
               .arg(m_path.plural),
           detail,
           {}});
}

void ObjectWatch::broke(const Error &error)
{
    m_trouble = error;
    milliseconds wait = m_backoff;
    if (error.retryAt)
        wait = std::max(wait, milliseconds(m_clock.now().msecsTo(*error.retryAt)));
    m_backoff = std::min(m_backoff * 2, longestBackoff);
    m_clock.after(wait, this, [this] {
        if (m_version.isEmpty())
            list();
        else
            watch();
    });
    Q_EMIT lost(error);
}

} // namespace pilothouse

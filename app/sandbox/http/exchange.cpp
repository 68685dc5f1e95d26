#include "app/sandbox/http/exchange.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <microhttpd.h>

namespace pilothouse::sandbox {

QString Request::parameter(const char *name) const
{
    return query.queryItemValue(QString::fromLatin1(name), QUrl::FullyDecoded);
}

bool Request::flag(const char *name) const
{
    const QString value = parameter(name);
    return value == QLatin1String("true") || value == QLatin1String("1");
}

QByteArray Request::header(const char *lowerCaseName) const
{
    return headers.value(QByteArray(lowerCaseName));
}

Exchange::Exchange(Request r) : request(std::move(r)) {}

Exchange::~Exchange() = default;

void Exchange::reply(int status, const HeaderList &headers, const QByteArray &body)
{
    if (m_phase != Phase::Waiting)
        return;
    m_status = status;
    m_headers = headers;
    m_bytes = body;
    if (onReply)
        onReply(m_status, m_headers, m_bytes);
    m_phase = Phase::Whole;
    if (cutAfter) {
        m_bytes.truncate(m_bytes.size() / 2);
        m_phase = Phase::CutMidway;
    }
    wake();
}

void Exchange::replyJson(int status, const QJsonValue &body, HeaderList headers)
{
    headers.emplaceBack("Content-Type", "application/json");
    reply(status, headers, jsonBytes(body));
}

void Exchange::begin(int status, const HeaderList &headers)
{
    if (m_phase != Phase::Waiting)
        return;
    m_status = status;
    m_headers = headers;
    m_phase = Phase::Streaming;
    wake();
}

void Exchange::write(const QByteArray &bytes)
{
    if (m_phase != Phase::Streaming || bytes.isEmpty())
        return;
    m_bytes += bytes;
    if (cutAfter && --*cutAfter <= 0) {
        m_bytes.chop(bytes.size() - bytes.size() / 2);
        m_phase = Phase::CutMidway;
    }
    wake();
}

void Exchange::end()
{
    if (m_phase != Phase::Streaming)
        return;
    m_phase = Phase::Ended;
    wake();
}

void Exchange::cut()
{
    if (m_phase == Phase::Waiting)
        m_phase = Phase::Cut;
    else if (m_phase == Phase::Streaming)
        m_phase = Phase::CutMidway;
    else
        return;
    wake();
}

bool Exchange::isOpen() const
{
    return m_connection && (m_phase == Phase::Waiting || m_phase == Phase::Streaming);
}

void Exchange::wake()
{
    if (!m_connection || !m_suspended)
        return;
    m_suspended = false;
    MHD_resume_connection(m_connection);
    m_resumed();
}

QByteArray jsonBytes(const QJsonValue &value)
{
    if (value.isArray())
        return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact);
    return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}

} // namespace pilothouse::sandbox

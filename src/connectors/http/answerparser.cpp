#include "connectors/http/answerparser.h"

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

constexpr qsizetype longestHead = 256 << 10;

} // namespace

void AnswerParser::feed(const QByteArray &bytes)
{
    m_bytes += bytes;
    while (m_phase == Phase::Head && readHead()) {
    }
    if (m_phase != Phase::Body)
        return;
    switch (m_length) {
    case Length::Known:
        readKnown();
        break;
    case Length::Chunked:
        while (m_phase == Phase::Body && readChunk()) {
        }
        break;
    case Length::ToTheEnd:
        m_body += std::exchange(m_bytes, {});
        break;
    }
}

void AnswerParser::close()
{
    if (m_phase == Phase::Body && m_length == Length::ToTheEnd)
        m_phase = Phase::Done;
    else if (m_phase == Phase::Head || m_phase == Phase::Body)
        m_phase = Phase::Cut;
}

bool AnswerParser::keepsConnection() const
{
    return m_phase == Phase::Done && m_length != Length::ToTheEnd && m_bytes.isEmpty()
           && m_version == Version::Persistent && !header("connection").toLower().contains("close");
}

QByteArray AnswerParser::takeBody()
{
    return std::exchange(m_body, {});
}

QByteArray AnswerParser::header(const char *name) const
{
    for (const auto &[key, value] : m_headers) {
        if (key == name)
            return value;
    }
    return {};
}

std::optional<QByteArray> AnswerParser::line()
{
    const qsizetype end = m_bytes.indexOf("\r\n");
    if (end < 0)
        return std::nullopt;
    const QByteArray text = m_bytes.left(end);
    m_bytes.remove(0, end + 2);
    return text;
}

// True: an interim answer was read; the next head follows.
bool AnswerParser::readHead()
{
    if (!QByteArray("HTTP/1.").startsWith(m_bytes.left(7)) || m_bytes.size() > longestHead) {
        m_phase = Phase::Garbled;
        return false;
    }
    const qsizetype end = m_bytes.indexOf("\r\n\r\n", m_sought);
    if (end < 0) {
        m_sought = std::max<qsizetype>(0, m_bytes.size() - 3);
        return false;
    }
    m_sought = 0;
    const QList<QByteArray> lines = m_bytes.left(end).replace("\r\n", "\n").split('\n');
    m_bytes.remove(0, end + 4);
    m_version = lines.first().startsWith("HTTP/1.0") ? Version::Old : Version::Persistent;
    m_status = lines.first().mid(9, 3).toInt();
    if (m_status < 100 || m_status > 999) {
        m_phase = Phase::Garbled;
        return false;
    }
    m_headers.clear();
    for (const QByteArray &text : lines.mid(1)) {
        const qsizetype colon = text.indexOf(':');
        if (colon > 0)
            m_headers.emplace_back(text.left(colon).toLower(), text.mid(colon + 1).trimmed());
    }
    if (m_status < 200)
        return true;
    beginBody();
    return false;
}

void AnswerParser::beginBody()
{
    m_phase = Phase::Body;
    const QByteArray length = header("content-length");
    bool number = true;
    if (m_status == 204 || m_status == 304) {
        m_length = Length::Known;
    } else if (header("transfer-encoding").toLower().endsWith("chunked")) {
        m_length = Length::Chunked;
    } else if (!length.isEmpty()) {
        m_length = Length::Known;
        m_left = length.toLongLong(&number);
    }
    if (!number || m_left < 0)
        m_phase = Phase::Garbled;
}

void AnswerParser::readKnown()
{
    const qsizetype count = qsizetype(std::min<qint64>(m_left, m_bytes.size()));
    m_body += m_bytes.left(count);
    m_bytes.remove(0, count);
    m_left -= count;
    if (m_left == 0)
        m_phase = Phase::Done;
}

// False: wait for more.
bool AnswerParser::readChunk()
{
    if (m_chunk == Chunk::Data) {
        const qsizetype count = qsizetype(std::min<qint64>(m_left, m_bytes.size()));
        m_body += m_bytes.left(count);
        m_bytes.remove(0, count);
        m_left -= count;
        if (m_left > 0)
            return false;
        m_chunk = Chunk::DataEnd;
    }
    const auto text = line();
    if (!text)
        return false;
    if (m_chunk == Chunk::DataEnd) {
        m_chunk = Chunk::Size;
    } else if (m_chunk == Chunk::Trailer) {
        if (text->isEmpty())
            m_phase = Phase::Done;
    } else {
        bool number = false;
        m_left = text->split(';').first().trimmed().toLongLong(&number, 16);
        if (!number || m_left < 0)
            m_phase = Phase::Garbled;
        m_chunk = m_left == 0 ? Chunk::Trailer : Chunk::Data;
    }
    return true;
}

} // namespace pilothouse

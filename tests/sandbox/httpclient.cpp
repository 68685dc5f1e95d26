#include "httpclient.h"

#include <QJsonDocument>
#include <QTest>

namespace pilothouse::sandbox {

QJsonObject HttpAnswer::json() const
{
    return QJsonDocument::fromJson(body).object();
}

void HttpReader::feed(const QByteArray &bytes)
{
    m_raw += bytes;
    if (!m_headRead)
        readHead();
    if (m_headRead)
        readBody();
}

void HttpReader::readHead()
{
    const qsizetype end = m_raw.indexOf("\r\n\r\n");
    if (end < 0)
        return;
    const QList<QByteArray> lines = m_raw.left(end).split('\n');
    m_raw.remove(0, end + 4);
    m_answer.status = lines.first().split(' ').value(1).toInt();
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        m_answer.headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    m_chunked = m_answer.headers.value("transfer-encoding") == "chunked";
    m_length = m_answer.headers.value("content-length", "0").toInt();
    m_headRead = true;
}

void HttpReader::readBody()
{
    if (!m_chunked) {
        m_answer.body += m_raw;
        m_raw.clear();
        m_answer.complete = m_answer.body.size() >= m_length || m_answer.status == 304;
        return;
    }
    for (;;) {
        const qsizetype line = m_raw.indexOf("\r\n");
        if (line < 0)
            return;
        const qsizetype size = m_raw.left(line).toInt(nullptr, 16);
        if (m_raw.size() < line + 2 + size + 2)
            return;
        m_answer.body += m_raw.mid(line + 2, size);
        m_raw.remove(0, line + 2 + size + 2);
        if (size == 0) {
            m_answer.complete = true;
            return;
        }
    }
}

QByteArray HttpClient::requestBytes(const QByteArray &method, const QString &path,
                                    const QByteArray &body, const HttpHeaders &more) const
{
    QByteArray out = method + ' ' + path.toUtf8() + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    for (const auto &[name, value] : headers + more)
        out += name + ": " + value + "\r\n";
    if (!body.isEmpty() || method != "GET")
        out += "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return out + "\r\n" + body;
}

HttpAnswer HttpClient::call(const QByteArray &method, const QString &path, const QByteArray &body,
                            const HttpHeaders &more) const
{
    QTcpSocket socket;
    HttpReader reader;
    socket.connectToHost(QStringLiteral("127.0.0.1"), m_port);
    socket.write(requestBytes(method, path, body, more));
    const bool ended = QTest::qWaitFor(
        [&] {
            reader.feed(socket.readAll());
            return reader.isDone()
                   || (socket.state() == QAbstractSocket::UnconnectedState
                       && socket.bytesAvailable() == 0);
        },
        5000);
    if (!ended)
        return {};
    return reader.answer();
}

HttpStream::HttpStream(const HttpClient &client, const QString &path)
{
    QObject::connect(&m_socket, &QTcpSocket::readyRead, &m_socket,
                     [this] { m_reader.feed(m_socket.readAll()); });
    m_socket.connectToHost(QStringLiteral("127.0.0.1"), client.m_port);
    m_socket.write(client.requestBytes("GET", path, {}, {}));
}

QList<QJsonObject> HttpStream::jsonLines() const
{
    QList<QJsonObject> out;
    for (const QByteArray &line : answer().body.split('\n'))
        if (const QJsonDocument document = QJsonDocument::fromJson(line); document.isObject())
            out.append(document.object());
    return out;
}

} // namespace pilothouse::sandbox

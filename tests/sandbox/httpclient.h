#pragma once

#include <QByteArray>
#include <QHash>
#include <QJsonObject>
#include <QList>
#include <QPair>
#include <QString>
#include <QTcpSocket>

namespace pilothouse::sandbox {

/// What came back for one request.
struct HttpAnswer
{
    int status = 0;                        ///< 0 = the connection broke before an answer
    QHash<QByteArray, QByteArray> headers; ///< names in lower case
    QByteArray body;                       ///< chunks joined
    bool complete = false;                 ///< the answer came to its proper end

    [[nodiscard]] QJsonObject json() const;
};

using HttpHeaders = QList<QPair<QByteArray, QByteArray>>;

/// Reads an HTTP/1.1 answer byte by byte, to see what a library would hide: chunks, cuts, ends.
class HttpReader
{
public:
    void feed(const QByteArray &bytes);
    [[nodiscard]] bool isDone() const { return m_answer.complete; }
    [[nodiscard]] const HttpAnswer &answer() const { return m_answer; }

private:
    void readHead();
    void readBody();

    QByteArray m_raw;
    HttpAnswer m_answer;
    bool m_headRead = false;
    bool m_chunked = false;
    qsizetype m_length = -1;
};

/// A request over a connection of its own, while the event loop runs (the server lives in it).
class HttpClient
{
public:
    explicit HttpClient(quint16 port) : m_port(port) {}

    HttpHeaders headers; ///< sent with every request

    /// Waits until the answer is there, the connection is closed, or five seconds have passed.
    HttpAnswer call(const QByteArray &method, const QString &path, const QByteArray &body = {},
                    const HttpHeaders &more = {}) const;
    HttpAnswer get(const QString &path, const HttpHeaders &more = {}) const
    {
        return call("GET", path, {}, more);
    }

private:
    friend class HttpStream;
    [[nodiscard]] QByteArray requestBytes(const QByteArray &method, const QString &path,
                                          const QByteArray &body, const HttpHeaders &more) const;

    quint16 m_port;
};

/// A GET whose answer does not end by itself.
class HttpStream
{
public:
    HttpStream(const HttpClient &client, const QString &path);

    /// What has come so far.
    [[nodiscard]] const HttpAnswer &answer() const { return m_reader.answer(); }
    /// Whole lines of the body so far, parsed.
    [[nodiscard]] QList<QJsonObject> jsonLines() const;
    [[nodiscard]] bool isClosed() const
    {
        return m_socket.state() == QAbstractSocket::UnconnectedState;
    }

private:
    QTcpSocket m_socket;
    HttpReader m_reader;
};

} // namespace pilothouse::sandbox

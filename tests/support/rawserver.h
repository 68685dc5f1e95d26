#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QSslConfiguration>
#include <QStringList>
#include <QUrl>

#include <chrono>
#include <memory>

class QTcpServer;
class QTcpSocket;

namespace pilothouse {

/// A server on 127.0.0.1 that plays back bytes exactly as a test wrote them, well-formed or not.
/// Answers are given in the order of the requests; the last one stays. Every answer ends its
/// connection.
class RawServer final : public QObject
{
    Q_OBJECT

public:
    struct Answer
    {
        enum class Then {
            Close,
            Silence, ///< the connection stays open, nothing more comes
            Repeat,  ///< `again` is sent without end, as fast as the client reads or at `pace`
        };

        QByteArray bytes;
        Then then = Then::Close;
        QByteArray again;
        std::chrono::milliseconds pace{0};
    };

    RawServer();
    /// With TLS.
    explicit RawServer(const QSslConfiguration &tls);
    ~RawServer() override;

    [[nodiscard]] QUrl url(const QString &path = QStringLiteral("/")) const;

    /// A whole HTTP/1.1 answer with its length.
    [[nodiscard]] static QByteArray http(const QByteArray &status, const QByteArray &body = {},
                                         const QByteArray &headers = {});
    void answer(const QByteArray &bytes) { answer(Answer{bytes, Answer::Then::Close, {}, {}}); }
    void answer(const Answer &answer) { m_answers.append(answer); }

    /// Each complete request, head and body, as it came.
    QList<QByteArray> received;
    /// With TLS: the name on the certificate that the client showed for each; empty = none.
    QStringList shown;
    /// Closes every connection that is open.
    void hangUp();
    /// Connections that are open now.
    [[nodiscard]] int open() const { return m_open; }
    /// Connections there have been.
    [[nodiscard]] int connections() const { return m_connections; }

private:
    void listen();
    void arrived(QTcpSocket *socket);
    void play(QTcpSocket *socket, const Answer &answer);

    std::unique_ptr<QTcpServer> m_server;
    QString m_scheme;
    QList<Answer> m_answers;
    int m_open = 0;
    int m_connections = 0;
};

} // namespace pilothouse

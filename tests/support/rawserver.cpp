#include "support/rawserver.h"

#include <QSslCertificate>
#include <QSslServer>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

namespace pilothouse {
namespace {

// The whole request, or empty while bytes are missing.
QByteArray completeRequest(const QByteArray &bytes)
{
    const qsizetype head = bytes.indexOf("\r\n\r\n");
    if (head < 0)
        return {};
    qsizetype length = 0;
    const QByteArray lower = bytes.left(head).toLower();
    if (const qsizetype at = lower.indexOf("content-length:"); at >= 0)
        length = lower.mid(at + 15, lower.indexOf("\r\n", at) - at - 15).trimmed().toLongLong();
    return bytes.size() >= head + 4 + length ? bytes.left(head + 4 + length) : QByteArray();
}

} // namespace

RawServer::RawServer() : m_server(std::make_unique<QTcpServer>()), m_scheme(QStringLiteral("http"))
{
    listen();
}

RawServer::RawServer(const QSslConfiguration &tls) : m_scheme(QStringLiteral("https"))
{
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(tls);
    m_server = std::move(server);
    listen();
}

RawServer::~RawServer() = default;

void RawServer::listen()
{
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection()) {
            ++m_open;
            ++m_connections;
            connect(socket, &QTcpSocket::disconnected, this, [this] { --m_open; });
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { arrived(socket); });
            arrived(socket);
        }
    });
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("the test server cannot listen");
}

void RawServer::hangUp()
{
    for (QTcpSocket *socket : m_server->findChildren<QTcpSocket *>())
        socket->disconnectFromHost();
}

QUrl RawServer::url(const QString &path) const
{
    return QUrl(
        QStringLiteral("%1://127.0.0.1:%2%3").arg(m_scheme).arg(m_server->serverPort()).arg(path));
}

QByteArray RawServer::http(const QByteArray &status, const QByteArray &body,
                           const QByteArray &headers)
{
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: "
           + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

void RawServer::arrived(QTcpSocket *socket)
{
    const QByteArray request = completeRequest(socket->peek(1 << 20));
    if (request.isEmpty())
        return;
    socket->skip(request.size());
    received.append(request);
    if (const auto *tls = qobject_cast<QSslSocket *>(socket))
        shown.append(tls->peerCertificate().subjectInfo(QSslCertificate::CommonName).value(0));
    if (m_answers.isEmpty())
        return socket->disconnectFromHost();
    play(socket, m_answers.size() > 1 ? m_answers.takeFirst() : m_answers.first());
}

void RawServer::play(QTcpSocket *socket, const Answer &answer)
{
    socket->write(answer.bytes);
    if (answer.then == Answer::Then::Close)
        socket->disconnectFromHost();
    if (answer.then != Answer::Then::Repeat)
        return;
    if (answer.pace.count() == 0) {
        connect(socket, &QTcpSocket::bytesWritten, socket,
                [socket, answer] { socket->write(answer.again); });
        return;
    }
    auto *timer = new QTimer(socket);
    connect(timer, &QTimer::timeout, socket, [socket, answer] { socket->write(answer.again); });
    timer->start(answer.pace);
}

} // namespace pilothouse

#include "connectors/git/refusingserver.h"

#include <QTcpSocket>

namespace pilothouse {

RefusingServer::RefusingServer(Manner manner) : m_manner(manner)
{
    m_server.listen(QHostAddress::LocalHost);
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            ++m_connections;
            if (m_manner == Manner::Refuses)
                serve(socket);
        }
    });
}

QString RefusingServer::url() const
{
    return QStringLiteral("http://127.0.0.1:%1/muster/context.git").arg(m_server.serverPort());
}

void RefusingServer::serve(QTcpSocket *socket)
{
    connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
        QByteArray pending = socket->property("pending").toByteArray() + socket->readAll();
        for (qsizetype end = pending.indexOf("\r\n\r\n"); end >= 0;
             end = pending.indexOf("\r\n\r\n")) {
            m_requests.append(pending.left(end));
            pending.remove(0, end + 4);
            socket->write("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"git\"\r\n"
                          "Content-Length: 0\r\n\r\n");
        }
        socket->setProperty("pending", pending);
    });
}

} // namespace pilothouse

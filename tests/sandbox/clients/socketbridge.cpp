#include "socketbridge.h"

#include <QHostAddress>
#include <QLocalSocket>
#include <QTcpSocket>

namespace pilothouse {

SocketBridge::SocketBridge(const QString &path, quint16 port) : m_port(port)
{
    QObject::connect(&m_server, &QLocalServer::newConnection, &m_server, [this] { take(); });
    m_server.listen(path);
}

void SocketBridge::take()
{
    while (QLocalSocket *client = m_server.nextPendingConnection()) {
        auto *server = new QTcpSocket(client);
        QObject::connect(client, &QLocalSocket::readyRead, server,
                         [client, server] { server->write(client->readAll()); });
        QObject::connect(server, &QTcpSocket::readyRead, client,
                         [client, server] { client->write(server->readAll()); });
        QObject::connect(server, &QTcpSocket::disconnected, client,
                         &QLocalSocket::disconnectFromServer);
        QObject::connect(server, &QTcpSocket::errorOccurred, client,
                         [client] { client->disconnectFromServer(); });
        QObject::connect(client, &QLocalSocket::disconnected, client, &QObject::deleteLater);
        server->connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
        server->write(client->readAll());
    }
}

} // namespace pilothouse

#include "app/console/instance.h"

#include <QDataStream>
#include <QLocalServer>
#include <QLocalSocket>

namespace pilothouse {
namespace {

constexpr int patienceMilliseconds = 1000;
constexpr char answer = 'y';

} // namespace

Instance::Instance(QString name, QObject *parent)
    : QObject(parent), m_name(std::move(name)), m_server(new QLocalServer(this))
{}

Instance::HandOver Instance::handOver(const QStringList &arguments)
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(patienceMilliseconds))
        return HandOver::Alone;
    QByteArray message;
    QDataStream stream(&message, QIODevice::WriteOnly);
    stream << arguments;
    socket.write(message);
    socket.flush();
    if (!socket.waitForReadyRead(patienceMilliseconds))
        return HandOver::Silent;
    return HandOver::Taken;
}

void Instance::listen()
{
    // A crashed console leaves its socket behind; nobody answers there any more.
    QLocalServer::removeServer(m_name);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    m_server->listen(m_name);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        QLocalSocket *socket = m_server->nextPendingConnection();
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            QDataStream stream(socket);
            stream.startTransaction();
            QStringList arguments;
            stream >> arguments;
            if (!stream.commitTransaction())
                return;
            socket->write(&answer, 1);
            socket->flush();
            Q_EMIT handedOver(arguments);
        });
    });
}

} // namespace pilothouse

// What a way to a database behind a wall is: listens at a port of 127.0.0.1, writes its process id
// to a file, and hands on to another port.
//   test-passage PORT TARGET-PORT PID-FILE

#include <QCoreApplication>
#include <QFile>
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

#include <cstdio>

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    QTcpServer server;
    if (!server.listen(QHostAddress::LocalHost, words.value(1).toUShort())) {
        std::fprintf(stderr, "unable to listen on port %s\n", qPrintable(words.value(1)));
        return 1;
    }
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&] {
        QTcpSocket *client = server.nextPendingConnection();
        auto *target = new QTcpSocket(client);
        target->connectToHost(QHostAddress::LocalHost, words.value(2).toUShort());
        const auto pass = [](QTcpSocket *from, QTcpSocket *to) {
            QObject::connect(from, &QTcpSocket::readyRead, to,
                             [from, to] { to->write(from->readAll()); });
            QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
        };
        pass(client, target);
        pass(target, client);
        QObject::connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
    });
    QFile file(words.value(3));
    if (!file.open(QIODevice::WriteOnly))
        return 1;
    file.write(QByteArray::number(QCoreApplication::applicationPid()));
    file.close();
    std::printf("forwarding from 127.0.0.1:%s\n", qPrintable(words.value(1)));
    std::fflush(stdout);
    return QCoreApplication::exec();
}

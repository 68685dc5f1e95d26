#pragma once

#include <QLocalServer>
#include <QString>

namespace pilothouse {

/// Hands every byte that comes to a socket file on to a port of 127.0.0.1, and the answers back.
class SocketBridge final
{
public:
    /// `path` is where the file is made.
    SocketBridge(const QString &path, quint16 port);

    [[nodiscard]] bool isOpen() const { return m_server.isListening(); }
    [[nodiscard]] QString path() const { return m_server.fullServerName(); }

private:
    void take();

    QLocalServer m_server;
    quint16 m_port;
};

} // namespace pilothouse

#pragma once

#include <QList>
#include <QObject>
#include <QTcpServer>

namespace pilothouse {

/// An HTTP host on loopback that either refuses every request with 401 or accepts connections and
/// never says a word. Keeps what was asked.
class RefusingServer final : public QObject
{
    Q_OBJECT

public:
    enum class Manner { Refuses, SaysNothing };

    explicit RefusingServer(Manner manner);

    [[nodiscard]] QString url() const;
    [[nodiscard]] const QList<QByteArray> &requests() const { return m_requests; }
    [[nodiscard]] int connections() const { return m_connections; }

private:
    void serve(QTcpSocket *socket);

    Manner m_manner;
    QTcpServer m_server;
    QList<QByteArray> m_requests;
    int m_connections = 0;
};

} // namespace pilothouse

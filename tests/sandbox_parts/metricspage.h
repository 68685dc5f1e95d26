#pragma once

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>

namespace pilothouse::sandbox {

/// A page of counters that grow with the clock: 120 requests a second, `failing` of them.
class MetricsPage : public QObject
{
public:
    MetricsPage()
    {
        m_time.start();
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            while (QTcpSocket *socket = m_server.nextPendingConnection()) {
                connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                connect(socket, &QTcpSocket::readyRead, socket, [this, socket] {
                    if (!socket->readAll().contains("\r\n\r\n"))
                        return;
                    const QByteArray body = page();
                    socket->write("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
                                  "Content-Length: "
                                  + QByteArray::number(body.size()) + "\r\n\r\n" + body);
                });
            }
        });
    }

    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }

    double failing = 0.002;
    int restarts = 0; ///< of the candidate's pod

private:
    QByteArray page()
    {
        const double requests = 120 * double(m_time.restart()) / 1000;
        m_bad += requests * failing;
        m_good += requests * (1 - failing);
        const QByteArray labels = "{track=\"standalone\",version=\"candidate\",code=\"";
        return "# TYPE http_requests_total counter\nhttp_requests_total" + labels + "200\"} "
               + QByteArray::number(m_good, 'f', 3) + "\nhttp_requests_total" + labels + "503\"} "
               + QByteArray::number(m_bad, 'f', 3)
               + "\n# TYPE kube_pod_container_status_restarts_total counter\n"
                 "kube_pod_container_status_restarts_total{pod=\"context-b\",track=\"standalone\","
                 "version=\"candidate\"} "
               + QByteArray::number(restarts) + '\n';
    }

    QTcpServer m_server;
    QElapsedTimer m_time;
    double m_good = 500'000;
    double m_bad = 1'000;
};

} // namespace pilothouse::sandbox

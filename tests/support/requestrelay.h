#pragma once

#include <QByteArray>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QSslConfiguration>
#include <QUrl>

#include <functional>
#include <memory>

class QTcpServer;
class QTcpSocket;

namespace pilothouse {

/// A plain HTTP/1.1 server on 127.0.0.1 that hands every request on to another server and its
/// answer back, byte for byte. A test may stop it at any request, or cut all connections.
class RequestRelay final : public QObject
{
    Q_OBJECT

public:
    enum class Moment {
        Arrived,  ///< the request is whole; the server has not seen it
        Done,     ///< the server has begun to answer; the client has not seen it
        Answered, ///< the client has been given the beginning of the answer
    };
    enum class Verdict {
        GoOn,
        Stop, ///< nothing goes either way on this connection any more; it stays open
    };
    struct Request
    {
        int number = 0; ///< 1 for the first
        QByteArray method;
        QByteArray target; ///< path and query
        QByteArray body;
    };
    using Judge = std::function<Verdict(const Request &request, Moment moment)>;

    /// `tls` counts if the upstream is https.
    explicit RequestRelay(QUrl upstream, QSslConfiguration tls = {});
    ~RequestRelay() override;

    [[nodiscard]] QUrl url() const;
    /// Asked at every moment of every request, in the test's thread.
    void setJudge(Judge judge) { m_judge = std::move(judge); }
    /// Numbers begin at 1 again.
    void restart() { m_number = 0; }

    /// Every connection breaks, and no new one is taken.
    void cut();
    void mend();

private:
    struct Leg;

    void take();
    void arrived(const std::shared_ptr<Leg> &leg);
    void answered(const std::shared_ptr<Leg> &leg);
    [[nodiscard]] bool goesOn(const std::shared_ptr<Leg> &leg, Moment moment);

    QUrl m_upstream;
    QSslConfiguration m_tls;
    std::unique_ptr<QTcpServer> m_server;
    QList<std::shared_ptr<Leg>> m_legs;
    Judge m_judge = [](const Request &, Moment) {
        return Verdict::GoOn;
    };
    quint16 m_port = 0;
    int m_number = 0;
};

} // namespace pilothouse

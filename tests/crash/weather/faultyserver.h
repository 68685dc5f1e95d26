#pragma once

#include "crash/weather/fault.h"

#include <QObject>
#include <QSslConfiguration>
#include <QUrl>

#include <chrono>
#include <memory>
#include <optional>

class QTcpServer;
class QTcpSocket;

namespace pilothouse {

/// What goes wrong, and where: at one call by its name, or at the n-th connection.
struct Disturbance
{
    std::optional<Fault> fault; ///< nothing = all goes well
    QString call;               ///< as FaultyServer names it

    /// Shows a certificate that nobody vouches for; 0 = none does. With TLS alone.
    int untrustedConnection = 0;

    /// For whoever reads of a failure.
    [[nodiscard]] QString words() const;
};

/// A server on 127.0.0.1 that hands every request on to another one and its answer back, names each
/// call, and disturbs one of them. Lives in the thread that made it.
class FaultyServer final : public QObject
{
    Q_OBJECT

public:
    enum class Speaks { Http, Tls };

    /// `patience` is the client's: a server that stands still does so for a little longer.
    FaultyServer(const QUrl &upstream, Speaks speaks, Disturbance disturbance,
                 std::chrono::milliseconds patience);
    ~FaultyServer() override;

    /// Of the name that the trusted certificate is for.
    [[nodiscard]] static QByteArray authority();
    [[nodiscard]] static QString serverName() { return QStringLiteral("pilot.test"); }
    [[nodiscard]] QUrl url() const;

    /// "PATCH httproutes/app try #2": method, the end of the path, what kind of request, and the
    /// how manieth of its name.
    [[nodiscard]] const QStringList &calls() const { return m_calls; }
    /// The head of each, as it came.
    [[nodiscard]] const QList<QByteArray> &heads() const { return m_heads; }
    [[nodiscard]] int connections() const { return m_connections; }
    /// It was disturbed.
    [[nodiscard]] bool hasStruck() const { return m_struck; }
    /// It does what it is asked: nothing goes wrong any more.
    [[nodiscard]] bool isWell() const { return m_standing == Standing::Goes; }

private:
    struct Leg;

    void take(QTcpSocket *client);
    void arrived(const std::shared_ptr<Leg> &leg);
    void answered(const std::shared_ptr<Leg> &leg);
    void ended(const std::shared_ptr<Leg> &leg);
    [[nodiscard]] QString nameOf(const QByteArray &method, const QByteArray &target);
    /// The call that was just named is the one to be disturbed.
    [[nodiscard]] bool isMeant(const QString &name) const;
    void play(const std::shared_ptr<Leg> &leg);
    void standStill();

    QUrl m_upstream;
    Speaks m_speaks;
    Disturbance m_disturbance;
    std::chrono::milliseconds m_patience;
    std::unique_ptr<QTcpServer> m_server;
    QList<std::shared_ptr<Leg>> m_legs;
    QStringList m_calls;
    QList<QByteArray> m_heads;
    int m_connections = 0;
    bool m_struck = false;
    enum class Standing { Goes, Still } m_standing = Standing::Goes;
};

} // namespace pilothouse

#pragma once

#include "crash/weather/database/databasefault.h"

#include <QObject>
#include <QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

class QTcpServer;
class QTcpSocket;

namespace pilothouse {

/// What goes wrong, and at which call.
struct DatabaseDisturbance
{
    std::optional<DatabaseFault> fault; ///< nothing = all goes well
    QString call;                       ///< as DatabaseRelay names it

    /// For whoever reads of a failure.
    [[nodiscard]] QString words() const;
};

/// A port on 127.0.0.1 that hands on what a PostgreSQL and its clients say, names each call, and
/// disturbs one of them. Lives in the thread that made it.
class DatabaseRelay final : public QObject
{
    Q_OBJECT

public:
    /// What the server itself does when the moment has come: given the fault and the backend.
    using AtServer = std::function<void(DatabaseFault::Kind, int pid)>;

    /// `patience` is the client's.
    DatabaseRelay(int serverPort, DatabaseDisturbance disturbance,
                  std::chrono::milliseconds patience, AtServer atServer);
    ~DatabaseRelay() override;

    [[nodiscard]] int port() const { return m_port; }
    /// "worker COMMIT #2", "watcher connects #1": the role, the beginning of the statement, and the
    /// how manieth of its name.
    [[nodiscard]] const QStringList &calls() const { return m_calls; }
    /// It was disturbed.
    [[nodiscard]] bool hasStruck() const { return m_struck; }
    /// Nothing stands still any more.
    [[nodiscard]] bool isWell() const;

private:
    struct Leg;
    using LegPtr = std::shared_ptr<Leg>;

    void take(QTcpSocket *client);
    void arrived(const LegPtr &leg);
    void answered(const LegPtr &leg);
    void ended(const LegPtr &leg);
    /// The next whole message of the client; empty = not here yet.
    [[nodiscard]] static QByteArray nextMessage(Leg &leg);
    void forward(const LegPtr &leg, const QByteArray &message);
    [[nodiscard]] QString nameOf(const QString &what);
    void strike(const LegPtr &leg, const QByteArray &message);
    void play(const LegPtr &leg);
    void standStill();
    void refuseAll();

    int m_serverPort;
    DatabaseDisturbance m_disturbance;
    std::chrono::milliseconds m_patience;
    AtServer m_atServer;
    std::unique_ptr<QTcpServer> m_server;
    quint16 m_port = 0;
    QList<LegPtr> m_legs;
    QStringList m_calls;
    QList<int> m_stopped; ///< backends
    bool m_still = false; ///< who connects now is not heard
    bool m_struck = false;
};

} // namespace pilothouse

#include "crash/weather/database/databaserelay.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>
#include <QtEndian>

#include <csignal>

namespace pilothouse {
namespace {

using Kind = DatabaseFault::Kind;

constexpr qsizetype nameLength = 44;
constexpr quint32 protocol = 196608;

quint32 numberAt(const QByteArray &bytes, qsizetype at)
{
    return qFromBigEndian<quint32>(bytes.constData() + at);
}

QByteArray query(const QByteArray &sql)
{
    QByteArray message("Q    ");
    message += sql + '\0';
    qToBigEndian(quint32(message.size() - 1), message.data() + 1);
    return message;
}

/// Where the server's refusal begins.
qsizetype refusalIn(const QByteArray &answer)
{
    qsizetype at = 0;
    while (at + 5 <= answer.size() && answer[at] != 'E')
        at += 1 + qsizetype(numberAt(answer, at + 1));
    return at;
}

/// "worker": what a client of ours calls itself.
QString roleIn(const QByteArray &startup)
{
    const QByteArrayList words = startup.mid(8).split('\0');
    const qsizetype at = words.indexOf("application_name");
    return QString::fromUtf8(words.value(at + 1)).section(QLatin1Char('/'), -1);
}

} // namespace

struct DatabaseRelay::Leg
{
    std::unique_ptr<QTcpSocket> client;
    std::unique_ptr<QTcpSocket> server;
    QByteArray said;    ///< by the client, not handed on yet
    QByteArray answer;  ///< of the server to the call under way
    qsizetype read = 0; ///< of the answer: whole messages that were looked at
    QString role;
    int pid = 0;
    enum class Phase {
        Plain,  ///< an answer goes on as it comes
        Struck, ///< the answer is kept until it is whole: it goes wrong
        Over,   ///< nothing of the server goes on
    } phase
        = Phase::Plain;
};

QString DatabaseDisturbance::words() const
{
    return fault ? QStringLiteral("%1 at %2").arg(fault->name, call) : QStringLiteral("nothing");
}

DatabaseRelay::DatabaseRelay(int serverPort, DatabaseDisturbance disturbance,
                             std::chrono::milliseconds patience, AtServer atServer)
    : m_serverPort(serverPort), m_disturbance(std::move(disturbance)), m_patience(patience),
      m_atServer(std::move(atServer)), m_server(std::make_unique<QTcpServer>())
{
    connect(m_server.get(), &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *client = m_server->nextPendingConnection())
            take(client);
    });
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("the relay cannot listen: %s", qPrintable(m_server->errorString()));
    m_port = m_server->serverPort();
}

DatabaseRelay::~DatabaseRelay()
{
    for (const int pid : std::as_const(m_stopped))
        ::kill(pid, SIGCONT);
    for (const LegPtr &leg : std::as_const(m_legs)) {
        leg->client->disconnect();
        leg->server->disconnect();
    }
}

bool DatabaseRelay::isWell() const
{
    return m_stopped.isEmpty() && !m_still && m_server->isListening();
}

void DatabaseRelay::take(QTcpSocket *client)
{
    const auto leg = std::make_shared<Leg>();
    client->setParent(nullptr);
    leg->client.reset(client);
    leg->server = std::make_unique<QTcpSocket>();
    leg->server->connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(m_serverPort));
    m_legs.append(leg);
    const std::weak_ptr<Leg> weak = leg;
    const auto with = [this, weak](void (DatabaseRelay::*act)(const LegPtr &)) {
        return [this, weak, act] {
            if (const LegPtr alive = weak.lock())
                (this->*act)(alive);
        };
    };
    connect(client, &QTcpSocket::readyRead, this, with(&DatabaseRelay::arrived));
    connect(client, &QTcpSocket::disconnected, this, with(&DatabaseRelay::ended));
    connect(leg->server.get(), &QTcpSocket::readyRead, this, with(&DatabaseRelay::answered));
    connect(leg->server.get(), &QTcpSocket::disconnected, this, with(&DatabaseRelay::ended));
    arrived(leg);
}

void DatabaseRelay::ended(const LegPtr &leg)
{
    answered(leg);
    if (leg->phase == Leg::Phase::Struck)
        play(leg); // the server has no more to say
    const bool serverEnded = leg->server->state() == QTcpSocket::UnconnectedState;
    const bool silent
        = leg->phase == Leg::Phase::Over && m_disturbance.fault->kind == Kind::Silence;
    if (serverEnded && silent && leg->client->state() != QTcpSocket::UnconnectedState)
        return;
    leg->client->disconnectFromHost();
    leg->server->disconnectFromHost();
    QTimer::singleShot(0, this, [this, leg] { m_legs.removeOne(leg); });
}

QByteArray DatabaseRelay::nextMessage(Leg &leg)
{
    const qsizetype head = leg.role.isEmpty() ? 0 : 1;
    if (leg.said.size() < head + 4)
        return {};
    const qsizetype length = head + qsizetype(numberAt(leg.said, head));
    if (leg.said.size() < length)
        return {};
    const QByteArray message = leg.said.left(length);
    leg.said.remove(0, length);
    return message;
}

void DatabaseRelay::arrived(const LegPtr &leg)
{
    if (m_still)
        return;
    leg->said += leg->client->readAll();
    while (leg->phase == Leg::Phase::Plain && !m_still) {
        const QByteArray message = nextMessage(*leg);
        if (message.isEmpty())
            return;
        forward(leg, message);
    }
}

void DatabaseRelay::forward(const LegPtr &leg, const QByteArray &message)
{
    QString name;
    if (leg->role.isEmpty()) {
        if (numberAt(message, 4) != protocol) {
            leg->client->write("N"); // no TLS, no GSSAPI
            return;
        }
        leg->role = roleIn(message);
        name = nameOf(leg->role + QStringLiteral(" connects"));
    } else if (message.startsWith('Q')) {
        const QString sql = QString::fromUtf8(message.mid(5).chopped(1)).simplified();
        name = nameOf(leg->role + QLatin1Char(' ') + sql.left(nameLength));
    }
    leg->answer.clear();
    leg->read = 0;
    if (!name.isEmpty() && m_disturbance.fault && !m_struck && name == m_disturbance.call)
        strike(leg, message);
    else
        leg->server->write(message);
}

QString DatabaseRelay::nameOf(const QString &what)
{
    const QString numbered = what + QStringLiteral(" #");
    const auto before = std::count_if(m_calls.cbegin(), m_calls.cend(), [&](const QString &call) {
        return call.startsWith(numbered);
    });
    m_calls.append(numbered + QString::number(before + 1));
    return m_calls.last();
}

void DatabaseRelay::strike(const LegPtr &leg, const QByteArray &message)
{
    m_struck = true;
    const DatabaseFault &fault = *m_disturbance.fault;
    switch (fault.kind) {
    case Kind::Refuse:
        refuseAll();
        leg->phase = Leg::Phase::Struck;
        play(leg);
        return;
    case Kind::Close:
    case Kind::Silence:
    case Kind::Half:
    case Kind::Garbage:
    case Kind::Late:
        leg->phase = Leg::Phase::Struck;
        if (fault.server == DatabaseFault::Server::DidIt)
            leg->server->write(message);
        else
            play(leg);
        return;
    case Kind::TimeLimit:
        leg->phase = Leg::Phase::Struck;
        leg->server->write(query("SET LOCAL statement_timeout = '5ms'; SELECT pg_sleep(5); "
                                 + message.mid(5).chopped(1)));
        return;
    case Kind::Standstill:
        standStill();
        leg->server->write(message);
        return;
    case Kind::Terminated:
    case Kind::Password:
    case Kind::Gone:
    case Kind::ReadOnly:
        m_atServer(fault.kind, leg->pid);
        leg->server->write(message);
        return;
    }
}

void DatabaseRelay::answered(const LegPtr &leg)
{
    const QByteArray fresh = leg->server->readAll();
    leg->answer += fresh;
    bool whole = false;
    while (leg->answer.size() >= leg->read + 5) {
        const qsizetype length = 1 + qsizetype(numberAt(leg->answer, leg->read + 1));
        if (leg->answer.size() < leg->read + length)
            break;
        const char type = leg->answer[leg->read];
        if (type == 'K')
            leg->pid = int(numberAt(leg->answer, leg->read + 5));
        whole = whole || type == 'Z';
        leg->read += length;
    }
    if (leg->phase == Leg::Phase::Plain)
        leg->client->write(fresh);
    else if (leg->phase == Leg::Phase::Struck && whole)
        play(leg);
}

void DatabaseRelay::play(const LegPtr &leg)
{
    leg->phase = Leg::Phase::Over;
    switch (m_disturbance.fault->kind) {
    case Kind::Half:
        leg->client->write(leg->answer.left(leg->answer.size() / 2));
        leg->client->disconnectFromHost();
        return;
    case Kind::Garbage:
        leg->client->write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        leg->client->disconnectFromHost();
        return;
    case Kind::Late:
        QTimer::singleShot(m_patience / 2, this, [this, leg] {
            leg->phase = Leg::Phase::Plain;
            leg->client->write(leg->answer);
            arrived(leg);
        });
        return;
    case Kind::TimeLimit:
        // Its refusal alone: nobody asked for what stands before it.
        leg->phase = Leg::Phase::Plain;
        leg->client->write(leg->answer.mid(refusalIn(leg->answer)));
        arrived(leg);
        return;
    case Kind::Silence:
        return;
    default:
        leg->client->disconnectFromHost();
        return;
    }
}

void DatabaseRelay::refuseAll()
{
    m_server->close();
    QTimer::singleShot(m_patience, this, [this] {
        if (!m_server->listen(QHostAddress::LocalHost, m_port))
            qFatal("the relay cannot listen again: %s", qPrintable(m_server->errorString()));
    });
}

/// The backends get no time, and who connects is not heard, for longer than the patience.
void DatabaseRelay::standStill()
{
    m_still = true;
    for (const LegPtr &leg : std::as_const(m_legs)) {
        if (leg->pid > 0 && ::kill(leg->pid, SIGSTOP) == 0)
            m_stopped.append(leg->pid);
    }
    QTimer::singleShot(m_patience * 2, this, [this] {
        m_still = false;
        for (const int pid : std::exchange(m_stopped, {}))
            ::kill(pid, SIGCONT);
        const QList<LegPtr> waiting = m_legs;
        for (const LegPtr &leg : waiting)
            arrived(leg);
    });
}

} // namespace pilothouse

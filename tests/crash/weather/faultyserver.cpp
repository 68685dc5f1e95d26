#include "crash/weather/faultyserver.h"

#include "connectors/http/testcertificate.h"

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QTimer>
#include <QUrlQuery>

namespace pilothouse {
namespace {

const QByteArray endOfHead("\r\n\r\n");
constexpr int lingering = 200; // ms

qsizetype announcedLength(const QByteArray &head)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).trimmed().toLower() == "content-length")
            return line.mid(colon + 1).trimmed().toLongLong();
    }
    return 0;
}

QSslConfiguration identity(const char *certificate, const char *key)
{
    QSslConfiguration tls;
    tls.setLocalCertificate(QSslCertificate(QByteArray(certificate)));
    tls.setPrivateKey(QSslKey(QByteArray(key), QSsl::Ec));
    return tls;
}

/// Hands over sockets as they come, so that each may show a certificate of its own.
class Listener final : public QTcpServer
{
public:
    std::function<void(qintptr)> taken;

protected:
    void incomingConnection(qintptr handle) override { taken(handle); }
};

} // namespace

struct FaultyServer::Leg
{
    std::unique_ptr<QTcpSocket> client;
    std::unique_ptr<QTcpSocket> server;
    QByteArray buffer; ///< of the client, not a whole request yet
    QByteArray answer; ///< of the server, not handed on yet
    QByteArray held;   ///< a request that a server at a standstill has not read
    enum class Phase {
        Plain,   ///< bytes go both ways
        Struck,  ///< the next answer is the one that goes wrong
        Late,    ///< bytes wait
        Playing, ///< the fault is being played; nothing of the server goes on
        Over,
    } phase
        = Phase::Plain;
};

QString Disturbance::words() const
{
    if (untrustedConnection > 0)
        return QStringLiteral("wrong certificate at connection %1").arg(untrustedConnection);
    return fault ? QStringLiteral("%1 at %2").arg(fault->name, call) : QStringLiteral("nothing");
}

FaultyServer::FaultyServer(const QUrl &upstream, Speaks speaks, Disturbance disturbance,
                           std::chrono::milliseconds patience)
    : m_upstream(upstream), m_speaks(speaks), m_disturbance(std::move(disturbance)),
      m_patience(patience)
{
    auto server = std::make_unique<Listener>();
    server->taken = [this](qintptr handle) {
        auto *client = m_speaks == Speaks::Tls ? new QSslSocket : new QTcpSocket;
        client->setSocketDescriptor(handle);
        take(client);
    };
    m_server = std::move(server);
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("the faulty server cannot listen: %s", qPrintable(m_server->errorString()));
}

FaultyServer::~FaultyServer()
{
    for (const auto &leg : std::as_const(m_legs)) {
        for (QTcpSocket *socket : {leg->client.get(), leg->server.get()})
            socket->disconnect();
    }
}

QByteArray FaultyServer::authority()
{
    return testCertificate;
}

QUrl FaultyServer::url() const
{
    return QUrl(QStringLiteral("%1://127.0.0.1:%2")
                    .arg(m_speaks == Speaks::Tls ? QStringLiteral("https") : QStringLiteral("http"))
                    .arg(m_server->serverPort()));
}

void FaultyServer::take(QTcpSocket *client)
{
    ++m_connections;
    auto leg = std::make_shared<Leg>();
    leg->client.reset(client);
    leg->server = std::make_unique<QTcpSocket>();
    leg->server->connectToHost(m_upstream.host(), quint16(m_upstream.port()));
    m_legs.append(leg);
    const std::weak_ptr<Leg> weak = leg;
    const auto with = [weak](auto &&act) {
        if (const auto alive = weak.lock())
            act(alive);
    };
    connect(leg->client.get(), &QTcpSocket::readyRead, this,
            [this, with] { with([this](const auto &alive) { arrived(alive); }); });
    connect(leg->server.get(), &QTcpSocket::readyRead, this,
            [this, with] { with([this](const auto &alive) { answered(alive); }); });
    const auto over = [this, with] {
        with([this](const auto &alive) { ended(alive); });
    };
    connect(leg->client.get(), &QTcpSocket::disconnected, this, over);
    connect(leg->server.get(), &QTcpSocket::disconnected, this, over);
    if (m_speaks == Speaks::Tls) {
        const bool untrusted = m_connections == m_disturbance.untrustedConnection;
        m_struck = m_struck || untrusted;
        auto *secure = static_cast<QSslSocket *>(client);
        secure->setSslConfiguration(untrusted ? identity(secondCertificate, secondKey)
                                              : identity(testCertificate, testKey));
        secure->startServerEncryption();
    }
}

void FaultyServer::ended(const std::shared_ptr<Leg> &leg)
{
    if (leg->phase == Leg::Phase::Over || m_standing == Standing::Still)
        return;
    const bool byClient = leg->client->state() == QTcpSocket::UnconnectedState;
    // What the server still has to say, or is still made to say, comes first.
    if (!byClient && leg->phase != Leg::Phase::Plain)
        return;
    answered(leg);
    leg->phase = Leg::Phase::Over;
    leg->client->disconnectFromHost();
    // A request that a server was sent is carried out, whether its client waits or not.
    QTimer::singleShot(lingering, this, [this, leg] { m_legs.removeOne(leg); });
}

QString FaultyServer::nameOf(const QByteArray &method, const QByteArray &target)
{
    const QUrl url = QUrl::fromEncoded(target);
    const QString path = url.path();
    QString name = QString::fromLatin1(method) + QLatin1Char(' ')
                   + path.section(QLatin1Char('/'), -2).section(QLatin1Char('?'), 0, 0);
    const QUrlQuery query(url);
    for (const char *kind : {"watch", "dryRun", "validateOnly"}) {
        if (query.hasQueryItem(QLatin1String(kind)))
            name += QLatin1Char(' ') + QLatin1String(kind);
    }
    const QString numbered = name + QStringLiteral(" #");
    const auto before = std::count_if(m_calls.cbegin(), m_calls.cend(), [&](const QString &call) {
        return call.startsWith(numbered);
    });
    return numbered + QString::number(before + 1);
}

bool FaultyServer::isMeant(const QString &name) const
{
    return m_disturbance.fault && !m_struck && name == m_disturbance.call;
}

void FaultyServer::arrived(const std::shared_ptr<Leg> &leg)
{
    leg->buffer += leg->client->readAll();
    while (m_standing == Standing::Goes
           && (leg->phase == Leg::Phase::Plain || leg->phase == Leg::Phase::Late)) {
        const qsizetype head = leg->buffer.indexOf(endOfHead);
        if (head < 0)
            return;
        const qsizetype length = head + endOfHead.size() + announcedLength(leg->buffer.left(head));
        if (leg->buffer.size() < length)
            return;
        const QByteArray whole = leg->buffer.left(length);
        const QList<QByteArray> words = whole.left(whole.indexOf('\r')).split(' ');
        const QString name = nameOf(words.value(0), words.value(1));
        m_calls.append(name);
        m_heads.append(whole.left(head));
        leg->buffer.remove(0, length);
        if (isMeant(name)) {
            m_struck = true;
            const Fault &fault = *m_disturbance.fault;
            if (fault.kind == Fault::Kind::Stopped) {
                leg->held = whole;
                return standStill();
            }
            if (fault.kind != Fault::Kind::Late && fault.server == Fault::Server::NeverSawIt)
                return play(leg);
            leg->phase = Leg::Phase::Struck;
        }
        leg->server->write(whole);
    }
}

void FaultyServer::answered(const std::shared_ptr<Leg> &leg)
{
    leg->answer += leg->server->readAll();
    if (leg->answer.isEmpty() || m_standing == Standing::Still)
        return;
    switch (leg->phase) {
    case Leg::Phase::Plain:
        leg->client->write(std::exchange(leg->answer, {}));
        return;
    case Leg::Phase::Struck:
        if (m_disturbance.fault->kind != Fault::Kind::Late)
            return play(leg);
        leg->phase = Leg::Phase::Late;
        QTimer::singleShot(m_patience / 2, this, [this, leg] {
            leg->phase = Leg::Phase::Plain;
            answered(leg);
            if (leg->server->state() == QTcpSocket::UnconnectedState)
                ended(leg);
        });
        return;
    case Leg::Phase::Late:
    case Leg::Phase::Playing:
    case Leg::Phase::Over:
        return;
    }
}

void FaultyServer::play(const std::shared_ptr<Leg> &leg)
{
    leg->phase = Leg::Phase::Playing;
    const Fault &fault = *m_disturbance.fault;
    QTcpSocket *client = leg->client.get();
    switch (fault.kind) {
    case Fault::Kind::Answer:
        client->write(fault.bytes);
        client->disconnectFromHost();
        return;
    case Fault::Kind::Half:
        client->write(leg->answer.left(leg->answer.size() / 2));
        client->disconnectFromHost();
        return;
    case Fault::Kind::Endless:
        client->write(fault.bytes);
        connect(client, &QTcpSocket::bytesWritten, client,
                [client] { client->write(QByteArray(16 << 10, 'x')); });
        return;
    case Fault::Kind::Trickle: {
        client->write(fault.bytes);
        auto *timer = new QTimer(client);
        connect(timer, &QTimer::timeout, client, [client] { client->write("x"); });
        timer->start(m_patience / 4);
        return;
    }
    case Fault::Kind::Silence:
    case Fault::Kind::Late:
    case Fault::Kind::Stopped:
        return;
    }
}

/// Nothing is read and nothing said on any connection. What clients sent meanwhile stays in their
/// sockets, also of those that have gone.
void FaultyServer::standStill()
{
    m_standing = Standing::Still;
    QTimer::singleShot(m_patience * 3 / 2, this, [this] {
        m_standing = Standing::Goes;
        const auto waiting = m_legs;
        for (const auto &leg : waiting) {
            leg->server->write(std::exchange(leg->held, {}));
            arrived(leg);
            answered(leg);
            if (leg->client->state() == QTcpSocket::UnconnectedState)
                ended(leg);
        }
    });
}

} // namespace pilothouse

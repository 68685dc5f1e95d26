#include "support/requestrelay.h"

#include <QHostAddress>
#include <QSslSocket>
#include <QTcpServer>
#include <QTcpSocket>

namespace pilothouse {
namespace {

const QByteArray endOfHead("\r\n\r\n");

qsizetype announcedLength(const QByteArray &head)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).trimmed().toLower() == "content-length")
            return line.mid(colon + 1).trimmed().toLongLong();
    }
    return 0;
}

} // namespace

struct RequestRelay::Leg
{
    std::unique_ptr<QTcpSocket> client;
    std::unique_ptr<QTcpSocket> server;
    QByteArray buffer; ///< of the client, not a whole request yet
    Request request;
    bool waiting = false; ///< for the beginning of the answer
    bool stopped = false;

    void close()
    {
        for (QTcpSocket *socket : {client.get(), server.get()}) {
            socket->disconnect();
            socket->abort();
        }
    }
};

RequestRelay::RequestRelay(QUrl upstream, QSslConfiguration tls)
    : m_upstream(std::move(upstream)), m_tls(std::move(tls)),
      m_server(std::make_unique<QTcpServer>())
{
    connect(m_server.get(), &QTcpServer::newConnection, this, &RequestRelay::take);
    mend();
}

RequestRelay::~RequestRelay()
{
    cut();
}

QUrl RequestRelay::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1").arg(m_port));
}

void RequestRelay::cut()
{
    m_server->close();
    for (const auto &leg : std::as_const(m_legs))
        leg->close();
    m_legs.clear();
}

void RequestRelay::mend()
{
    if (!m_server->listen(QHostAddress::LocalHost, m_port))
        qFatal("the relay cannot listen: %s", qPrintable(m_server->errorString()));
    m_port = m_server->serverPort();
}

void RequestRelay::take()
{
    while (QTcpSocket *client = m_server->nextPendingConnection()) {
        auto leg = std::make_shared<Leg>();
        client->setParent(nullptr);
        leg->client.reset(client);
        const quint16 port = quint16(m_upstream.port());
        if (m_upstream.scheme() == QLatin1String("https")) {
            auto secure = std::make_unique<QSslSocket>();
            secure->setSslConfiguration(m_tls);
            secure->connectToHostEncrypted(m_upstream.host(), port);
            leg->server = std::move(secure);
        } else {
            leg->server = std::make_unique<QTcpSocket>();
            leg->server->connectToHost(m_upstream.host(), port);
        }
        m_legs.append(leg);
        const std::weak_ptr<Leg> weak = leg;
        connect(client, &QTcpSocket::readyRead, this, [this, weak] {
            if (const auto alive = weak.lock())
                arrived(alive);
        });
        connect(leg->server.get(), &QTcpSocket::readyRead, this, [this, weak] {
            if (const auto alive = weak.lock())
                answered(alive);
        });
        const auto ended = [this, weak] {
            const auto alive = weak.lock();
            if (!alive
                || (alive->stopped && alive->client->state() != QTcpSocket::UnconnectedState))
                return;
            answered(alive); // what came with the end
            alive->client->disconnectFromHost();
            alive->server->disconnect();
            // Not now: one of the two is speaking.
            QMetaObject::invokeMethod(
                this, [this, alive] { m_legs.removeOne(alive); }, Qt::QueuedConnection);
        };
        connect(client, &QTcpSocket::disconnected, this, ended);
        connect(leg->server.get(), &QTcpSocket::disconnected, this, ended);
        arrived(leg);
    }
}

bool RequestRelay::goesOn(const std::shared_ptr<Leg> &leg, Moment moment)
{
    if (!leg->stopped && m_judge(leg->request, moment) == Verdict::Stop)
        leg->stopped = true;
    return !leg->stopped;
}

void RequestRelay::arrived(const std::shared_ptr<Leg> &leg)
{
    leg->buffer += leg->client->readAll();
    for (;;) {
        const qsizetype head = leg->buffer.indexOf(endOfHead);
        if (head < 0 || leg->stopped)
            return;
        const qsizetype length = head + endOfHead.size() + announcedLength(leg->buffer.left(head));
        if (leg->buffer.size() < length)
            return;
        const QByteArray whole = leg->buffer.left(length);
        leg->buffer.remove(0, length);
        const QList<QByteArray> words = whole.left(whole.indexOf('\r')).split(' ');
        leg->request
            = {++m_number, words.value(0), words.value(1), whole.mid(head + endOfHead.size())};
        if (!goesOn(leg, Moment::Arrived))
            return;
        leg->waiting = true;
        leg->server->write(whole);
    }
}

void RequestRelay::answered(const std::shared_ptr<Leg> &leg)
{
    const QByteArray bytes = leg->server->readAll();
    if (bytes.isEmpty() || leg->stopped)
        return;
    const bool begins = std::exchange(leg->waiting, false);
    if (begins && !goesOn(leg, Moment::Done))
        return;
    leg->client->write(bytes);
    if (begins) {
        leg->client->flush();
        (void)goesOn(leg, Moment::Answered);
    }
}

} // namespace pilothouse

#include "connectors/http/dial/line.h"

#include "connectors/http/origin.h"

namespace pilothouse {

Hop::Breakage breakageOf(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::HostNotFoundError:
    case QAbstractSocket::ProxyNotFoundError:
        return Hop::Breakage::HostNotFound;
    case QAbstractSocket::ConnectionRefusedError:
    case QAbstractSocket::NetworkError:
    case QAbstractSocket::SocketTimeoutError:
    case QAbstractSocket::ProxyConnectionRefusedError:
        return Hop::Breakage::NobodyThere;
    case QAbstractSocket::SslHandshakeFailedError:
    case QAbstractSocket::SslInternalError:
    case QAbstractSocket::SslInvalidUserDataError:
        return Hop::Breakage::Handshake;
    default:
        return Hop::Breakage::Closed;
    }
}

Line::Place Line::Place::of(const Hop::Order &order)
{
    return {order.url, order.tls, order.verifyName};
}

bool Line::Place::isSame(const Place &other) const
{
    return sameOrigin(url, other.url) && verifyName == other.verifyName && tls == other.tls;
}

Line::Line(Place place, const QNetworkProxy &proxy)
    : m_place(std::move(place)), m_dialer(m_place.url, proxy)
{
    connect(&m_dialer, &Dialer::connected, this, &Line::encrypt);
    connect(&m_dialer, &Dialer::failed, this,
            [this](QAbstractSocket::SocketError error, const QString &text) {
                broke(breakageOf(error), text);
            });
}

Line::~Line()
{
    if (!m_socket)
        return;
    // Possibly from within a signal of the socket.
    m_socket->disconnect();
    m_socket->abort();
    m_socket->deleteLater();
}

bool Line::isBroken() const
{
    return m_phase == Phase::Broken || (m_phase == Phase::Open && m_socket->bytesAvailable() > 0);
}

QSslSocket *Line::take()
{
    m_phase = Phase::Taken;
    m_socket->disconnect(this);
    return std::exchange(m_socket, nullptr);
}

void Line::giveBack(QSslSocket *socket)
{
    m_socket = socket;
    connect(m_socket, &QAbstractSocket::disconnected, this, &Line::closed);
    m_phase = m_socket->state() == QAbstractSocket::ConnectedState ? Phase::Open : Phase::Broken;
}

void Line::encrypt()
{
    m_socket = m_dialer.take();
    connect(m_socket, &QAbstractSocket::disconnected, this, &Line::closed);
    if (m_place.url.scheme() != QLatin1String("https"))
        return isReady();
    connect(m_socket, &QSslSocket::encrypted, this, &Line::isReady);
    connect(m_socket, &QSslSocket::sslErrors, this, [this](const QList<QSslError> &errors) {
        for (const QSslError &error : errors)
            m_tlsErrors.append(error.errorString());
    });
    m_socket->setSslConfiguration(m_place.tls);
    m_socket->setPeerVerifyName(m_place.verifyName.isEmpty() ? m_place.url.host()
                                                             : m_place.verifyName);
    m_socket->startClientEncryption();
}

void Line::isReady()
{
    m_phase = Phase::Open;
    Q_EMIT opened();
}

void Line::closed()
{
    const bool inHandshake = breakageOf(m_socket->error()) == Hop::Breakage::Handshake;
    broke(inHandshake ? Hop::Breakage::Handshake : Hop::Breakage::Closed, m_socket->errorString());
}

void Line::broke(Hop::Breakage breakage, const QString &text)
{
    if (m_phase == Phase::Broken)
        return;
    m_phase = Phase::Broken;
    Q_EMIT failed({breakage, text, m_tlsErrors});
}

} // namespace pilothouse

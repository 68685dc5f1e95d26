#include "connectors/http/dial/dialer.h"

#include "connectors/http/origin.h"

#include <QHostInfo>

#include <algorithm>
#include <utility>

namespace pilothouse {
namespace {

constexpr std::chrono::milliseconds apart{250};

QNetworkProxy proxyFor(const QUrl &url, const QNetworkProxy &given)
{
    if (given.type() != QNetworkProxy::DefaultProxy)
        return given;
    return QNetworkProxyFactory::proxyForQuery(QNetworkProxyQuery(url))
        .value(0, QNetworkProxy(QNetworkProxy::NoProxy));
}

QList<QHostAddress> inTurn(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> six;
    QList<QHostAddress> four;
    for (const QHostAddress &address : addresses)
        (address.protocol() == QAbstractSocket::IPv6Protocol ? six : four).append(address);
    QList<QHostAddress> result;
    for (qsizetype i = 0; i < std::max(six.size(), four.size()); ++i) {
        result += six.mid(i, 1);
        result += four.mid(i, 1);
    }
    return result;
}

} // namespace

Dialer::Dialer(const QUrl &url, const QNetworkProxy &proxy)
    : m_url(url), m_proxy(proxyFor(url, proxy))
{
    m_next.setSingleShot(true);
    m_next.setInterval(apart);
    connect(&m_next, &QTimer::timeout, this, &Dialer::dialNext);
    QMetaObject::invokeMethod(this, &Dialer::resolve, Qt::QueuedConnection);
}

Dialer::~Dialer()
{
    if (m_lookup >= 0)
        QHostInfo::abortHostLookup(m_lookup);
    for (QSslSocket *socket : m_dialing) {
        socket->disconnect();
        socket->abort();
        socket->deleteLater();
    }
    delete m_socket;
}

QSslSocket *Dialer::take()
{
    return std::exchange(m_socket, nullptr);
}

void Dialer::resolve()
{
    if (m_proxy.type() != QNetworkProxy::NoProxy) {
        auto *socket = new QSslSocket;
        socket->setProxy(m_proxy);
        dial(socket);
        socket->connectToHost(m_url.host(), portOf(m_url));
        return;
    }
    m_lookup = QHostInfo::lookupHost(m_url.host(), this, [this](const QHostInfo &info) {
        m_lookup = -1;
        m_addresses = inTurn(info.addresses());
        if (m_addresses.isEmpty())
            Q_EMIT failed(QAbstractSocket::HostNotFoundError, info.errorString());
        else
            dialNext();
    });
}

void Dialer::dialNext()
{
    if (m_addresses.isEmpty())
        return;
    const QHostAddress address = m_addresses.takeFirst();
    auto *socket = new QSslSocket;
    socket->setProxy(m_proxy);
    dial(socket);
    m_next.start();
    socket->connectToHost(address, portOf(m_url));
}

void Dialer::dial(QSslSocket *socket)
{
    m_dialing.push_back(socket);
    connect(socket, &QAbstractSocket::connected, this, [this, socket] {
        m_next.stop();
        m_addresses.clear();
        socket->disconnect(this);
        std::erase(m_dialing, socket);
        m_socket = socket;
        Q_EMIT connected();
    });
    connect(socket, &QAbstractSocket::errorOccurred, this, [this, socket] { lost(socket); });
}

void Dialer::lost(QSslSocket *socket)
{
    const QAbstractSocket::SocketError error = socket->error();
    const QString text = socket->errorString();
    socket->disconnect(this);
    socket->deleteLater();
    std::erase(m_dialing, socket);
    if (!m_addresses.isEmpty())
        dialNext();
    else if (m_dialing.empty())
        Q_EMIT failed(error, text);
}

} // namespace pilothouse

#pragma once

#include <QNetworkProxy>
#include <QPointer>
#include <QSslSocket>
#include <QTimer>
#include <QUrl>

#include <vector>

namespace pilothouse {

/// Connects to the host of a URL. Its addresses are tried a quarter of a second apart, IPv6 and
/// IPv4 in turn, and the first that answers is taken: one dead family does not hold up the rest.
/// Through a proxy the proxy does the finding. Deleting it ends the attempt.
class Dialer final : public QObject
{
    Q_OBJECT

public:
    /// A default proxy = as the application is set.
    Dialer(const QUrl &url, const QNetworkProxy &proxy);
    ~Dialer() override;

    /// The connected socket, once, for the caller to own.
    [[nodiscard]] QSslSocket *take();

Q_SIGNALS:
    void connected();
    void failed(QAbstractSocket::SocketError error, const QString &text);

private:
    void resolve();
    void dialNext();
    void dial(QSslSocket *socket);
    void lost(QSslSocket *socket);

    QUrl m_url;
    QNetworkProxy m_proxy;
    int m_lookup = -1;
    QList<QHostAddress> m_addresses; ///< still to be tried
    QTimer m_next;
    std::vector<QSslSocket *> m_dialing;
    QPointer<QSslSocket> m_socket; ///< the one that answered
};

} // namespace pilothouse

#pragma once

#include "connectors/http/dial/dialer.h"
#include "connectors/http/hop.h"

namespace pilothouse {

/// A connection to one place, from dialling to the end of the TLS handshake, before anything is
/// asked on it. Begins when made, signals from the event loop; deleting it ends it.
class Line final : public QObject
{
    Q_OBJECT

public:
    /// Where to, and how the other side is to be recognised.
    struct Place
    {
        QUrl url; ///< scheme, host and port count
        QSslConfiguration tls;
        QString verifyName; ///< empty = the URL's host

        [[nodiscard]] static Place of(const Hop::Order &order);
        /// What is open to one is open to the other.
        [[nodiscard]] bool isSame(const Place &other) const;
    };

    Line(Place place, const QNetworkProxy &proxy);
    ~Line() override;

    [[nodiscard]] const Place &place() const { return m_place; }
    [[nodiscard]] bool isOpen() const { return m_phase == Phase::Open; }
    /// It came to nothing, or the other side has closed it or said something unasked.
    [[nodiscard]] bool isBroken() const;
    /// The open connection, once, for the caller to own; it belongs to the thread of the Line.
    [[nodiscard]] QSslSocket *take();
    /// What was taken: nothing is under way on it any more. It is open again, or broken if the
    /// other side has closed it.
    void giveBack(QSslSocket *socket);

Q_SIGNALS:
    void opened();
    void failed(const pilothouse::Hop::End &end);

private:
    void encrypt();
    void isReady();
    void closed();
    void broke(Hop::Breakage breakage, const QString &text);

    Place m_place;
    Dialer m_dialer;
    QPointer<QSslSocket> m_socket;
    QStringList m_tlsErrors;
    enum class Phase { Opening, Open, Taken, Broken } m_phase = Phase::Opening;
};

/// How a connection broke, as its socket says.
[[nodiscard]] Hop::Breakage breakageOf(QAbstractSocket::SocketError error);

} // namespace pilothouse

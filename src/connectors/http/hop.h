#pragma once

#include "connectors/http/client.h"

#include <QSslConfiguration>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// One request to one place and its answer: no credential, no redirect, no repetition is decided
/// here. Begins when made, signals from the event loop, `finished` comes exactly once; deleting it
/// closes the connection.
class Hop : public QObject
{
    Q_OBJECT

public:
    /// Everything that goes out, and how the other side is to be recognised.
    struct Order
    {
        QByteArray method;
        QUrl url;
        HttpHeaders headers;
        QByteArray body;
        QSslConfiguration tls;
        QString verifyName; ///< empty = the URL's host
    };

    /// Why there is no complete answer.
    enum class Breakage {
        HostNotFound,
        NobodyThere, ///< refused, or no way there
        Handshake,   ///< no agreement on TLS, or a certificate that does not verify
        Closed,      ///< before the end of the answer
        Garbled,     ///< what came is not HTTP
    };

    struct End
    {
        std::optional<Breakage> breakage; ///< nullopt = the answer is complete
        QString text;
        QStringList tlsErrors; ///< why the certificate does not verify
    };

Q_SIGNALS:
    /// `headers` with names in lower case.
    void headArrived(int status, const pilothouse::HttpHeaders &headers);
    void bytesArrived(const QByteArray &bytes);
    /// Bytes went out.
    void progressed();
    void finished(const pilothouse::Hop::End &end);
};

} // namespace pilothouse

#pragma once

#include "base/clock.h"
#include "base/credentialsource.h"
#include "connectors/http/client.h"

#include <QString>

#include <memory>

namespace pilothouse {

/// How the other side is recognised and how this side shows itself.
struct TlsSettings
{
    enum class Verification {
        Full,
        None, ///< kubeconfig's insecure-skip-tls-verify
    };

    QByteArray caPem;                ///< empty = the machine's authorities
    QByteArray clientCertificatePem; ///< with its chain; empty = none
    Secret clientKeyPem;
    QString serverName; ///< name to verify and to ask for; empty = the URL's host
    Verification verification = Verification::Full;
};

/// HttpClient over the network, for one system with one credential.
///
/// The bearer token and a client certificate go to the scheme, host and port of `Settings::base`
/// and nowhere else, whatever a request, a redirect or a Link header says. A certificate that comes
/// with the credential takes the place of that of the settings. A redirect there is followed (at
/// most five times); one to another place comes back as the 3xx answer. A 401 drops the token and
/// is tried once more with a fresh one. GET and HEAD are tried again at most twice on a broken
/// connection, 502, 503 and 504; anything else is sent exactly once.
///
/// Reads share kept connections, at most six to a host. A stream has a connection of its own. So
/// has a write, that it waits behind nothing: the one that a read of Connection::OfWrites or
/// another write was just answered on, and a new one otherwise (Settings::provenFor). One is kept.
///
/// An answer that ends before its announced length is Unavailable, and so is a stream or a write
/// whose last chunk did not come. (Of a read in chunks only JSON is checked, by its end.) Silence
/// for HttpRequest::timeout is TimedOut, and so is an answer that is not complete after thirty
/// times that long. Streams have no such end, nor HttpRequest::maxBytes. A certificate that does
/// not verify is Refused.
///
/// Cancelling the future of send() aborts the request. Destroying the client cancels what is under
/// way. Credential and clock outlive it. GUI thread; the sockets have threads of their own.
class NetworkHttp final : public HttpClient
{
public:
    enum class PlainHttp {
        LoopbackOnly, ///< http beyond loopback is refused
        Allowed,      ///< `allow_http: true`; with a credential it is refused all the same
    };

    struct Settings
    {
        QString systemName; ///< "GitHub": the subject of the sentences in errors
        QUrl base;          ///< whose scheme, host and port the credential belongs to
        TlsSettings tls;
        PlainHttp plainHttp = PlainHttp::LoopbackOnly;
        QUrl proxy; ///< http or socks5; empty = the application's own setting
        QByteArray userAgent = "pilothouse";
        std::chrono::milliseconds backoff{250}; ///< before the first repetition; then doubled
        /// How long an answer proves to a write that its connection lives. There are servers that
        /// close one after five seconds of silence.
        std::chrono::milliseconds provenFor{1'000};
        std::chrono::milliseconds keptFor{10'000}; ///< the connection of writes, in silence
    };

    NetworkHttp(const Settings &settings, CredentialSource &credential, Clock &clock);
    ~NetworkHttp() override;

    [[nodiscard]] QFuture<Result<HttpResponse>> send(const HttpRequest &request) override;
    /// `ended` carries the Error of a status of 400 and more; then there was no `started`.
    [[nodiscard]] std::unique_ptr<HttpStream> stream(const HttpRequest &request) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace pilothouse

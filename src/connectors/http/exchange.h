#pragma once

#include "connectors/http/hop.h"
#include "connectors/http/networkhttp.h"
#include "connectors/http/transporterror.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace pilothouse {

/// What all requests of one client share.
struct HttpSetup
{
    NetworkHttp::Settings settings;
    Result<QSslConfiguration> tls;
    CredentialSource &credential;
    Clock &clock;
};

/// How to talk to the system itself when signed in like this.
[[nodiscard]] Result<QSslConfiguration> tlsFor(const HttpSetup &setup, const SignIn &signIn);

/// One request from its credential to the end of its answer, with redirects, the second try after a
/// 401 and repetitions on the way. Ends exactly once, then deletes itself.
class Exchange final : public QObject
{
    Q_OBJECT

public:
    enum class Delivery {
        Whole,    ///< the body is in response()
        Streamed, ///< the body comes bit by bit; no repetition once it has begun
    };
    using MakeHop = std::function<std::unique_ptr<Hop>(const Hop::Order &)>;

    /// `setup` and what `makeHop` needs outlive it.
    Exchange(const HttpSetup &setup, MakeHop makeHop, HttpRequest request, Delivery delivery,
             QObject *parent);

    /// Goes; nothing is signalled before the event loop runs again.
    void begin();
    /// Ends without a word.
    void abandon();

    [[nodiscard]] const HttpResponse &response() const { return m_response; }
    [[nodiscard]] const QString &systemName() const { return m_setup.settings.systemName; }

Q_SIGNALS:
    void started(int status, const pilothouse::HttpHeaders &headers);
    void bytesArrived(const QByteArray &bytes);
    void ended(const pilothouse::Result<void> &outcome);

private:
    void authorize();
    void anew(const Error &refusal);
    void isRefusedAgain();
    void dispatch();
    [[nodiscard]] Hop::Order order() const;
    void listen();
    void takeHead(int status, const HttpHeaders &headers);
    void takeBody(const QByteArray &bytes);
    void answered(const Hop::End &end);
    void refused();
    void broke(const Hop::End &end);
    void redirected(const QUrl &target);
    [[nodiscard]] bool repeatLater();
    [[nodiscard]] bool looksCut() const;
    [[nodiscard]] bool signsIn() const;
    [[nodiscard]] std::optional<Error> unsafe() const;
    void dropHop();
    void end(const Result<void> &outcome);

    const HttpSetup &m_setup;
    MakeHop m_makeHop;
    HttpRequest m_request;
    Delivery m_delivery;
    TransportErrors m_errors;
    std::unique_ptr<Hop> m_hop;
    QTimer m_silence;
    QTimer m_deadline;
    SignIn m_signIn;
    Result<QSslConfiguration> m_tls; ///< with the client certificate of m_signIn
    HttpResponse m_response;
    int m_redirects = 0;
    int m_repetitions = 0;
    std::optional<Error> m_refusal; ///< the first 401, or why it cannot be shown
    SignIn m_refusedSignIn;
    enum class ThrownAway { No, Yes } m_thrownAway = ThrownAway::No;
    enum class Phase { Open, Streaming, Ended } m_phase = Phase::Open;
};

} // namespace pilothouse

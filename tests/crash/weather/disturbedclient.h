#pragma once

#include "connectors/http/networkhttp.h"
#include "crash/weather/faultyserver.h"
#include "crash/weather/hurry.h"
#include "support/fakecredential.h"

#include <QStringList>

#include <functional>

namespace pilothouse {

/// What one pass came to.
struct PassResult
{
    QString failure; ///< empty = all was as it must be
    QStringList calls;
    int connections = 0;
    bool struck = false;
    QStringList outcomes; ///< of presses that did not do it at once: "promote: failed"
    /// How long its event loop stood still at most: the machine did something else.
    std::chrono::milliseconds stood{0};
};

/// Ends a pass with this failure unless it holds.
void demand(bool holds, const QString &what);

/// What `steps` end with; empty = they come to their end.
[[nodiscard]] QString brokenBy(const std::function<void()> &steps);

/// How a client signs in, where that is what goes wrong.
class Login
{
public:
    virtual ~Login() = default;
    [[nodiscard]] virtual CredentialSource &credential() = 0;
    /// The pass is about to do this.
    virtual void before(const QString &step) = 0;
    [[nodiscard]] virtual bool hasStruck() const = 0;
    /// Nothing goes wrong any more.
    [[nodiscard]] virtual bool isWell() const = 0;
};

/// A client of one system in a hurry, and the server that it talks to, which is disturbed once.
/// Everything lives in the thread of the pass.
class DisturbedClient final
{
public:
    struct Place
    {
        QString system; ///< "GitHub"
        QUrl upstream;  ///< the path of it is kept
        QByteArray token;
        std::chrono::milliseconds patience = HttpRequest{}.timeout; ///< of its requests, at most
        Login *login = nullptr;                                     ///< instead of the token
    };

    DisturbedClient(const Place &place, FaultyServer::Speaks speaks,
                    const Disturbance &disturbance);

    [[nodiscard]] FaultyServer &server() { return m_server; }
    /// A second server, which the first one sends on to: the same disturbance is meant for a call
    /// of either. Without TLS.
    FaultyServer &addSecond(const QUrl &upstream);
    /// The pass is about to do this.
    void before(const QString &step);
    /// Something went wrong, at whichever.
    [[nodiscard]] bool hasStruck() const;
    /// Nothing goes wrong any more, at either, nor in signing in.
    [[nodiscard]] bool isWell() const;
    [[nodiscard]] Clock &clock() { return m_clock; }
    [[nodiscard]] HttpClient &http() { return m_http; }
    /// Where the client finds the system.
    [[nodiscard]] QUrl url() const { return m_url; }

    /// What `steps` come to; `told` is all that there is to know if they fail, from a line of its
    /// own on.
    [[nodiscard]] PassResult run(const std::function<void()> &steps,
                                 const std::function<QString()> &told);

private:
    [[nodiscard]] NetworkHttp::Settings settings(const QString &system) const;

    Disturbance m_disturbance;
    int m_sooner; ///< how much sooner than life a request loses its patience
    std::chrono::milliseconds m_patience;
    FaultyServer m_server;
    std::unique_ptr<FaultyServer> m_second;
    QUrl m_url;
    HurriedClock m_clock;
    Login *m_login;
    FakeCredential m_credential;
    NetworkHttp m_network;
    HurriedHttp m_http;
};

} // namespace pilothouse

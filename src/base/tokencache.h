#pragma once

#include "base/clock.h"
#include "base/credentialsource.h"

#include <QFuture>
#include <QObject>
#include <QPromise>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pilothouse {

/// Keeps one token in memory until it expires by the wall clock, a minute early. While one is being
/// fetched, all who ask get the answer of that fetch. Failures are not kept.
class TokenCache
{
public:
    struct Token
    {
        Secret secret;
        QDateTime expiresAt; ///< UTC; invalid = until forget()
        std::optional<ClientIdentity> identity = std::nullopt;
    };
    using Fetch = std::function<QFuture<Result<Token>>()>;

    TokenCache(Clock &clock, Fetch fetch);

    [[nodiscard]] QFuture<Result<Secret>> token();
    [[nodiscard]] QFuture<Result<SignIn>> signIn();
    void forget();
    /// Of the token that is kept, UTC; invalid = none is, or it does not tell.
    [[nodiscard]] QDateTime expiresAt() const;

private:
    using Waiting = std::shared_ptr<QPromise<Result<SignIn>>>;

    void arrived(const Result<Token> &token);

    Clock &m_clock;
    Fetch m_fetch;
    std::optional<Token> m_token;
    std::vector<Waiting> m_waiting;
    QObject m_context;
};

} // namespace pilothouse

#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QFuture>

#include <optional>

namespace pilothouse {

/// A client certificate, with its chain, and its key.
struct ClientIdentity
{
    QByteArray certificatePem;
    Secret keyPem;

    bool operator==(const ClientIdentity &) const = default;
};

/// What a request shows: a bearer token or a password, a client certificate, both, or nothing.
struct SignIn
{
    Secret token;
    std::optional<ClientIdentity> identity;
    QString user = {}; ///< whose password the token is (HTTP Basic); empty = it is a bearer token

    [[nodiscard]] bool isEmpty() const { return token.isEmpty() && !identity; }
    bool operator==(const SignIn &) const = default;
};

/// Gives the bearer token of one account. Abstract so that tests need no login.
/// Tokens stay in memory; a new one is fetched after `forget()` (a 401) or when it expired by the
/// wall clock.
class CredentialSource
{
public:
    virtual ~CredentialSource() = default;

    /// The token, or SignedOut with the command that signs in. An empty Secret = none needed.
    [[nodiscard]] virtual QFuture<Result<Secret>> token() = 0;

    /// The token together with the client certificate, where the account has one of its own
    /// beside the system's settings; fails as `token()` does.
    [[nodiscard]] virtual QFuture<Result<SignIn>> signIn();

    /// Drops what is cached: the server refused it.
    virtual void forget() = 0;
};

/// For servers that ask for nothing.
class NoCredential final : public CredentialSource
{
public:
    [[nodiscard]] QFuture<Result<Secret>> token() override;
    void forget() override {}
};

} // namespace pilothouse

#pragma once

#include "base/result.h"
#include "base/secret.h"

#include <QFuture>

namespace pilothouse {

/// Gives the bearer token of one account. Abstract so that tests need no login.
/// Tokens stay in memory; a new one is fetched after `forget()` (a 401) or when it expired by the
/// wall clock.
class CredentialSource
{
public:
    virtual ~CredentialSource() = default;

    /// The token, or SignedOut with the command that signs in. An empty Secret = none needed.
    [[nodiscard]] virtual QFuture<Result<Secret>> token() = 0;

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

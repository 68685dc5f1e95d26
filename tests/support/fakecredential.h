#pragma once

#include "base/credentialsource.h"
#include "base/future.h"

#include <QList>

namespace pilothouse {

/// Gives the first of `tokens`; forget() goes to the next, the last one stays.
class FakeCredential final : public CredentialSource
{
public:
    explicit FakeCredential(const QList<QByteArray> &given = {}) : tokens(given) {}

    [[nodiscard]] QFuture<Result<Secret>> token() override
    {
        ++asked;
        if (error)
            return ready<Secret>(fail(*error));
        return ready<Secret>(tokens.isEmpty() ? Secret() : Secret(tokens.first()));
    }
    [[nodiscard]] QFuture<Result<SignIn>> signIn() override
    {
        return token().then([this](const Result<Secret> &token) -> Result<SignIn> {
            if (!token)
                return fail(token.error());
            return SignIn{*token, identities.isEmpty() ? std::optional<ClientIdentity>()
                                                       : identities.first()};
        });
    }
    void forget() override
    {
        ++forgotten;
        if (tokens.size() > 1)
            tokens.removeFirst();
        if (identities.size() > 1)
            identities.removeFirst();
    }

    QList<QByteArray> tokens;
    QList<ClientIdentity> identities; ///< likewise
    std::optional<Error> error;
    int asked = 0;
    int forgotten = 0;
};

} // namespace pilothouse

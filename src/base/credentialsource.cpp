#include "base/credentialsource.h"

#include "base/future.h"

namespace pilothouse {

QFuture<Result<SignIn>> CredentialSource::signIn()
{
    return token().then([](const Result<Secret> &token) -> Result<SignIn> {
        if (!token)
            return fail(token.error());
        return SignIn{*token, {}};
    });
}

QFuture<Result<Secret>> NoCredential::token()
{
    return ready<Secret>(Secret());
}

} // namespace pilothouse
